"""Changes to the fair itself."""

from dataclasses import asdict
from datetime import date
from typing import Any

from fairapp.accounts import services as accounts
from fairapp.accounts.permissions import Role
from fairapp.audit import services as audit
from fairapp.audit.catalogue import Event
from fairapp.core.data.db import db, translate_integrity_errors
from fairapp.core.errors import DomainError
from fairapp.core.text.i18n import _
from fairapp.core.web.access import Actor
from fairapp.fairs import queries, rules
from fairapp.fairs.audit_events import changed_columns, describe_changes
from fairapp.fairs.checks import check_fair
from fairapp.fairs.events import FairTimesChanged
from fairapp.fairs.models import (
    Fair,
    PrivacyNotice,
    VisitorCategory,
)
from fairapp.fairs.states.checks import check_dates, require_open
from fairapp.fairs.states.enums import FairAct
from fairapp.fairs.venue.rules import DEFAULT_CATEGORIES

TIMES = {"starts_on", "ends_on", "opens_at_local", "closes_at_local", "time_zone"}
NOTICE_COLUMNS = {"privacy_notice_zh", "privacy_notice_en"}  # the trail names their version, which is kept


def create_fair(
    *, actor: Actor, code: str, name_zh: str, name_en: str, starts_on: date, ends_on: date, **details: Any
) -> Fair:
    """Store a fair with its visitor categories and privacy notice; a person who creates it becomes its organiser.

    `details` are further columns of Fair. DomainError at the field for a code that is taken or no code,
    days in the wrong order or more than 31, a time zone or currency that does not exist.
    """
    fair = Fair(code=code, name_zh=name_zh, name_en=name_en, starts_on=starts_on, ends_on=ends_on, **details)
    if not rules.is_fair_code(code):
        raise DomainError("bad_code", _("Use 3 to 40 lower-case letters, digits and hyphens."), field="code")
    fair.time_zone = fair.time_zone or "Asia/Shanghai"
    fair.reporting_currency = fair.reporting_currency or "USD"
    fair.retention_days = fair.retention_days or 365
    check_fair(fair)
    check_dates(fair)
    fair.privacy_notice_zh = fair.privacy_notice_zh or rules.PRIVACY_NOTICE_ZH.replace("{name}", fair.name_zh)
    fair.privacy_notice_en = fair.privacy_notice_en or rules.PRIVACY_NOTICE_EN.replace("{name}", fair.name_en)
    taken = DomainError("code_taken", _("Another fair has this code. Choose a different one."), field="code")
    with translate_integrity_errors({"uq_fairs_code": taken}):
        db.session.add(fair)
    _store_notice(fair)
    for position, category in enumerate(DEFAULT_CATEGORIES):
        db.session.add(VisitorCategory(fair_id=fair.id, position=position, **asdict(category)))
    db.session.flush()
    audit.record(Event.FAIR_CREATED, actor=actor, fair_id=fair.id, subject=fair, code=code)
    if actor.user_id is not None:
        accounts.grant_role(actor=actor, fair=fair, user_id=actor.user_id, role=Role.ORGANISER, makes_fair=True)
    return fair


def _store_notice(fair: Fair) -> None:
    """Store the text that people agree to from now on: it can be read again whatever the settings say later."""
    db.session.add(
        PrivacyNotice(
            fair_id=fair.id,
            version=fair.privacy_notice_version,
            text_zh=fair.notice_zh,
            text_en=fair.notice_en,
            retention_days=fair.retention_days,
        )
    )


def _notice_changed() -> DomainError:
    message = _("Somebody else changed the privacy notice at this moment. Load the page again.")
    return DomainError("changed_meanwhile", message)


def change_fair(*, actor: Actor, fair: Fair, **changes: Any) -> Fair:
    """Change columns of a fair; its code stays. A new privacy notice gets a new version. DomainError as in create_fair."""
    require_open(fair, FairAct.CHANGE_SETTINGS)
    changed = changed_columns(fair, changes)
    detail = describe_changes(fair, sorted(set(changed) - NOTICE_COLUMNS), changes)
    if "previous_fair_id" in changed:
        _check_previous_edition(actor, fair, changes["previous_fair_id"])
    for name in changed:
        setattr(fair, name, changes[name])
    check_fair(fair)
    check_dates(fair)
    with translate_integrity_errors({"uq_privacy_notices_version": _notice_changed()}):
        if {*NOTICE_COLUMNS, "retention_days"} & set(changed):
            version = fair.privacy_notice_version + 1
            detail |= describe_changes(fair, ["privacy_notice_version"], {"privacy_notice_version": version})
            fair.privacy_notice_version = version
            _store_notice(fair)
    if changed:
        audit.record(Event.FAIR_CHANGED, actor=actor, fair_id=fair.id, subject=fair, **detail)
    if TIMES & set(changed):
        audit.record(FairTimesChanged(fair, actor), actor=actor, fair_id=fair.id, subject=fair)
    return fair


def _check_previous_edition(actor: Actor, fair: Fair, previous_id: int | None) -> None:
    """Refuse an edition in which the person has no role: its sums are shown in this fair."""
    if previous_id is not None and previous_id not in {edition.id for edition in queries.earlier_editions(actor, fair)}:
        raise DomainError(
            "not_an_earlier_edition",
            _("Choose a fair that ended before this one begins."),
            field="previous_fair_id",
        )
