"""Paper slips: print numbers, hand them out, enter each once, cross out the spoiled."""

from typing import Any
from uuid import UUID

from sqlalchemy import func, select

from fairapp.audit import services as audit
from fairapp.audit.catalogue import Event
from fairapp.core.data import clock
from fairapp.core.data.db import db, translate_integrity_errors
from fairapp.core.errors import DomainError
from fairapp.core.text.i18n import _
from fairapp.core.web.access import Actor
from fairapp.deals.draft import Draft
from fairapp.deals.enums import Method, Verb
from fairapp.deals.ledger.append import lock_ledger, replayed
from fairapp.deals.models import Deal
from fairapp.deals.parties.queries import approved_exhibitor
from fairapp.deals.services.declare import ListRow, declare_deal
from fairapp.deals.slips.models import DealSlip
from fairapp.deals.slips.queries import slip_by_number, usable_slip
from fairapp.deals.slips.rules import MAX_NUMBER, NumberRange
from fairapp.fairs.models import Fair
from fairapp.fairs.states.checks import require_open
from fairapp.fairs.states.enums import FairAct

MAX_AT_ONCE = 200


def print_slips(*, actor: Actor, fair: Fair, count: int) -> NumberRange:
    """Make new numbers for so many slips, after the last one printed. DomainError bad_count, printed_meanwhile, deals_closed."""
    require_open(fair, FairAct.PRINT_SLIPS)
    last = db.session.scalar(select(func.max(DealSlip.number)).where(DealSlip.fair_id == fair.id)) or 0
    if not 0 < count <= MAX_AT_ONCE or last + count > MAX_NUMBER:
        message = _("Print 1 to %(most)s slips at a time.", most=MAX_AT_ONCE)
        raise DomainError("bad_count", message, field="count", status=422)
    made = NumberRange(last + 1, last + count)
    moment = clock.now()
    meanwhile = DomainError("printed_meanwhile", _("Somebody printed slips at this moment. Try again."))
    with translate_integrity_errors({"uq_deal_slips_number": meanwhile}):
        db.session.add_all(
            DealSlip(fair_id=fair.id, number=number, printed_at=moment, printed_by_id=actor.user_id)
            for number in range(made.first, made.last + 1)
        )
    audit.record(Event.SLIPS_PRINTED, actor=actor, fair_id=fair.id, subject=fair, first=made.first, last=made.last)
    return made


def hand_out_slips(
    *, actor: Actor, fair: Fair, numbers: NumberRange, holder: str = "", exhibitor_id: UUID | None = None
) -> list[DealSlip]:
    """Note who has these slips now; slips may go from hand to hand.

    DomainError deals_closed, unknown_slip, slip_used, slip_spoiled, holder_needed, unknown_party.
    """
    require_open(fair, FairAct.PRINT_SLIPS)
    exhibitor = approved_exhibitor(fair.id, exhibitor_id) if exhibitor_id else None
    if exhibitor_id and exhibitor is None:
        raise DomainError("unknown_party", _("There is no such exhibitor."), field="exhibitor", status=422)
    holder = exhibitor.name_zh or exhibitor.name_en if exhibitor else holder.strip()
    if not holder:
        raise DomainError("holder_needed", _("Say who gets them."), field="holder", status=422)
    slips = [usable_slip(fair.id, number, "last") for number in range(numbers.first, numbers.last + 1)]
    moment = clock.now()
    for slip in slips:
        slip.handed_at, slip.handed_by_id = moment, actor.user_id
        slip.handed_to, slip.exhibitor_id = holder[:200], exhibitor.id if exhibitor else None
    db.session.flush()
    audit.record(
        Event.SLIPS_HANDED_OUT,
        actor=actor,
        fair_id=fair.id,
        subject=fair,
        first=numbers.first,
        last=numbers.last,
        exhibitor=str(exhibitor.id) if exhibitor else None,
    )
    return slips


def enter_slip(
    *,
    actor: Actor,
    fair: Fair,
    number: int,
    draft: Draft,
    method: str = Method.DESK,
    client_id: UUID | None = None,
    separate: bool = False,
    row: ListRow | None = None,
) -> Deal:
    """Declare the deal that a slip says, and note that the slip stands for it; a replay of `client_id` gives that deal.

    After closing it is late. DomainError: what `usable_slip` and `declare_deal` refuse.
    """
    lock_ledger(fair.id)  # no two enter one slip
    if stored := replayed(fair.id, client_id, actor, Verb.DECLARE):
        return stored
    slip = usable_slip(fair.id, number)
    how: dict[str, Any] = {"method": method, "client_id": client_id, "separate": separate, "row": row}
    deal = declare_deal(actor=actor, fair=fair, draft=draft, from_slip=True, **how)
    slip.deal_id, slip.entered_at, slip.entered_by_id = deal.id, clock.now(), actor.user_id
    db.session.flush()
    return deal


def spoil_slip(*, actor: Actor, fair: Fair, number: int, reason: str) -> DealSlip:
    """Cross a slip out: it was torn, misprinted, filled in wrongly. DomainError reason_needed and `usable_slip`'s."""
    if not reason.strip():
        raise DomainError("reason_needed", _("Say why it is crossed out."), field="reason", status=422)
    slip = usable_slip(fair.id, number)
    slip.spoiled_at, slip.spoiled_by_id, slip.spoiled_reason = clock.now(), actor.user_id, reason.strip()[:200]
    db.session.flush()
    audit.record(Event.SLIP_SPOILED, actor=actor, fair_id=fair.id, subject=slip, number=number)
    return slip


def restore_slip(*, actor: Actor, fair: Fair, number: int) -> DealSlip:
    """Take back that a slip was crossed out. DomainError unknown_slip, slip_used."""
    slip = slip_by_number(fair.id, number)
    if slip is None or slip.spoiled_at is None:
        raise DomainError("unknown_slip", _("This slip is not crossed out."), field="slip", status=422)
    slip.spoiled_at = slip.spoiled_by_id = None
    slip.spoiled_reason = ""
    db.session.flush()
    audit.record(Event.SLIP_RESTORED, actor=actor, fair_id=fair.id, subject=slip, number=number)
    return slip
