"""The workbook's sheets: those read once and kept, and those made from the ledger as it stood after an entry."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, BinaryIO

from fairapp.core.data.db import snapshot
from fairapp.deals.totals.queries import stored_totals, sum_of_largest
from fairapp.fairs.models import Fair
from fairapp.reports.counting import country_groups
from fairapp.reports.counting.last_edition import last_figures
from fairapp.reports.figures import current_figures, make_stamp
from fairapp.reports.ledger_reading import Reading, open_now, read_ledger
from fairapp.reports.rules import Earlier
from fairapp.reports.sheets import (
    bands,
    cover,
    exhibitors,
    following,
    programme,
    proof,
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
FROZEN: dict[int, Callable[[Fair, Figures], Sheet]] = {
    0: cover.cover,
    1: lambda fair, known: cover.headline(fair, known, known["largest_ten_usd"]),
    2: lambda fair, _: space.space(fair),
    3: lambda fair, _: exhibitors.exhibitors(fair),
    4: lambda fair, _: exhibitors.origin(fair),
    5: lambda fair, _: exhibitors.platforms(fair),
    6: lambda fair, _: visitors.visitors(fair),
    7: lambda fair, _: visitor_origin.visitor_origin(fair),
    8: lambda fair, _: visitors.flow(fair),
    9: lambda fair, _: visitors.meetings_held(fair),
    18: lambda fair, _: proof.rates(fair),
    19: lambda fair, _: following.conversion(fair),
    20: lambda fair, _: programme.forum(),
    21: lambda fair, _: programme.webinars(),
    22: lambda fair, _: programme.cities(),
}
# What is made from the ledger alone, up to an entry, whenever it is asked for.
OF_LEDGER: dict[int, Callable[[Basis], Sheet]] = {
    10: totals.totals,
    11: totals.by_country,
    12: totals.by_product,
    13: totals.by_party,
    14: bands.bands,
    16: proof.open_lines,
    17: bands.other,
    23: proof.checks,
}
OPEN_SHEET, LEDGER_SHEET = 16, 15
SHEETS = sorted({*FROZEN, *OF_LEDGER, LEDGER_SHEET})
_ASKS_FIGURES = frozenset({0, 1})
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
    """How a workbook is made. A publication names the version it was made by; code that makes an older version
    stays beside the newer one."""

    version: int
    of_ledger: Mapping[int, Callable[[Basis], Sheet]]
    lines: Callable[[int, Reading], Sheet]
    write: Callable[[Iterator[Sheet], Stamp, BinaryIO, Callable[[int], None]], str]

    def sheets(self, fair_id: int, facts: Facts, reading: Reading) -> dict[int, Sheet]:
        """Every sheet by its number."""
        basis = basis_of(facts, reading)
        made = {number: make(basis) for number, make in self.of_ledger.items()}
        kept = {int(number): sheet for number, sheet in facts["sheets"].items()}
        return dict(sorted({**kept, **made, LEDGER_SHEET: self.lines(fair_id, reading)}.items()))


DEFINITIONS = {1: Definition(1, OF_LEDGER, proof.ledger_lines, write_workbook)}
NEWEST = max(DEFINITIONS)


def facts_of(fair: Fair, earlier: Sequence[Facts] = (), publication: Words | None = None) -> tuple[Facts, Reading]:
    """All that a workbook of now says beside the ledger, and the ledger; call it within a snapshot."""
    known = current_figures(fair)
    entries = known["ledger"]["entries"]
    reading = read_ledger(fair.id, entries, fair.starts_on, earlier_of(earlier))
    known["largest_ten_usd"] = sum(reading.largest)
    if publication:
        known["publication"] = publication
    facts = {
        "stamp": make_stamp(fair, known),
        "figures": known,
        "starts_on": fair.starts_on,
        "earlier": list(earlier),
        "groups": [group_facts(one) for one in country_groups.groups_of(fair.id)],
        "country_names": country_groups.renamed(fair.id),
        "last_edition": dict(last_figures(fair.id).figures),
        "people": proof.people_checks(fair),
    }
    facts["sheets"] = {str(number): read(fair, known) for number, read in FROZEN.items()}
    return facts, reading


def group_facts(group: Any) -> Facts:
    """A group of countries as it is now."""
    return {"key": group.key, "name": group.name, "as_of": str(group.as_of), "members": sorted(group.members)}


def group_of(facts: Facts) -> Group:
    """A group as the sheets know it."""
    return Group(facts["key"], facts["name"], facts["as_of"], frozenset(facts["members"]))


def earlier_of(facts: Sequence[Facts]) -> list[Earlier]:
    """The publications that stood, as the rules know them."""
    return [Earlier(one["number"], one["watermark"], one["day"]) for one in facts]


def basis_of(facts: Facts, reading: Reading) -> Basis:
    """What the sheets of deals are made of."""
    groups = tuple(group_of(one) for one in facts["groups"])
    names = facts["country_names"]
    return Basis(reading.sums, reading.open, reading.late, reading.changes, facts["last_edition"], groups, names, facts)


def write_fair_workbook(fair: Fair, out: BinaryIO, progress: Callable[[int], None] = lambda done: None) -> Stamp:
    """Write the workbook of a fair as it stands now; gives what its cover says."""
    with snapshot():
        sheets, stamped = read_sheets(fair)
    write_workbook(iter(sheets), stamped, out, progress)
    return stamped


def read_sheets(fair: Fair) -> tuple[list[Sheet], Stamp]:
    """Every sheet as of now, in order; call it within a snapshot."""
    facts, reading = facts_of(fair)
    return list(DEFINITIONS[NEWEST].sheets(fair.id, facts, reading).values()), facts["stamp"]


def read_sheet(fair: Fair, number: int) -> Sheet:
    """One sheet as it stands now, for a page: of deals from the kept summary. KeyError when there is none."""
    with snapshot():
        if number in FROZEN:
            return FROZEN[number](fair, _known_now(fair) if number in _ASKS_FIGURES else {})
        groups = tuple(group_of(group_facts(one)) for one in country_groups.groups_of(fair.id))
        open_deals = open_now(fair.id) if number == OPEN_SHEET else {}
        kept = stored_totals(fair.id, *_DIMENSIONS.get(number, ("all",)))
        names, last = country_groups.renamed(fair.id), last_figures(fair.id).figures
        return OF_LEDGER[number](Basis(kept, open_deals, last=last, groups=groups, countries=names))


def _known_now(fair: Fair) -> Figures:
    return current_figures(fair) | {"largest_ten_usd": sum_of_largest(fair.id)}
