"""Sheet 7: where visitors come from; small cells can be kept back."""

from collections import Counter
from decimal import Decimal
from typing import Any

from fairapp.fairs.models import Fair
from fairapp.gates.counting import figures as gates
from fairapp.reports.counting.country_groups import CountryGroup, country_namer, reported_groups
from fairapp.reports.counting.last_edition import LastFigures, last_figures
from fairapp.reports.counting.settings_queries import small_cells
from fairapp.reports.sheets.columns import CODE, NAME_EN, NAME_ZH, SHARE, count
from fairapp.reports.sheets.small_cells import HIDDEN_TOTAL, MARK, hidden_total, suppression_note
from fairapp.reports.workbook.layout import Chart, Column, Share, Sheet, Table
from fairapp.reports.workbook.layout import Words as W
from fairapp.reports.workbook.suppression import Hidden, hidden_cells, hidden_sums
from fairapp.reports.workbook.vocabulary import NOT_STATED
from fairapp.visitors.origins import is_foreign, is_overseas

_PEOPLE = count("观众人数", "Unique visitors")
_LAST = count("上届", "Last edition", adds_up=False)
_CHANGE = Column(W("变化", "Change"), "percent", width=10)
CLASSES = {
    "mainland": W("境内", "Chinese mainland"),
    "hk_mo_tw": W("港澳台", "Hong Kong, Macao and Taiwan"),
    "foreign": W("外国", "Foreign countries"),
    "": NOT_STATED,
}
_OVERSEAS = "overseas"


def origin_class(code: str) -> str:
    """Return 境内, 港澳台 (overseas but not foreign), 外国, or '' where nobody said."""
    if not code:
        return ""
    if is_foreign(code):
        return "foreign"
    return "hk_mo_tw" if is_overseas(code) else "mainland"


class Origins:
    """Unique visitors by country and by province of the mainland, with what must be kept back."""

    def __init__(self, fair: Fair) -> None:
        self.threshold, self.groups, self.name = small_cells(fair.id), reported_groups(fair.id), country_namer(fair.id)
        self.countries: Counter[str] = Counter()
        self.provinces: Counter[str] = Counter()
        for group in gates.audience(fair.id):
            self.countries[group.country] += group.people
            if group.country == "CN":
                self.provinces[group.province] += group.people
        self.hidden = hidden_cells(self.countries, self.threshold)
        sums = {f"class {name}": self._of_class(name) for name in CLASSES}
        sums[_OVERSEAS] = frozenset(filter(is_overseas, self.countries))
        sums |= {group.key: group.members for group in self.groups}
        self.hidden_sums = hidden_sums(self.countries, self.hidden, sums, self.threshold)

    @property
    def overseas(self) -> int | None:
        """Visitors from abroad, Hong Kong, Macao and Taiwan among them; None when it is kept back."""
        people = sum(count for code, count in self.countries.items() if is_overseas(code))
        return None if _OVERSEAS in self.hidden_sums else people

    def _of_class(self, name: str) -> Hidden:
        return frozenset(code for code in self.countries if origin_class(code) == name)

    def of_class(self, name: str) -> Any:
        """People of a class, or what stands for a number that is kept back."""
        people = sum(count for code, count in self.countries.items() if origin_class(code) == name)
        return MARK if f"class {name}" in self.hidden_sums else people

    def of_group(self, group: CountryGroup) -> tuple[int, Any]:
        """(countries and regions of the group that came, people or what stands for them)."""
        came = [code for code in group.members if self.countries[code]]
        people = sum(self.countries[code] for code in came)
        return len(came), MARK if group.key in self.hidden_sums else people


def visitor_origin(fair: Fair) -> Sheet:
    """Return sheet 7."""
    origins, last = Origins(fair), last_figures(fair.id)
    number = sum(1 for code in origins.countries if code and code not in {"HK", "MO", "TW"})
    regions = sum(1 for code in origins.countries if code in {"HK", "MO", "TW"})
    return Sheet(
        7,
        W("观众来源", "Visitor origin"),
        W(
            f"观众人数按国家和地区：{number} 个国家、{regions} 个地区（由下表行数得出）；港澳台计入境外，不计入外国。",
            f"Unique visitors by country or region: {number} countries and {regions} regions, counted from the rows below; "
            "Hong Kong, Macao and Taiwan are overseas and not foreign.",
        ),
        [
            origin_classes(origins),
            _by_country(origins, last),
            _by_group(origins, last),
            _provinces(origins),
        ],
        [
            Chart(
                "bar", W("境外观众来源", "Visitors from overseas"), 1, (3,), table=1, first_rows=_rows_to_draw(origins)
            )
        ],
    )


