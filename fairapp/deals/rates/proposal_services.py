"""Rates that people say: one prepares, another releases or refuses; deals react to `RateChanged`."""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from fairapp.accounts.permissions import Permission
from fairapp.audit import services as audit
from fairapp.audit.catalogue import Event
from fairapp.core.data import clock
from fairapp.core.data.db import db, translate_integrity_errors
from fairapp.core.errors import DomainError
from fairapp.core.text.i18n import _
from fairapp.core.web.access import Actor
from fairapp.deals import rules as deal_rules
from fairapp.deals.ledger.append import lock_ledger
from fairapp.deals.ledger.chain import clean_text
from fairapp.deals.ledger.verification import ledger_head
from fairapp.deals.rates import ecb, rules
from fairapp.deals.rates.enums import Oddity, ProposalEnd, Quotation, RateOrigin
from fairapp.deals.rates.events import RateChanged
from fairapp.deals.rates.labels import oddity_text
from fairapp.deals.rates.models import FxRate, FxSet, RateDecision, RateProposal
from fairapp.deals.rates.queries import (
    ProposedRate,
    RateEffect,
    dollar_in_yuan,
    effect_since,
    list_proposals,
    list_rates,
    open_proposal,
    proposal_by_id,
    rate_by_day,
    references_of,
)
from fairapp.deals.rates.services import lock_rates
from fairapp.deals.totals.queries import deal_totals
from fairapp.fairs.models import Fair, RatePolicy

ANYBODY = UUID(int=0)


def prepare_rate(
    *,
    actor: Actor,
    fair: Fair,
    currency: str,
    quotation: str,
    stated: Decimal,
    source: str,
    replaces_id: UUID | None = None,
    valid_on: date | None = None,
    observed_on: date | None = None,
    cny_stated: Decimal | None = None,
    reason: str = "",
) -> RateProposal:
    """Prepare a rate for another person to release: nothing is converted until then.

    `stated` is units for 100 USD or USD for 100 units, `cny_stated` CNY for 100 units; `replaces_id` is the rate in
    force that the person saw (None: there was none), `valid_on` the signing day where each has its own. DomainError
    not_a_person, may_not_prepare, unknown_currency, bad_rate, bad_quotation, source_needed, source_is_the_ecb,
    outside_fair, bad_day, rate_replaced, proposal_open, same_rate, reason_needed.
    """
    _check_preparer(actor)
    _check_currency(fair, currency)
    rules.check_stated(quotation, stated)
    rules.check_source(source)
    lock_ledger(fair.id)
    rate_set = lock_rates(actor=actor, fair=fair)
    day = _day_of(rate_set, fair, currency, valid_on)
    rules.check_observed(observed_on or day, day)
    values = {
        "currency": currency,
        "valid_on": day,
        "observed_on": observed_on or day,
        "quotation": str(quotation),
        "stated": rules.rate_text(stated),
        "cny_stated": rules.rate_text(cny_stated) if cny_stated is not None and currency != "CNY" else None,
        "source": clean_text(source),
        "reason": clean_text(reason, 300),
        "replaces_id": _replaced_by(fair, currency, day, replaces_id),
    }
    return _store_proposal(actor, rate_set, values | _judged(fair, values))


def _check_preparer(actor: Actor) -> None:
    rules.check_person(actor.user_id)
    if not actor.may(Permission.MANAGE_DEALS):
        raise DomainError("may_not_prepare", _("This person may not prepare rates."), status=403)


def _check_currency(fair: Fair, currency: str) -> None:
    deal_rules.check_currency(currency, fair.starts_on, fair.ends_on)
    if currency == "USD":
        raise DomainError("bad_rate", _("One US dollar is one US dollar."), field="rate", status=422)


def _day_of(rate_set: FxSet, fair: Fair, currency: str, valid_on: date | None) -> date:
    """The day the rate is for: the opening day for all, or a signing day that has come."""
    if rate_set.policy == RatePolicy.OPENING_DAY or valid_on is None:
        return rate_set.fixed_on
    if rate_by_day(fair.id, currency, valid_on) is None:
        today = clock.day_in_zone(clock.now(), fair.time_zone)
        deal_rules.check_signing_day(valid_on, fair.starts_on, fair.ends_on, today)
    return valid_on


