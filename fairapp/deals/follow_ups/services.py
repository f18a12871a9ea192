"""After the fair: ask what became of the deals, remind once, and take the answers into the ledger."""

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from decimal import Decimal
from itertools import groupby
from operator import attrgetter
from typing import Any
from uuid import UUID

from sqlalchemy import Select, update
from sqlalchemy.dialects import postgresql, sqlite

from fairapp.audit import services as audit
from fairapp.audit.catalogue import Event
from fairapp.core.data import clock
from fairapp.core.data.db import db, dialect
from fairapp.core.data.ids import new_id
from fairapp.core.errors import DomainError
from fairapp.core.jobs.mail import queue_mail
from fairapp.core.text.i18n import _, _l
from fairapp.core.text.money import convert
from fairapp.core.web.access import Actor
from fairapp.deals.enums import DealOutcome, Method, Verb
from fairapp.deals.follow_ups import rules
from fairapp.deals.follow_ups.links import follow_up_address
from fairapp.deals.follow_ups.models import AnswerClass, FollowUp
from fairapp.deals.follow_ups.queries import (
    deals_to_ask,
    follow_ups_by_id,
    has_known_address,
    questions_to_remind,
    side_of_actor,
)
from fairapp.deals.ledger.append import EntryContext, append_entry, lock_deal, replayed
from fairapp.deals.models import Deal
from fairapp.deals.rules import Act, status_after
from fairapp.fairs.models import Fair
from fairapp.fairs.queries import today_at


@dataclass(frozen=True)
class SentCounts:
    """The questions asked and reminded of by one call, and the mails that took."""

    asked: int = 0
    reminded: int = 0
    mails: int = 0

    def __add__(self, other: "SentCounts") -> "SentCounts":
        return SentCounts(self.asked + other.asked, self.reminded + other.reminded, self.mails + other.mails)

    def __bool__(self) -> bool:
        return bool(self.asked or self.reminded)


def send_follow_ups(*, actor: Actor, fair: Fair, limit: int = 500) -> SentCounts:
    """Send the questions that are due today and the reminders, one mail a company, about `limit` deals of each at most.

    Call it until it sends nothing. Asking twice is impossible: the database holds one question a stage.
    """
    days = rules.stage_due(fair.ends_on, today_at(fair))
    if days is None:
        return SentCounts()
    sent = _ask(fair, days, limit) + _remind(fair, days, limit)
    if sent:
        audit.record(Event.FOLLOW_UPS_SENT, actor=actor, fair_id=fair.id, subject=fair, days=days, **asdict(sent))
    return sent


def _ask(fair: Fair, days: int, limit: int) -> SentCounts:
    asked = mails = 0
    for rows in _by_recipient(deals_to_ask(fair, days), limit):
        if stored := _store_questions(fair, days, rows):
            _mail(fair, follow_ups_by_id(fair.id, stored), rows[0], again=False)
            asked, mails = asked + len(stored), mails + 1
    return SentCounts(asked=asked, mails=mails)


def _remind(fair: Fair, days: int, limit: int) -> SentCounts:
    reminded = mails = 0
    for rows in _by_recipient(questions_to_remind(fair, days), limit):
        ids = [row.id for row in rows]
        silent = (FollowUp.fair_id == fair.id, FollowUp.id.in_(ids), FollowUp.reminded_at.is_(None))
        reminded_ids = list(
            db.session.scalars(update(FollowUp).where(*silent).values(reminded_at=clock.now()).returning(FollowUp.id))
        )
        if reminded_ids:
            _mail(fair, follow_ups_by_id(fair.id, reminded_ids), rows[0], again=True)
            reminded, mails = reminded + len(reminded_ids), mails + 1
    return SentCounts(reminded=reminded, mails=mails)


def _by_recipient(query: Select[Any], limit: int) -> Iterable[list[Any]]:
    """The rows of whole recipients: the last one may be cut, so it waits for the next call unless it is alone."""
    rows = db.session.execute(query.limit(limit)).all()
    groups = [list(group) for _recipient, group in groupby(rows, key=attrgetter("recipient"))]
    return groups[:-1] if len(rows) == limit and len(groups) > 1 else groups