def origin_classes(origins: Origins) -> Table:
    """Return a table of unique visitors: mainland; Hong Kong, Macao and Taiwan; foreign."""
    rows = [
        (words.zh, words.en, origins.of_class(name), _share(origins.of_class(name), origins.countries.total()))
        for name, words in CLASSES.items()
        if name or origins.countries[""]
    ]
    title, note = W("境内与境外", "Home and abroad"), suppression_note(origins.threshold)
    return Table((NAME_ZH, NAME_EN, _PEOPLE, SHARE), rows, title, key="visitor_classes", note=note)


def _rows_to_draw(origins: Origins) -> int:
    """The first twenty of those from elsewhere."""
    return max(1, min(20, len(origins.countries) - ("CN" in origins.countries)))


def _share(people: Any, total: int) -> Decimal | None:
    return Decimal(people) / total if total and isinstance(people, int) else None


def _in_order(cells: Counter[str], hidden: Hidden) -> list[str]:
    """The largest first; what is kept back by name, for its place would tell its size."""
    return sorted(cells, key=lambda name: (name in hidden, 0 if name in hidden else -cells[name], name))


def _by_country(origins: Origins, last: LastFigures) -> Table:
    rows: list[tuple[Any, ...]] = []
    # the mainland last: what is read here is who came from elsewhere
    for code in sorted(_in_order(origins.countries, origins.hidden), key="CN".__eq__):
        people = origins.countries[code]
        words = origins.name(code) if code else NOT_STATED
        before = last.get("visitor_country", code)
        is_hidden = code in origins.hidden
        people_shown = MARK if is_hidden else people
        rows.append(
            (
                code,
                words.zh,
                words.en,
                people_shown,
                None if is_hidden else Share(3),
                before,
                _change(people_shown, before),
            )
        )
    if origins.hidden:
        people = hidden_total([origins.countries[code] for code in origins.hidden], origins.threshold)
        rows.append(("", HIDDEN_TOTAL.zh, HIDDEN_TOTAL.en, people, _share_of(people, 3), None, None))
    columns = (CODE, NAME_ZH, NAME_EN, _PEOPLE, SHARE, _LAST, _CHANGE)
    title, note = W("国家和地区", "Countries and regions"), suppression_note(origins.threshold)
    return Table(columns, rows, title, key="visitor_origins", total=True, note=note)


def _by_group(origins: Origins, last: LastFigures) -> Table:
    rows = []
    for group in origins.groups:
        came, people = origins.of_group(group)
        before = last.get("visitor_group", group.key)
        numbers = (came, people, _share(people, origins.countries.total()), before, _change(people, before))
        rows.append((group.key, group.name.zh, group.name.en, group.as_of, *numbers))
    columns = (
        CODE,
        NAME_ZH,
        NAME_EN,
        Column(W("名单日期", "List as of"), "day", width=12),
        count("到场国家和地区", "Countries and regions that came", adds_up=False),
        count("观众人数", "Unique visitors", adds_up=False),
        Column(W("占全部观众", "Share of all visitors"), "percent", width=10),
        _LAST,
        _CHANGE,
    )
    overlap = W("各组互有重叠，不可相加。", "The groups overlap and are never added up.")
    title, note = W("国家和地区组（互有重叠）", "Groups (overlapping)"), suppression_note(origins.threshold, overlap)
    return Table(columns, rows, title, key="visitor_groups", note=note)


def _provinces(origins: Origins) -> Table:
    """Their sum is the mainland's visitors: where these are kept back, every province is."""
    cells, threshold = origins.provinces, origins.threshold
    all_hidden = "CN" in origins.hidden
    hidden = frozenset(cells) if all_hidden else hidden_cells(cells, threshold)
    rows: list[tuple[Any, ...]] = [
        (name or str(NOT_STATED), MARK, None) if name in hidden else (name or str(NOT_STATED), people, Share(1))
        for name, people in ((name, cells[name]) for name in _in_order(cells, hidden))
    ]
    if hidden and not all_hidden:
        people = hidden_total([cells[name] for name in hidden], threshold)
        rows.append((str(HIDDEN_TOTAL), people, _share_of(people, 1)))
    columns = (Column(W("省份", "Province"), width=28), _PEOPLE, SHARE)
    title = W("境内省份", "Provinces of the mainland")
    return Table(columns, rows, title, key="visitor_provinces", total=True, note=suppression_note(threshold))


def _share_of(people: Any, column: int) -> Share | None:
    return Share(column) if isinstance(people, int) else None


def _change(now: Any, before: int | None) -> Decimal | None:
    return Decimal(now - before) / before if before and isinstance(now, int) else None