def _replaced_by(fair: Fair, currency: str, day: date, seen: UUID | None) -> UUID | None:
    """The rate in force that the proposal would replace: the one the person saw, and no other proposal waits."""
    in_force = rate_by_day(fair.id, currency, day)
    if (in_force.id if in_force else None) != seen:
        raise DomainError("rate_replaced", _("Somebody changed this rate meanwhile. Look at it again."))
    waiting = open_proposal(fair.id, currency, day)
    if waiting is not None:
        message = _(
            "A rate of %(currency)s that %(name)s prepared waits already.", currency=currency, name=waiting.prepared_by
        )
        raise DomainError("proposal_open", message)
    return seen


def _judged(fair: Fair, values: dict[str, Any]) -> dict[str, Any]:
    """The rate for one unit and what looks odd about it; DomainError same_rate, reason_needed."""
    currency, day, stated = values["currency"], values["valid_on"], Decimal(values["stated"])
    usd = rules.usd_of(values["quotation"], stated)
    yuan = Decimal(values["cny_stated"]) if values["cny_stated"] else None
    cny = rules.cny_of(currency, usd, yuan, _dollar(fair, day))
    findings = rules.list_oddities(
        currency,
        values["quotation"],
        usd,
        cny,
        references=references_of(fair.id, currency, day),
        dollar_in_yuan=dollar_in_yuan(fair.id, currency, day),
    )
    in_force = rate_by_day(fair.id, currency, day)
    texts = (rules.rate_text(usd), rules.rate_text(cny) if cny else None)
    if in_force is not None and (in_force.usd, in_force.cny) == texts:
        raise DomainError("same_rate", _("This is the rate as it stands."), field="rate", status=422)
    if not values["reason"] and (in_force is not None or rules.needs_reason(findings)):
        raise _reason_needed(findings, currency)
    unseen = any(finding.oddity == Oddity.NO_REFERENCE for finding in findings)
    odd = [finding.as_json() for finding in findings]
    return {"usd": texts[0], "cny": texts[1], "oddities": odd, "typed_unseen": unseen}


def _reason_needed(findings: list[rules.Finding], currency: str) -> DomainError:
    message = _("Say why: it stays with the rate.")
    if rules.needs_reason(findings):
        looks = " ".join(oddity_text(finding.as_json(), currency) for finding in findings)
        message = _("Look at the number and its direction again. %(looks)s If it is right, say why.", looks=looks)
    return DomainError("reason_needed", message, field="reason", status=422)


def _dollar(fair: Fair, day: date) -> Decimal | None:
    dollar = rate_by_day(fair.id, "USD", day)
    return Decimal(dollar.cny) if dollar is not None and dollar.cny else None


def _store_proposal(actor: Actor, rate_set: FxSet, values: dict[str, Any]) -> RateProposal:
    number = max((proposed.proposal.number for proposed in list_proposals(rate_set.fair_id)), default=0) + 1
    proposal = RateProposal(
        fair_id=rate_set.fair_id,
        set_id=rate_set.id,
        number=number,
        prepared_by_id=actor.user_id,
        prepared_by=actor.label,
        prepared_at=clock.now(),
        **values,
    )
    db.session.add(proposal)
    db.session.flush()
    detail = {"number": number, "currency": proposal.currency, "day": proposal.valid_on.isoformat()}
    if not proposal.typed_unseen:  # whoever types it unseen may read the trail
        detail["rate"] = proposal.usd
    audit.record(Event.RATE_PREPARED, actor=actor, fair_id=rate_set.fair_id, subject=proposal, **detail)
    return proposal


def preview_release(*, actor: Actor, fair: Fair, proposal_id: UUID, typed: Decimal | None = None) -> RateEffect | None:
    """Return what releasing a proposal would do, worked out by doing it and taking it back.

    A rate that must be typed unseen is shown to nobody but its preparer before `typed` equals it; another rate ends the
    proposal, and None is returned. DomainError as `release_rate`.
    """
    lock_ledger(fair.id)
    proposal = _open_proposal(actor, fair, proposal_id)
    if proposal.prepared_by_id != actor.user_id and not _typed_the_same(actor, proposal, typed):
        return None
    anybody = replace(actor, user_id=ANYBODY)  # whoever prepared it may look at what another person's release does
    trial = db.session.begin_nested()
    try:
        decision = _decide(anybody, proposal, ProposalEnd.RELEASED)
        _rate, effect = _put_in_force(anybody, fair, proposal, decision)
    finally:
        trial.rollback()
    return effect


