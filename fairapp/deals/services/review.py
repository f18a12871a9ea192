"""The desk reviews a deal: screens, holds, releases, voids or verifies it."""

from uuid import UUID

from fairapp.audit import services as audit
from fairapp.audit.catalogue import Event
from fairapp.core.data import clock
from fairapp.core.data.db import db
from fairapp.core.errors import DomainError
from fairapp.core.text.i18n import _
from fairapp.core.web.access import Actor
from fairapp.deals import rules
from fairapp.deals.enums import Hold, Method, Party
from fairapp.deals.evidence.queries import list_evidence
from fairapp.deals.labels.reasons import REFUSAL_REASONS, VOID_REASONS
from fairapp.deals.ledger.append import EntryContext, OpenLedger, Snapshot, append_entry, lock_deal, replayed
from fairapp.deals.models import Deal
from fairapp.deals.notify import notify_declarant
from fairapp.deals.queries.records import people_involved
from fairapp.deals.related_deals import recount_followers
from fairapp.deals.rules import ENTRY_OF, Act, status_after
from fairapp.fairs.models import Fair


def screen_deal(
    *, actor: Actor, deal: Deal, passed: bool = True, note: str = "", client_id: UUID | None = None
) -> Deal:
    """Look a deal over: it makes sense, or it goes back to the declarant with a note."""
    act = Act.SCREEN if passed else Act.RETURN
    ledger, before = lock_deal(deal)
    if stored := replayed(deal.fair_id, client_id, actor, ENTRY_OF[act][0]):
        return stored
    status_after(deal.status, act, deal.held)
    deal.screened_at, deal.screened_by_id = clock.now(), actor.user_id
    deal.returned_at = None if passed else clock.now()
    _append(ledger, actor, deal, act, before, client_id=client_id, note=note)
    if not passed:
        notify_declarant(deal, note=note)
    audit.record(Event.DEAL_SCREENED, actor=actor, fair_id=deal.fair_id, subject=deal, passed=passed)
    return deal


def hold_deal(
    *, actor: Actor, deal: Deal, note: str = "", reason: str = Hold.DESK, client_id: UUID | None = None
) -> Deal:
    """Take a deal out of every total until it is released; it stays visible."""
    ledger, before = lock_deal(deal)
    if stored := replayed(deal.fair_id, client_id, actor, ENTRY_OF[Act.HOLD][0]):
        return stored
    status_after(deal.status, Act.HOLD, deal.held)
    deal.held = str(reason)
    _append(ledger, actor, deal, Act.HOLD, before, client_id=client_id, reason=reason, note=note)
    audit.record(Event.DEAL_HELD, actor=actor, fair_id=deal.fair_id, subject=deal, reason=str(reason))
    return deal


def release_deal(*, actor: Actor, deal: Deal, note: str, client_id: UUID | None = None) -> Deal:
    """Let a held deal count again; the note says why it is right. DomainError note_needed."""
    ledger, before = lock_deal(deal)
    if stored := replayed(deal.fair_id, client_id, actor, ENTRY_OF[Act.RELEASE][0]):
        return stored
    status_after(deal.status, Act.RELEASE, deal.held)
    _need_note(note)
    reason, deal.held = deal.held, None
    _append(ledger, actor, deal, Act.RELEASE, before, client_id=client_id, reason=reason, note=note)
    audit.record(Event.DEAL_RELEASED, actor=actor, fair_id=deal.fair_id, subject=deal, reason=reason)
    return deal


def void_deal(*, actor: Actor, deal: Deal, reason: str, note: str = "", client_id: UUID | None = None) -> Deal:
    """Take a deal out for good; its entries stay. `reason` is one of VOID_REASONS."""
    ledger, before = lock_deal(deal)
    if stored := replayed(deal.fair_id, client_id, actor, ENTRY_OF[Act.VOID][0]):
        return stored
    if reason not in VOID_REASONS:
        raise DomainError("unknown_reason", _("Choose one."), field="reason", status=422)
    deal.status = str(status_after(deal.status, Act.VOID, deal.held))
    deal.held = None
    _append(ledger, actor, deal, Act.VOID, before, client_id=client_id, reason=reason, note=note)
    recount_followers(ledger, actor, deal)
    audit.record(Event.DEAL_VOIDED, actor=actor, fair_id=deal.fair_id, subject=deal, reason=reason)
    return deal


