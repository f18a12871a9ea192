"""The demo's publications: what stood at 18:00 of each day, prepared by the organiser and approved by a verifier."""

from dataclasses import replace
from datetime import timedelta

from fairapp.accounts.permissions import PERMISSIONS, Role
from fairapp.core.data import clock
from fairapp.core.data.db import transaction
from fairapp.core.web.access import Actor
from fairapp.demo.venue import Venue
from fairapp.reports.publications.build import build_publication
from fairapp.reports.publications.labels import usual_labels
from fairapp.reports.publications.models import Publication
from fairapp.reports.publications.services import approve_publication, change_mailing, prepare_publication

AUTHORITIES = "statistics@fuzhou.demo.example"
CUT_OFF_HOUR = 18


class DemoPublications:
    """Publications as the days go by."""

    def __init__(self, venue: Venue) -> None:
        self.venue = venue
        self.preparer = replace(venue.organiser, permissions=PERMISSIONS[Role.ORGANISER])
        verifier = venue.people["verifier"]
        roles, permissions = frozenset({Role.VERIFIER}), PERMISSIONS[Role.VERIFIER]
        self.approver = Actor(verifier.name, verifier.id, venue.fair.id, roles, permissions)

    def set_mailing(self) -> None:
        """Set who is told of each publication, as the organiser does."""
        with transaction():
            change_mailing(
                actor=self.preparer, fair=self.venue.fair, addresses=AUTHORITIES, attaches=False, locale="zh_Hans"
            )

    def publish_day(self, day: int) -> None:
        """Cut off at 18:00 of a day of the fair, counted from 0; another person approves half an hour later."""
        fair = self.venue.fair
        moment = self.venue.days.moment(day, CUT_OFF_HOUR)
        with clock.frozen_at(moment):
            label = usual_labels(fair)
            built = build_publication(fair, label["label_zh"], label["label_en"], self.preparer.label)
            with transaction():
                prepared = prepare_publication(actor=self.preparer, fair=fair, built=built)
        with clock.frozen_at(moment + timedelta(minutes=30)), transaction() as session:
            waiting = session.get_one(Publication, (fair.id, prepared.id))
            approve_publication(actor=self.approver, fair=fair, publication=waiting)
