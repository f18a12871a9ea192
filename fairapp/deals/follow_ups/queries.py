"""After the fair: whom to ask, how many answered, and what became of the deals, now or as of a ledger entry."""

from collections import Counter
from collections.abc import Iterable
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, Select, and_, case, cast, func, or_, select

from fairapp.core.data import clock
from fairapp.core.data.db import db
from fairapp.deals.enums import CountsAs, DealStatus, Fate, Party
from fairapp.deals.follow_ups.models import FollowUp
from fairapp.deals.follow_ups.rules import FINAL, REMIND_AFTER, STAGES, Conversion, Response, due_on
from fairapp.deals.ledger.models import DealEntry
from fairapp.deals.models import Deal
from fairapp.deals.totals.models import DealTotals
from fairapp.deals.totals.rules import DIMENSIONS, DONE
from fairapp.exhibitors.models import Exhibitor
from fairapp.fairs.models import Fair

DIMENSIONS_SHOWN = ("tier", "country", "delegation")
CONVERTED = (Fate.EXECUTED, Fate.CONTRACTED)
_COUNTED = (CountsAs.TRADE, CountsAs.INVESTMENT)

# The seller is asked where its address is known, else the side that gave one to confirm by.
_seller_known = and_(Exhibitor.id.is_not(None), Exhibitor.contact_email != "")
_recipient = case((_seller_known, Exhibitor.contact_email), else_=Deal.contact_email)
_locale = case((_seller_known, Exhibitor.contact_locale), else_=Deal.contact_locale)
_other_side = case((Deal.declared_by == Party.BUYER, Party.SELLER), else_=Party.BUYER)
_asked = case((_seller_known, Party.SELLER), else_=_other_side)


def _addressed(*columns: Any) -> Select[Any]:
    """Deals with whom to ask about them, by address."""
    seller = and_(Exhibitor.fair_id == Deal.fair_id, Exhibitor.id == Deal.seller_exhibitor_id)
    named = (_recipient.label("recipient"), _locale.label("locale"), _asked.label("asked"))
    query = select(*columns, *named).select_from(Deal).outerjoin(Exhibitor, seller)
    return query.where(_recipient != "").order_by(_recipient, Deal.number)


def _open(fair_id: int) -> tuple[Any, ...]:
    """Deals that are asked about: standing, and without a last word."""
    last_word = Deal.follow_state.in_(FINAL)
    return (
        Deal.fair_id == fair_id,
        Deal.status != DealStatus.VOID,
        Deal.held.is_(None),
        Deal.counts_as.in_(_COUNTED),
        or_(Deal.follow_state.is_(None), ~last_word),
    )


def to_ask(fair: Fair, days: int) -> Select[Any]:
    """(deal id, recipient, locale, asked) of deals that were not asked at this stage, by recipient."""
    asked_already = (
        select(FollowUp.id).where(FollowUp.fair_id == Deal.fair_id, FollowUp.deal_id == Deal.id, FollowUp.days == days)
    ).exists()
    return _addressed(Deal.id).where(*_open(fair.id), ~asked_already)


def to_remind(fair: Fair, days: int) -> Select[Any]:
    """(follow-up id, recipient, locale, asked) of questions of this stage that nobody answered for ten days, and
    nobody was reminded of."""
    question = and_(FollowUp.fair_id == Deal.fair_id, FollowUp.deal_id == Deal.id, FollowUp.days == days)
    silent = (
        FollowUp.sent_at <= clock.now() - REMIND_AFTER,
        FollowUp.answered_at.is_(None),
        FollowUp.reminded_at.is_(None),
    )
    return _addressed(FollowUp.id).join(FollowUp, question).where(*_open(fair.id), *silent)


def how_many(query: Select[Any]) -> tuple[int, int]:
    """(deals, recipients) of one of the two lists above."""
    listed = query.order_by(None).subquery()
    deals, mails = db.session.execute(
        select(func.count(), func.count(func.distinct(listed.c.recipient))).select_from(listed)
    ).one()
    return deals, mails