def release_rate(
    *, actor: Actor, fair: Fair, proposal_id: UUID, effect: str, typed: Decimal | None = None
) -> FxRate | None:
    """Put a prepared rate in force: each deal it prices gets an entry; what was published stays.

    `effect` is the digest of the effect the person saw; `typed` the rate typed unseen where that is asked for: another
    rate ends the proposal, and None is returned. DomainError may_not_release, not_a_person, same_person, no_proposal,
    decided_already, rate_replaced, rate_unread, effect_changed.
    """
    lock_ledger(fair.id)
    proposal = _open_proposal(actor, fair, proposal_id)
    rules.check_second_person(proposal.prepared_by_id, actor.user_id)
    if not _typed_the_same(actor, proposal, typed):
        return None
    decision = _decide(actor, proposal, ProposalEnd.RELEASED, typed=typed)
    rate, done = _put_in_force(actor, fair, proposal, decision)
    if done.digest != effect:
        raise DomainError("effect_changed", _("The deals have changed since this page was made. Look at it again."))
    detail = {"number": proposal.number, "currency": rate.currency, "rate": rate.usd, "deals": done.deals}
    audit.record(Event.RATE_RELEASED, actor=actor, fair_id=fair.id, subject=rate, **detail)
    return rate


def _open_proposal(actor: Actor, fair: Fair, proposal_id: UUID) -> RateProposal:
    """The proposal, which this person may decide and nobody has decided; what it would replace is in force still."""
    if not actor.may(Permission.RELEASE_RATES):
        raise DomainError("may_not_release", _("This person may not release rates."), status=403)
    proposed: ProposedRate | None = proposal_by_id(fair.id, proposal_id)
    if proposed is None:
        raise DomainError("no_proposal", _("There is no such proposal."), status=404)
    rules.check_open(proposed.decision.ended if proposed.decision else None)
    proposal = proposed.proposal
    in_force = rate_by_day(fair.id, proposal.currency, proposal.valid_on)
    if (in_force.id if in_force else None) != proposal.replaces_id:
        raise DomainError("rate_replaced", _("Somebody changed this rate meanwhile. Look at it again."))
    return proposal


def _typed_the_same(actor: Actor, proposal: RateProposal, typed: Decimal | None) -> bool:
    """Whether the rate was typed as it was prepared, where that is asked for; another one ends the proposal."""
    if not proposal.typed_unseen:
        return True
    if typed is None:
        raise DomainError(
            "rate_unread", _("Type the rate from the source, without looking at the other's."), field="rate"
        )
    if typed == Decimal(proposal.stated):
        return True
    rules.check_second_person(proposal.prepared_by_id, actor.user_id)
    decision = _decide(actor, proposal, ProposalEnd.DIFFERENT, typed=typed)
    figures = {"number": proposal.number, "currency": proposal.currency, "prepared": proposal.stated}
    typed_text = rules.rate_text(typed)
    audit.record(
        Event.RATE_DIFFERENT, actor=actor, fair_id=proposal.fair_id, subject=decision, typed=typed_text, **figures
    )
    return False


def refuse_rate(*, actor: Actor, fair: Fair, proposal_id: UUID, note: str) -> RateDecision:
    """End a proposal without releasing it, and say why; by whoever prepared it, it is withdrawn.

    DomainError may_not_release, not_a_person, note_needed, no_proposal, decided_already.
    """
    rules.check_person(actor.user_id)
    if not note.strip():
        raise DomainError("note_needed", _("Say why: it stays with the rate."), field="note", status=422)
    lock_ledger(fair.id)
    if not actor.may(Permission.RELEASE_RATES):
        raise DomainError("may_not_release", _("This person may not release rates."), status=403)
    proposed = proposal_by_id(fair.id, proposal_id)
    if proposed is None:
        raise DomainError("no_proposal", _("There is no such proposal."), status=404)
    rules.check_open(proposed.decision.ended if proposed.decision else None)
    is_own = proposed.proposal.prepared_by_id == actor.user_id
    end, event = (ProposalEnd.WITHDRAWN, Event.RATE_WITHDRAWN) if is_own else (ProposalEnd.REFUSED, Event.RATE_REFUSED)
    decision = _decide(actor, proposed.proposal, end, note=note)
    detail = {"number": proposed.proposal.number, "currency": proposed.proposal.currency, "note": decision.note}
    audit.record(event, actor=actor, fair_id=fair.id, subject=decision, **detail)
    return decision