def verify_deal(*, actor: Actor, deal: Deal, grade: str, note: str = "", client_id: UUID | None = None) -> Deal:
    """Say that the evidence proves the deal (grade A to C).

    Above the fair's limit the first of two verifiers leaves it confirmed. DomainError own_deal, same_verifier,
    no_evidence, one_person_saw, grade_too_low, deal_state.
    """
    ledger, before = lock_deal(deal)
    if stored := replayed(deal.fair_id, client_id, actor, ENTRY_OF[Act.VERIFY][0]):
        return stored
    limit = db.session.get_one(Fair, deal.fair_id).second_verifier_above_minor
    is_first_of_two = rules.needs_second_verifier(deal.usd_minor, limit) and deal.first_verifier_id is None
    act = Act.VERIFY_FIRST if is_first_of_two else Act.VERIFY
    status = status_after(deal.status, act, deal.held)
    proofs = list_evidence(deal)
    rules.check_verifier(
        actor.user_id,
        touched=people_involved(deal),
        first=deal.first_verifier_id,
        grade=grade,
        files=sum(proof.file_id is not None for proof in proofs),
        seen_by={proof.added_by_id for proof in proofs if proof.file_id is None and proof.added_by_id},
    )
    deal.status, deal.evidence_grade, deal.returned_at = str(status), grade, None
    if is_first_of_two:
        deal.first_verifier_id = actor.user_id
    else:
        deal.verified_at, deal.verified_by_id = clock.now(), actor.user_id
    _append(ledger, actor, deal, act, before, client_id=client_id, note=note, party=Party.VERIFIER)
    detail = {"grade": grade, "first_of_two": is_first_of_two}
    audit.record(Event.DEAL_VERIFIED, actor=actor, fair_id=deal.fair_id, subject=deal, **detail)
    return deal


def refuse_verification(
    *, actor: Actor, deal: Deal, reason: str, note: str = "", client_id: UUID | None = None
) -> Deal:
    """Say that the evidence does not prove the deal, or take a verification back.

    It stays, or is again, confirmed, and its declarant gets the reason and the note. DomainError unknown_reason,
    own_deal, deal_state.
    """
    ledger, before = lock_deal(deal)
    if stored := replayed(deal.fair_id, client_id, actor, ENTRY_OF[Act.REFUSE][0]):
        return stored
    if reason not in REFUSAL_REASONS:
        raise DomainError("unknown_reason", _("Choose one."), field="reason", status=422)
    status = status_after(deal.status, Act.REFUSE, deal.held)
    if actor.user_id in people_involved(deal):
        raise DomainError("own_deal", _("Someone who neither entered nor screened this deal must verify it."))
    deal.status, deal.evidence_grade = str(status), None
    deal.verified_at = deal.verified_by_id = deal.first_verifier_id = None
    deal.returned_at = clock.now()
    _append(
        ledger, actor, deal, Act.REFUSE, before, client_id=client_id, reason=reason, note=note, party=Party.VERIFIER
    )
    notify_declarant(deal, reason=reason, note=note)
    audit.record(Event.DEAL_VERIFIED, actor=actor, fair_id=deal.fair_id, subject=deal, refused=reason)
    return deal


def _append(
    ledger: OpenLedger,
    actor: Actor,
    deal: Deal,
    act: Act,
    before: Snapshot,
    *,
    client_id: UUID | None,
    reason: str | None = None,
    note: str = "",
    party: str = Party.ORGANISER,
) -> None:
    method = Method.PROGRAM if actor.user_id is None else Method.DESK
    append_entry(ledger, deal, act, before, EntryContext(actor, party, method, client_id, reason, note))


def _need_note(note: str) -> None:
    if not note.strip():
        raise DomainError("note_needed", _("Say why: the note stays with the deal."), field="note", status=422)
