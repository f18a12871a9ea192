"""The workbook's sheets: those read once and kept, and those made from the ledger as it stood after an entry."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, BinaryIO

from fairapp.accounts.appointments.queries import count_appointed_by_one
from fairapp.core.data.db import snapshot
from fairapp.deals.second_person.queries import count_verifiers, signs_of_verified
from fairapp.deals.totals.queries import stored_totals, sum_of_largest
from fairapp.fairs.models import Fair
from fairapp.gates.counting.figures import late_scans
from fairapp.reports.counting import country_groups
from fairapp.reports.counting.last_edition import last_figures
from fairapp.reports.figures import current_figures, make_stamp
from fairapp.reports.ledger_reading import LedgerReading, list_open_deals, read_ledger
from fairapp.reports.rules import EarlierPublication
from fairapp.reports.sheets import (
    bands,
    cover,
    exhibitors,
    follow_up,
    ledger,
    programme,
    rates,
    space,
    visitor_origin,
    visitors,
)
from fairapp.reports.sheets import deals as totals
from fairapp.reports.sheets.basis import Basis, Group
from fairapp.reports.workbook.layout import Sheet, Stamp, Words
from fairapp.reports.workbook.writer import write_workbook

Figures = dict[str, Any]
Facts = dict[str, Any]

# By the number of the workbook's plan. What is not in the ledger is read once; a publication keeps it.
FROZEN_SHEETS: dict[int, Callable[[Fair, Figures], Sheet]] = {
    0: cover.cover,
    1: lambda fair, figures: cover.headline(fair, figures, figures["largest_ten_usd"]),
    2: lambda fair, _: space.space(fair),
    3: lambda fair, _: exhibitors.exhibitors(fair),
    4: lambda fair, _: exhibitors.origin(fair),
    5: lambda fair, _: exhibitors.platforms(fair),
    6: lambda fair, _: visitors.visitors(fair),
    7: lambda fair, _: visitor_origin.visitor_origin(fair),
    8: lambda fair, _: visitors.flow(fair),
    9: lambda fair, _: visitors.meetings_held(fair),
    18: lambda fair, _: rates.rates(fair),
    19: lambda fair, _: follow_up.conversion(fair),
    20: lambda fair, _: programme.forum(),
    21: lambda fair, _: programme.webinars(),
    22: lambda fair, _: programme.cities(),
}
# What is made from the ledger alone, up to an entry, whenever it is asked for.
LEDGER_SHEETS: dict[int, Callable[[Basis], Sheet]] = {
    10: totals.totals,
    11: totals.by_country,
    12: totals.by_product,
    13: totals.by_party,
    14: bands.bands,
    16: ledger.open_lines,
    17: bands.other,
    23: ledger.checks,
}
OPEN_SHEET, LEDGER_SHEET = 16, 15
SHEET_NUMBERS = sorted({*FROZEN_SHEETS, *LEDGER_SHEETS, LEDGER_SHEET})
_NEEDS_FIGURES = frozenset({0, 1})
# Which rows of the kept summary a page needs.
_DIMENSIONS = {
    10: ("all", "day"),
    11: ("country",),
    12: ("category", "hs", "nature"),
    13: ("ownership", "delegation", "district", "customs", "platform", "zone"),
    17: ("all", "country"),
}


@dataclass(frozen=True)
class Definition:
    """A way to make a workbook. A publication names the version it was made by; code that makes an older version
    stays beside the newer one.
    """

    version: int
    of_ledger: Mapping[int, Callable[[Basis], Sheet]]
    lines: Callable[[int, LedgerReading], Sheet]
    write: Callable[[Iterator[Sheet], Stamp, BinaryIO, Callable[[int], None]], str]

    def sheets(self, fair_id: int, facts: Facts, reading: LedgerReading) -> dict[int, Sheet]:
        """Every sheet by its number."""
        basis = basis_of(facts, reading)
        live = {number: make(basis) for number, make in self.of_ledger.items()}
        frozen = {int(number): sheet for number, sheet in facts["sheets"].items()}
        return dict(sorted({**frozen, **live, LEDGER_SHEET: self.lines(fair_id, reading)}.items()))


DEFINITIONS = {1: Definition(1, LEDGER_SHEETS, ledger.ledger_lines, write_workbook)}
NEWEST = max(DEFINITIONS)


def collect_facts(
    fair: Fair, earlier: Sequence[Facts] = (), publication: Words | None = None, prepared_by: str = ""
) -> tuple[Facts, LedgerReading]:
    """Return all that a workbook of now says beside the ledger, and the ledger; call it within a snapshot."""
    figures = current_figures(fair)
    entries = figures["ledger"]["entries"]
    reading = read_ledger(fair.id, entries, fair.starts_on, earlier_from_facts(earlier))
    figures["largest_ten_usd"] = sum(reading.largest_usd)
    if publication:
        figures["publication"] = publication
    figures["persons"] = persons = persons_of(fair, prepared_by)
    figures["earlier"] = list(earlier)
    facts = {
        "stamp": make_stamp(fair, figures),
        "figures": figures,
        "starts_on": fair.starts_on,
        "earlier": list(earlier),
        "groups": [group_facts(group) for group in country_groups.reported_groups(fair.id)],
        "country_names": country_groups.own_country_names(fair.id),
        "last_edition": dict(last_figures(fair.id).figures),
        "people": ledger.people_checks(fair),
        "persons": persons | {"signs": signs_of_verified(fair.id)},
        "late_scans": late_scans(fair, earlier[-1]["as_of"]) if earlier else [],
    }
    facts["sheets"] = {str(number): read(fair, figures) for number, read in FROZEN_SHEETS.items()}
    return facts, reading


def persons_of(fair: Fair, prepared_by: str = "") -> Facts:
    """Return who stands behind the figures: the preparer, how many verified, how many were appointed by one person."""
    return {
        "prepared_by": prepared_by,
        "verifiers": count_verifiers(fair.id),
        "appointed_by_one": count_appointed_by_one(fair.id),
    }


def group_facts(group: Any) -> Facts:
    """Return a group of countries as it is now, for a publication to keep."""
    return {"key": group.key, "name": group.name, "as_of": str(group.as_of), "members": sorted(group.members)}


def group_from_facts(facts: Facts) -> Group:
    """Return a group as the sheets know it."""
    return Group(facts["key"], facts["name"], facts["as_of"], frozenset(facts["members"]))


def earlier_from_facts(facts: Sequence[Facts]) -> list[EarlierPublication]:
    """Return the publications that stood, as the rules know them."""
    return [EarlierPublication(fact["number"], fact["watermark"], fact["day"]) for fact in facts]


def basis_of(facts: Facts, reading: LedgerReading) -> Basis:
    """Return what the sheets of deals are made of."""
    groups = tuple(group_from_facts(group) for group in facts["groups"])
    names = facts["country_names"]
    return Basis(
        reading.sums,
        reading.open_lines,
        reading.late_by_day,
        reading.changes,
        reading.days,
        reading.outside,
        facts["last_edition"],
        groups,
        names,
        facts,
    )


def write_fair_workbook(fair: Fair, out: BinaryIO, progress: Callable[[int], None] = lambda done: None) -> Stamp:
    """Write the workbook of a fair as it stands now; return what its cover says."""
    with snapshot():
        sheets, stamp = read_sheets(fair)
    write_workbook(iter(sheets), stamp, out, progress)
    return stamp


def read_sheets(fair: Fair) -> tuple[list[Sheet], Stamp]:
    """Return every sheet as of now, in order; call it within a snapshot."""
    facts, reading = collect_facts(fair)
    return list(DEFINITIONS[NEWEST].sheets(fair.id, facts, reading).values()), facts["stamp"]


def read_sheet(fair: Fair, number: int) -> Sheet:
    """Return one sheet as it stands now, for a page: of deals from the kept summary. KeyError when there is none."""
    with snapshot():
        if number in FROZEN_SHEETS:
            return FROZEN_SHEETS[number](fair, _figures_now(fair) if number in _NEEDS_FIGURES else {})
        groups = tuple(group_from_facts(group_facts(group)) for group in country_groups.reported_groups(fair.id))
        open_deals = list_open_deals(fair.id) if number == OPEN_SHEET else {}
        totals = stored_totals(fair.id, *_DIMENSIONS.get(number, ("all",)))
        names, last = country_groups.own_country_names(fair.id), last_figures(fair.id).figures
        return LEDGER_SHEETS[number](Basis(totals, open_deals, last_edition=last, groups=groups, countries=names))


def _figures_now(fair: Fair) -> Figures:
    return current_figures(fair) | {
        "largest_ten_usd": sum_of_largest(fair.id),
        "persons": persons_of(fair),
        "earlier": (),
    }