def _decide(
    actor: Actor,
    proposal: RateProposal,
    end: ProposalEnd,
    *,
    note: str = "",
    typed: Decimal | None = None,
) -> RateDecision:
    """Store the end of a proposal; the database refuses a second one, and the preparer."""
    decision = RateDecision(
        fair_id=proposal.fair_id,
        proposal_id=proposal.id,
        prepared_by_id=proposal.prepared_by_id,
        ended=str(end),
        note=clean_text(note, 300),
        typed=None if typed is None else rules.rate_text(typed),
        decided_by_id=actor.user_id,
        decided_by=actor.label,
        decided_at=clock.now(),
    )
    again = DomainError("decided_already", _("This proposal was decided already."))
    with translate_integrity_errors({"uq_fx_decisions_proposal": again}):
        db.session.add(decision)
    return decision


# --- what a release does ----------------------------------------------------------------------------


def _put_in_force(
    actor: Actor, fair: Fair, proposal: RateProposal, decision: RateDecision
) -> tuple[FxRate, RateEffect]:
    """Add the rate to the set, convert the deals it prices, and return it with what that did."""
    entries, before = ledger_head(fair.id)[0], deal_totals(fair.id)
    wrong = rate_by_day(fair.id, proposal.currency, proposal.valid_on)
    rate = _row(actor, fair, proposal, decision, wrong)
    db.session.add(rate)
    note = f"{rate.currency}: {wrong.usd} → {rate.usd}. {rate.reason}" if wrong else ""
    changed = RateChanged(actor, fair, rate.currency, rate.valid_on, is_new=wrong is None, note=note)
    audit.record(changed, actor=actor, fair_id=fair.id, subject=rate)
    if rate.currency == "CNY":
        _quote_in_yuan(actor, fair, rate, note)
    return rate, effect_since(fair.id, entries, before)


def _row(actor: Actor, fair: Fair, proposal: RateProposal, decision: RateDecision, wrong: FxRate | None) -> FxRate:
    usd = Decimal(proposal.usd)
    stated = Decimal(proposal.cny_stated) if proposal.cny_stated else None
    cny = rules.cny_of(proposal.currency, usd, stated, _dollar(fair, proposal.valid_on))
    return FxRate(
        fair_id=fair.id,
        set_id=proposal.set_id,
        currency=proposal.currency,
        valid_on=proposal.valid_on,
        number=wrong.number + 1 if wrong else 1,
        observed_on=proposal.observed_on,
        usd=proposal.usd,
        cny=rules.rate_text(cny) if cny else None,
        origin=str(RateOrigin.PEOPLE),
        source=proposal.source,
        reason=proposal.reason,
        replaces_id=wrong.id if wrong else None,
        proposal_id=proposal.id,
        decision_id=decision.id,
        ended=decision.ended,
        added_by_id=actor.user_id,
    )


def _quote_in_yuan(actor: Actor, fair: Fair, yuan: FxRate, note: str) -> None:
    """What the dollar, and what people quoted in dollars, is worth in yuan, once a rate of the yuan says it."""
    stated = {entry.proposal.id for entry in list_proposals(fair.id) if entry.proposal.cny_stated}
    per_usd = rules.stated_as(Quotation.PER_USD, Decimal(yuan.usd)) / rules.STATED_FOR
    for rate in list_rates(fair.id):
        was_stated = rate.origin == RateOrigin.PEOPLE and rate.proposal_id in stated
        follows = rate.currency == "USD" or (rate.origin != RateOrigin.ECB and not was_stated)
        cny = rules.rate_text(ecb.round_rate(Decimal(rate.usd) * per_usd))
        if rate.currency == "CNY" or rate.valid_on != yuan.valid_on or not follows or rate.cny == cny:
            continue
        db.session.add(_with_yuan(actor, rate, yuan, cny))
        changed = RateChanged(actor, fair, rate.currency, rate.valid_on, note=note)
        audit.record(changed, actor=actor, fair_id=fair.id, subject=rate)


def _with_yuan(actor: Actor, rate: FxRate, yuan: FxRate, cny: str) -> FxRate:
    return FxRate(
        fair_id=rate.fair_id,
        set_id=rate.set_id,
        currency=rate.currency,
        valid_on=rate.valid_on,
        number=rate.number + 1,
        observed_on=rate.observed_on,
        usd=rate.usd,
        cny=cny,
        origin=str(RateOrigin.PROGRAM),
        source=yuan.source if rate.currency == "USD" else rate.source,
        reason=clean_text(f"CNY: {yuan.source}", 300),
        replaces_id=rate.id,
        proposal_id=yuan.proposal_id,
        decision_id=yuan.decision_id,
        ended=yuan.ended,
        added_by_id=actor.user_id,
    )
