"""The demo's publications: what stood at 18:00 of each day, prepared by the organiser and approved by a verifier."""

from dataclasses import replace
from datetime import datetime, timedelta

from fairapp.accounts.permissions import PERMISSIONS, Role
from fairapp.core.data import clock
from fairapp.core.data.db import transaction
from fairapp.core.web.access import Actor
from fairapp.demo.venue import FIRST_DAY, Ground
from fairapp.reports.publications.build import draw_up
from fairapp.reports.publications.labels import usual_labels
from fairapp.reports.publications.services import approve_publication, change_mailing, prepare_publication

AUTHORITIES = "statistics@fuzhou.demo.example"
CUT_OFF_HOUR = 18


class Publications:
    """Publishes as the days go by."""

    def __init__(self, ground: Ground) -> None:
        self.ground = ground
        self.preparer = replace(ground.organiser, permissions=PERMISSIONS[Role.ORGANISER])
        verifier = ground.people["verifier"]
        roles, permissions = frozenset({Role.VERIFIER}), PERMISSIONS[Role.VERIFIER]
        self.approver = Actor(verifier.name, verifier.id, ground.fair.id, roles, permissions)

    def address(self) -> None:
        """The organiser writes down who is told of each publication."""
        with transaction():
            change_mailing(
                actor=self.preparer, fair=self.ground.fair, addresses=AUTHORITIES, attaches=False, locale="zh_Hans"
            )

    def publish(self, day: int) -> None:
        """Cut off at 18:00 of a day of the fair, counted from 0; another person approves half an hour later."""
        fair = self.ground.fair
        local = datetime(FIRST_DAY.year, FIRST_DAY.month, FIRST_DAY.day + day, CUT_OFF_HOUR)
        moment = clock.from_zone(local, fair.time_zone)
        with clock.frozen_at(moment):
            label = usual_labels(fair)
            drawn = draw_up(fair, label["label_zh"], label["label_en"])
            with transaction():
                prepared = prepare_publication(actor=self.preparer, fair=fair, drawn=drawn)
        with clock.frozen_at(moment + timedelta(minutes=30)), transaction() as session:
            approve_publication(actor=self.approver, fair=fair, publication=session.merge(prepared))