def _store_questions(fair: Fair, days: int, rows: list[Any]) -> list[UUID]:
    """Store one question a deal; those that somebody else has just stored are left out."""
    table = FollowUp.__table__
    made = [
        {
            "fair_id": fair.id,
            "id": new_id(),
            "deal_id": row.id,
            "days": days,
            "asked_party": row.asked_party,
            "due_on": rules.due_on(fair.ends_on, days),
            "sent_at": clock.now(),
        }
        for row in rows
    ]
    insert = sqlite.insert if dialect() == "sqlite" else postgresql.insert
    statement = insert(table).on_conflict_do_nothing().returning(table.c.id)
    ids = [db.session.execute(statement.values(question)).scalar() for question in made]
    return [key for key in ids if key is not None]


def _mail(fair: Fair, questions: list[FollowUp], to: Any, *, again: bool) -> None:
    queue_mail(
        "deals/follow_up",
        recipient=to.recipient,
        subject=_l("Reminder: what became of your deals?") if again else _l("What became of your deals?"),
        locale=to.locale,
        fair_id=fair.id,
        fair=fair,
        again=again,
        questions=[(question.deal, follow_up_address(fair, question)) for question in questions],
        days=rules.LINK_DAYS,
    )


def answer_follow_up(
    *,
    actor: Actor,
    question: FollowUp,
    state: str,
    executed_minor: int | None = None,
    reason: str | None = None,
    note: str = "",
    client_id: UUID | None = None,
) -> Deal:
    """Take an answer into the ledger; what the deal counts at the fair stays as it is.

    DomainError follow_up_answered, unknown_fate, amount_needed, amount_not_possible, unknown_reason, deal_state.
    """
    deal = question.deal
    ledger, before = lock_deal(deal)
    if stored := replayed(deal.fair_id, client_id, actor, Verb.FOLLOW_UP):
        return stored
    db.session.refresh(question)
    if question.answered_at is not None or (deal.follow_days or 0) > question.days:
        raise DomainError("follow_up_answered", _("This question is answered already. Thank you."))
    status_after(deal.status, Act.FOLLOW_UP, deal.held)
    rules.check_answer(state, executed=executed_minor, agreed=deal.amount_minor, reason=reason)
    deal.follow_days, deal.follow_state = question.days, str(state)
    deal.executed_minor = executed_minor if state == DealOutcome.EXECUTED else None
    deal.executed_usd = _in_dollars(deal)
    own_side = side_of_actor(deal, actor)
    way = Method.SIGNED_IN if own_side else Method.MAILED_LINK
    why = reason if state == DealOutcome.LOST else None
    context = EntryContext(actor, own_side or question.asked_party, way, client_id, why, note)
    letter = _class_of(question, actor)
    question.seq = append_entry(ledger, deal, Act.FOLLOW_UP, before, context)
    question.answered_at, question.answered_class = clock.now(), letter
    db.session.flush()
    audit.record(Event.FOLLOW_UP_ANSWERED, actor=actor, fair_id=deal.fair_id, subject=deal, state=str(state))
    return deal


def _class_of(question: FollowUp, actor: Actor) -> AnswerClass:
    """Whose word the answer is: of who is signed in, else of the side whose mail was opened."""
    deal = question.deal
    own_side = side_of_actor(deal, actor)
    party = own_side or question.asked_party
    return rules.answer_class(
        asked=party,
        declared_by=deal.declared_by,
        is_signed_in=own_side is not None,
        is_known_address=has_known_address(deal, party),
    )


def _in_dollars(deal: Deal) -> int | None:
    """What was carried out, at the rate the deal was frozen with."""
    if deal.executed_minor is None or deal.rate_usd is None:
        return None
    return convert(deal.executed_minor, deal.currency, Decimal(deal.rate_usd), "USD")