def follow_ups(fair_id: int, ids: Iterable[UUID]) -> list[FollowUp]:
    """Questions by id, in the order of their deals' numbers."""
    query = select(FollowUp).join(FollowUp.deal).where(FollowUp.fair_id == fair_id, FollowUp.id.in_(list(ids)))
    return list(db.session.scalars(query.order_by(Deal.number)))


def follow_up_by_id(fair_id: int, follow_up_id: UUID) -> FollowUp | None:
    return db.session.get(FollowUp, (fair_id, follow_up_id))


def answer_to(question: FollowUp) -> DealEntry | None:
    """The entry that answered this very question."""
    if question.seq is None:
        return None
    query = select(DealEntry).where(DealEntry.fair_id == question.fair_id, DealEntry.seq == question.seq)
    return db.session.scalar(query)


def open_follow_up(deal: Deal) -> FollowUp | None:
    """The newest question about a deal, while nobody has answered it."""
    query = select(FollowUp).where(FollowUp.fair_id == deal.fair_id, FollowUp.deal_id == deal.id)
    last = db.session.scalar(query.order_by(FollowUp.days.desc()).limit(1))
    return last if last is not None and last.answered_at is None else None


def responses(fair: Fair, until: int | None = None) -> list[Response]:
    """Each stage with its questions and answers; `until` a ledger entry: as they stood at it."""
    moment = _moment_of(fair.id, until)
    answered = FollowUp.answered_at.is_not(None) if until is None else FollowUp.seq <= until
    query = (
        select(
            FollowUp.days,
            func.count().label("asked"),
            func.count(case((FollowUp.reminded_at <= moment, 1))).label("reminded"),
            func.count(case((answered, 1))).label("answered"),
        )
        .where(FollowUp.fair_id == fair.id, FollowUp.sent_at <= moment)
        .group_by(FollowUp.days)
    )
    found = {row.days: row for row in db.session.execute(query)}
    return [
        Response(days, due_on(fair.ends_on, days), row.asked, row.reminded, row.answered)
        if (row := found.get(days))
        else Response(days, due_on(fair.ends_on, days))
        for days in STAGES
    ]


def _moment_of(fair_id: int, until: int | None) -> datetime:
    if until is None:
        return clock.now()
    at = db.session.scalar(select(DealEntry.at).where(DealEntry.fair_id == fair_id, DealEntry.seq == until))
    return at or clock.now()


def conversion(
    fair_id: int, dimension: str, until: int | None = None, counts_as: str = CountsAs.TRADE
) -> list[Conversion]:
    """What became of the deals in the declared total by tier, country or delegation, the largest first; `until`
    a ledger entry: from the entries up to it alone."""
    found = _now(fair_id, dimension, counts_as) if until is None else _then(fair_id, dimension, until, counts_as)
    return sorted(found, key=lambda row: (-row.usd, -row.deals, row.key))


def _now(fair_id: int, dimension: str, counts_as: str) -> Iterable[Conversion]:
    """What was declared and what became of it, both from the kept sums."""
    kept = DealTotals.__table__.c
    key = kept.tier if dimension == "tier" else kept.key
    columns = (
        key.label("key"),
        func.max(key if dimension == "tier" else kept.label_zh).label("label_zh"),
        func.max(key if dimension == "tier" else kept.label_en).label("label_en"),
        _sum(kept.declared_count).label("deals"),
        _sum(kept.declared_usd).label("usd"),
    )
    where = (kept.fair_id == fair_id, kept.dimension == ("all" if dimension == "tier" else dimension))
    query = select(*columns).where(*where, kept.counts_as == counts_as).group_by(key)
    answers = _kept_answers(fair_id, dimension, counts_as)
    for row in db.session.execute(query):
        if row.deals:
            yield Conversion(**{**row._asdict(), **answers.get(row.key, {})})


