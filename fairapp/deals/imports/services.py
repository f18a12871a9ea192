"""A list of deals comes in: each row whole or not at all, held like any other deal, and a second time nothing new."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Any
from uuid import UUID

from sqlalchemy import select

from fairapp.audit import services as audit
from fairapp.audit.catalogue import Event
from fairapp.core.data.db import db
from fairapp.core.documents.spreadsheet import delimiter_of, read_rows
from fairapp.core.errors import DomainError
from fairapp.core.text.i18n import _
from fairapp.core.web.access import Actor
from fairapp.deals.draft import Draft, Side
from fairapp.deals.enums import DealStatus, Method
from fairapp.deals.imports.columns import DealMapping, guessed_mapping, number_styles
from fairapp.deals.imports.report import DealImport, RowOutcome, RowResult
from fairapp.deals.imports.rows import DealRow, Problem, read_row
from fairapp.deals.imports.rules import RowAmount
from fairapp.deals.models import Deal
from fairapp.deals.parties.queries import list_categories, list_delegations
from fairapp.deals.parties.resolve import resolve_party
from fairapp.deals.preview import preview_of
from fairapp.deals.services.amend import Change, amend_deal
from fairapp.deals.services.declare import ListRow, declare_deal
from fairapp.deals.slips.queries import usable_slip
from fairapp.deals.slips.services import enter_slip
from fairapp.exhibitors.companies.names import plain_name
from fairapp.fairs.models import Fair

MAX_ROWS = 5_000


def import_file(
    *,
    actor: Actor,
    fair: Fair,
    content: bytes,
    filename: str,
    mapping: DealMapping | None = None,
    dry_run: bool = False,
    currency: str | None = None,
    unit: int | None = None,
    style: str | None = None,
) -> DealImport:
    """Import an XLSX, XLS, ODS or CSV file; without a mapping as its headings suggest, but for what is said here:
    the currency where the list names none, the unit, the style of its numbers. DomainError: see read_rows."""
    rows = read_rows(content, filename)
    guess = mapping or guessed_mapping(rows)
    mapping = replace(guess, currency=currency or guess.currency, unit=unit or guess.unit, style=style or guess.style)
    return import_deals(actor=actor, fair=fair, rows=rows, mapping=mapping, dry_run=dry_run)


def import_deals(
    *, actor: Actor, fair: Fair, rows: Sequence[Sequence[str]], mapping: DealMapping, dry_run: bool = False
) -> DealImport:
    """Declare, at the desk, the deals of a list. Nothing is written with `dry_run`; a bad row harms no other.

    DomainError: needs_columns, needs_unit, too_many_rows.
    """
    _check_mapping(mapping)
    below = rows[mapping.heading_row + 1 :]
    if len(below) > MAX_ROWS:
        raise DomainError("too_many_rows", _("Import at most %(rows)s rows at a time.", rows=MAX_ROWS), status=422)
    first = mapping.heading_row + 2
    styles = number_styles(below, mapping, delimiter_of(rows))
    read = [read_row(number, cells, mapping, styles) for number, cells in enumerate(below, first) if any(cells)]
    work = _Import(actor, fair, dry_run, read)
    report = DealImport(results=[work.take(row) for row in read], dry_run=dry_run)
    if not dry_run:
        how = {"unit": mapping.unit, "currency": mapping.currency, "style": str(styles["amount"].style or "")}
        audit.record(Event.DEALS_IMPORTED, actor=actor, fair_id=fair.id, subject=fair, **report.counts, **how)
    return report


def _check_mapping(mapping: DealMapping) -> None:
    if not {"seller", "buyer", "amount"} <= mapping.columns.keys():
        message = _("The list needs columns for seller, buyer and amount. Say which they are.")
        raise DomainError("needs_columns", message, field="seller", status=422)
    if not mapping.unit:
        message = _("The list says two things about the unit of its amounts. Say which it is.")
        raise DomainError("needs_unit", message, field="unit", status=422)


class _Import:
    """One run over a list."""

    def __init__(self, actor: Actor, fair: Fair, dry_run: bool, rows: Iterable[DealRow]) -> None:
        self.actor, self.fair, self.dry_run = actor, fair, dry_run
        self.known = _deals_by_key(fair, [row.key for row in rows])
        self.seen: dict[str, int] = {}
        self.categories = _ids_by_name(list_categories(fair.id))
        self.delegations = _ids_by_name(list_delegations(fair.id))

    def take(self, row: DealRow) -> RowResult:
        """Declare or amend the deal of a row, or say why not."""
        amount = RowAmount(row.number, row.amount_text, row.values["amount"], row.values["currency"])
        return replace(self._take(row), amount=amount)

    def _take(self, row: DealRow) -> RowResult:
        if not row.refused and row.key in self.seen:
            row.problems.append(Problem("same_as", {"row": self.seen[row.key]}))
        lists = self._listed(row)
        if row.refused:
            return RowResult(row.number, row.name, RowOutcome.REFUSED, row.problems)
        self.seen[row.key] = row.number
        deal = self.known.get(row.key)
        try:
            with db.session.begin_nested():
                outcome, number = self._amend(row, deal, lists) if deal else self._declare(row, lists)
        except DomainError as error:
            refusal = Problem("refused", {"why": str(error.message)})
            return RowResult(row.number, row.name, RowOutcome.REFUSED, [*row.problems, refusal])
        return RowResult(row.number, row.name, outcome, row.problems, number)

    def _listed(self, row: DealRow) -> dict[str, UUID]:
        """Ids of the category and delegation a row names."""
        ids: dict[str, UUID] = {}
        for name, ids_by_name in (("category", self.categories), ("delegation", self.delegations)):
            word = row.values.get(name) or ""
            if word and plain_name(word) not in ids_by_name:
                row.problems.append(Problem("unknown", {"field": name, "value": word[:60]}))
            elif word:
                ids[f"{name}_id"] = ids_by_name[plain_name(word)]
        return ids

    def _declare(self, row: DealRow, lists: dict[str, UUID]) -> tuple[RowOutcome, int | None]:
        draft = _draft(row, lists)
        slip = row.values["slip"] or None
        if self.dry_run:
            planned = preview_of(self.actor, self.fair, draft, from_slip=bool(slip))
            if slip:
                usable_slip(self.fair.id, slip)
            _note_hold(row, planned.held)
            return RowOutcome.CREATED, None
        how: dict[str, Any] = {"method": Method.LIST, "separate": True, "row": ListRow(row.key, row.digest)}
        if slip:
            deal = enter_slip(actor=self.actor, fair=self.fair, number=slip, draft=draft, **how)
        else:
            deal = declare_deal(actor=self.actor, fair=self.fair, draft=draft, **how)
        _note_hold(row, deal.held)
        return RowOutcome.CREATED, deal.number

    def _amend(self, row: DealRow, deal: Deal, lists: dict[str, UUID]) -> tuple[RowOutcome, int | None]:
        if deal.status == DealStatus.VOID:
            raise DomainError("is_void", str(Problem("is_void", {"number": deal.number})))
        if deal.import_digest == row.digest:
            return RowOutcome.UNCHANGED, deal.number
        draft = _draft(row, lists)
        parties = [resolve_party(self.fair, side, name).key for name, side in _sides(draft)]
        if parties != [deal.seller_key, deal.buyer_key]:
            raise DomainError("other_parties", str(Problem("other_parties", {"number": deal.number})))
        if not self.dry_run:
            change = Change(draft.amount_minor, draft.currency, draft.tier, _details(draft, lists), draft.note)
            amend_deal(actor=self.actor, deal=deal, change=change, party=draft.declared_by, method=Method.LIST)
            deal.import_digest = row.digest
        return RowOutcome.UPDATED, deal.number


def _deals_by_key(fair: Fair, keys: list[str]) -> dict[str, Deal]:
    deals: dict[str, Deal] = {}
    for at in range(0, len(keys), 500):
        query = select(Deal).where(Deal.fair_id == fair.id, Deal.import_key.in_(keys[at : at + 500]))
        deals |= {deal.import_key: deal for deal in db.session.scalars(query)}
    return deals


def _ids_by_name(records: Iterable[Any]) -> dict[str, UUID]:
    return {
        plain_name(word): record.id
        for record in records
        for word in (record.name_en, record.name_zh, record.code)
        if word
    }


def _note_hold(row: DealRow, held: str | None) -> None:
    if held:
        row.problems.append(Problem("held", {"hold": str(held)}))


def _sides(draft: Draft) -> list[tuple[str, Side]]:
    return [("seller", draft.seller), ("buyer", draft.buyer)]


def _draft(row: DealRow, lists: dict[str, Any]) -> Draft:
    values = row.values
    chinese = any("\u4e00" <= letter <= "\u9fff" for letter in values["goods"])
    same = "tier nature channel currency hs_code quantity unit incoterm place ceremony signer_name signer_title note"
    return Draft(
        seller=Side(name=values["seller"], country=values["seller_country"], code=values["seller_code"]),
        buyer=Side(name=values["buyer"], country=values["buyer_country"], code=values["buyer_code"]),
        declared_by=values["reported_by"],
        customs_mode=values["customs_mode"] or None,
        amount_minor=values["amount"],
        signed_on=values["signed_on"] or None,
        contact_email=values["email"],
        **{"goods_zh" if chinese else "goods_en": values["goods"]},
        **{name: values[name] for name in same.split() if values[name]},
        **lists,
    )


def _details(draft: Draft, lists: dict[str, Any]) -> dict[str, Any]:
    """What a changed row says again; an empty cell takes nothing back."""
    names = (
        "nature channel customs_mode signed_on goods_zh goods_en hs_code quantity unit incoterm place ceremony "
        "signer_name signer_title"
    ).split()
    details = {name: getattr(draft, name) for name in names}
    codes = {"seller_code": draft.seller.code, "buyer_code": draft.buyer.code}
    return {name: value for name, value in (details | codes).items() if value} | lists