def _kept_answers(fair_id: int, dimension: str, counts_as: str) -> dict[str, Counter[str]]:
    """The fields of a `Conversion` that say what became of deals, by key."""
    kept = DealTotals.__table__.c
    by = "country" if dimension == "tier" else dimension
    told = {f"{what}/{by}": what for what in (*Fate, DONE)}
    key = kept.tier if dimension == "tier" else kept.key
    query = (
        select(kept.dimension, key.label("key"), _sum(kept.declared_count).label("deals"), _sum(kept.declared_usd))
        .where(kept.fair_id == fair_id, kept.dimension.in_(list(told)), kept.counts_as == counts_as)
        .group_by(kept.dimension, key)
    )
    found: dict[str, Counter[str]] = {}
    for name, group, deals, usd in db.session.execute(query):
        row = found.setdefault(group, Counter())
        if (what := told[name]) == DONE:
            row["executed_usd"] += usd
        else:
            row.update({"answered": deals, str(what): deals})
            row["converted_usd"] += usd if what in CONVERTED else 0
    return found


def _then(fair_id: int, dimension: str, until: int, counts_as: str) -> Iterable[Conversion]:
    """All from the last entry of each deal up to one of the ledger."""
    last = (
        select(func.max(DealEntry.seq))
        .where(DealEntry.fair_id == fair_id, DealEntry.seq <= until)
        .group_by(DealEntry.deal_id)
    )
    key = _key_of(DealEntry, dimension)
    _, zh, en = DIMENSIONS.get(dimension, (None, None, None))
    columns = (
        func.max(getattr(DealEntry, zh) if zh else key).label("label_zh"),
        func.max(getattr(DealEntry, en) if en else key).label("label_en"),
        func.count().label("deals"),
        _sum(DealEntry.usd_minor).label("usd"),
        *_answer_columns(DealEntry, dimension),
    )
    entries = (DealEntry.fair_id == fair_id, DealEntry.seq.in_(last), *_declared(DealEntry, counts_as))
    return [Conversion(**row._asdict()) for row in db.session.execute(select(*columns).where(*entries).group_by(key))]


def _declared(source: Any, counts_as: str) -> tuple[Any, ...]:
    """What stands in the declared total."""
    standing = (source.held.is_(None), source.status != DealStatus.VOID, source.usd_minor.is_not(None))
    return (*standing, source.counts_as == counts_as)


def _answer_columns(source: Any, dimension: str) -> tuple[Any, ...]:
    """Answers by fate, and their dollars."""
    converted = source.follow_state.in_(CONVERTED)
    return (
        _key_of(source, dimension).label("key"),
        func.count(source.follow_state).label("answered"),
        *(func.count(case((source.follow_state == fate, 1))).label(fate.value) for fate in Fate),
        _sum(case((converted, source.usd_minor))).label("converted_usd"),
        _sum(source.executed_usd).label("executed_usd"),
    )


def _key_of(source: Any, dimension: str) -> Any:
    if dimension not in DIMENSIONS_SHOWN:
        raise ValueError(dimension)
    return source.tier if dimension == "tier" else getattr(source, str(DIMENSIONS[dimension][0]))


def in_all(rows: list[Conversion]) -> Conversion:
    """The rows of a conversion table added up."""
    names = Conversion.__dataclass_fields__.keys() - {"key", "label_zh", "label_en"}
    return Conversion("", "", "", **{name: sum(getattr(row, name) for row in rows) for name in names})


def _sum(column: Any) -> Any:
    return cast(func.coalesce(func.sum(column), 0), BigInteger)


def edition_before(fair: Fair) -> Fair | None:
    """The edition the organiser named as the one before; None where none is named."""
    return None if fair.previous_fair_id is None else db.session.get(Fair, fair.previous_fair_id)
