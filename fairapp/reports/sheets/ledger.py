"""Sheets 15, 16 and 23: the ledger line by line, what is open, and the checks over all."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from openpyxl.utils import get_column_letter

from fairapp.core.text.money import from_minor
from fairapp.deals.ledger import chain as ledger
from fairapp.deals.ledger.verification import ledger_rows
from fairapp.deals.totals.queries import deal_totals_of
from fairapp.fairs.models import Fair
from fairapp.gates.counting import figures as gates
from fairapp.reports.ledger_reading import OPEN_COLUMNS, LedgerReading
from fairapp.reports.sheets.basis import Basis
from fairapp.reports.sheets.changes import change_checks, changes_tables
from fairapp.reports.sheets.columns import NAME_EN, NAME_ZH, count, dollars, usd
from fairapp.reports.sheets.small_cells import MARK
from fairapp.reports.sheets.time import time_tables
from fairapp.reports.workbook.layout import Column, Formula, Sheet, Table
from fairapp.reports.workbook.layout import Words as W
from fairapp.reports.workbook.vocabulary import FIGURES, HOLDS, STATUSES, TIERS, TOTALS, words_of

LEDGER_FIELDS = (*ledger.FIELDS, "prev_hash", "row_hash")
_AT = {name: at for at, name in enumerate(LEDGER_FIELDS)}
_LAST, _USD = len(LEDGER_FIELDS), len(LEDGER_FIELDS) + 1


@dataclass(frozen=True)
class LedgerRows:
    """The rows of sheet 15, read anew each time they are asked for: never all at once in memory."""

    fair_id: int
    watermark: int
    last_seqs: frozenset[int]

    def __len__(self) -> int:
        return self.watermark

    def __iter__(self) -> Iterator[tuple[Any, ...]]:
        at, usd_at = _AT["seq"], _AT["usd_minor"]
        for row in ledger_rows(self.fair_id, self.watermark):
            text = row[usd_at]
            yield (*row, int(int(row[at]) in self.last_seqs), None if text == "-" else from_minor(int(text), "USD"))


def ledger_lines(fair_id: int, reading: LedgerReading) -> Sheet:
    """Return sheet 15: each entry in the exact text its hash was made of; two columns of numbers help to add up."""
    columns = tuple(Column(W(name, ""), width=14) for name in LEDGER_FIELDS)
    helpers = (count("最新一条", "Last entry of its deal", adds_up=False), usd("美元", "USD", adds_up=False))
    rows: Any = LedgerRows(fair_id, reading.watermark, frozenset(reading.last_seqs))
    return Sheet(
        15,
        W("成交明细", "Ledger"),
        W(
            'row_hash = SHA-256("FL1\\n" + prev_hash + "\\n" + 各字段以 | 相连)，首条 prev_hash 为 64 个 0；空值记作 -。',
            'row_hash = SHA-256("FL1\\n" + prev_hash + "\\n" + the fields joined by |), the first prev_hash is 64 zeros; an empty value is -.',
        ),
        [Table((*columns, *helpers), rows, key="ledger", bulk=True)],
    )


OPEN_LIST_TITLES = {
    "without_rate": W("未折算：无汇率，按原币列示", "Without a rate: in its own currency"),
    "held": W("暂缓：不计入任何总额", "Held: in no total"),
    "disputed": W("有争议：两个数字并存，仅计入申报数", "Disputed: both figures stand, counted as declared only"),
    "one_sided": W("单方申报：对方尚未确认，仅计入申报数", "One-sided: not yet confirmed, counted as declared only"),
}


def open_lines(basis: Basis) -> Sheet:
    """Return sheet 16: what stands outside the totals or is doubted, line by line; the lists may overlap."""
    columns = (
        count("编号", "Number", adds_up=False),
        Column(W("供方展位", "Seller's booth"), width=14),
        Column(W("供方省份", "Seller's province"), width=14),
        Column(W("国家和地区", "Country or region"), width=20),
        Column(W("类别", "Tier")),
        Column(W("状态", "Status")),
        Column(W("暂缓原因", "Held because"), width=20),
        Column(W("币种", "Currency"), width=10),
        Column(W("原币金额", "Amount"), "money", width=20),
        Column(W("对方所称币种", "Other side's currency"), width=10),
        Column(W("对方所称金额", "Other side's amount"), "money", width=20),
        usd("美元", "USD"),
    )
    tables = [
        Table(columns, [_open_line(basis, line) for line in basis.open_lines[name]], title, key=name, bulk=True)
        for name, title in OPEN_LIST_TITLES.items()
        if name in basis.open_lines
    ]
    return Sheet(
        16,
        W("未折算与待核", "Open"),
        W(
            "不在总额之内或尚有疑问的成交，逐笔列示（账本不含企业名称，按编号查）；各表可能重叠，不相加。",
            "Deals outside the totals or in doubt, line by line, by number: the ledger holds no names; the lists may overlap and are never added up.",
        ),
        tables,
    )


def _open_line(basis: Basis, line: tuple[Any, ...]) -> tuple[Any, ...]:
    deal = dict(zip(OPEN_COLUMNS, line, strict=True))
    other = from_minor(deal["counter_minor"], deal["counter_currency"]) if deal["counter_minor"] is not None else None
    return (
        deal["deal_number"],
        deal["booth"],
        deal["seller_province"],
        str(basis.countries.get(deal["country"]) or W(deal["country_zh"], deal["country_en"])),
        str(words_of(TIERS, deal["tier"])),
        str(words_of(STATUSES, deal["status"])),
        str(words_of(HOLDS, deal["held"])) if deal["held"] else "",
        deal["currency"],
        from_minor(deal["amount_minor"], deal["currency"]) if deal["amount_minor"] is not None else None,
        deal["counter_currency"] or "",
        other,
        dollars(deal["usd_minor"]),
    )


def checks(basis: Basis) -> Sheet:
    """Return sheet 23: each check with its live formula; the last column must read TRUE on every line."""
    facts = basis.facts
    figures = facts["figures"] | {"deals": deal_totals_of(basis.sums)}
    rows = [*_chain_checks(figures), *_deal_checks(figures), *_footing_checks(), *_people_checks(facts)]
    rows += change_checks(basis)
    columns = (
        NAME_ZH,
        NAME_EN,
        Column(W("应为", "Expected"), "money", width=22),
        Column(W("由表内算得", "Computed from the sheets"), "money", width=26),
        Column(W("一致", "Holds"), width=10),
    )
    lines = [
        (words.zh, words.en, expected, Formula(text) if isinstance(text, str) else text, Formula("C{row}=D{row}"))
        for words, expected, text in rows
    ]
    everything = [(W("全部一致", "All hold").zh, "All hold", Formula("AND(E{checks_first}:E{checks_last})"))]
    conclusion = (NAME_ZH, NAME_EN, Column(W("结果", "Result"), width=22))
    return Sheet(
        23,
        W("数据质量", "Checks"),
        W(
            "账本链与加总的检查为活公式，可追溯至所引单元格；五项逐次重算为截止时两次计得的数值（一次取自留存计数，一次取自全部扫码）。"
            "“一致”列应全部为 TRUE。",
            "Checks of the chain and of sums are live formulas that can be traced to their cells; the five recounts are values "
            "counted twice at the cut-off, from the kept counts and from every scan. “Holds” must be TRUE on every line.",
        ),
        [
            *changes_tables(basis),
            *time_tables(basis),
            Table(columns, lines, W("检查", "Checks"), key="checks"),
            *_second_person_tables(facts["persons"]),
            *_repeated_tables(facts),
            Table(conclusion, everything, W("结论", "Conclusion")),
        ],
    )


SIGNS = {
    "new_role": W("核验前24小时内才获得核验权限", "The role to verify was given less than 24 hours before"),
    "same_browser": W("与申报或更改者使用同一浏览器", "The browser of somebody who declared or changed it"),
    "same_office": W(
        "与申报或更改者同一邮箱域名与网络", "Mail domain and network of somebody who declared or changed it"
    ),
}


def _second_person_tables(persons: Mapping[str, Any]) -> list[Table]:
    """Verified deals whose two persons may be one: signs, not faults."""
    columns = (
        count("编号", "Number", adds_up=False),
        Column(W("核验旁的提示", "Signs beside the verification"), width=70),
    )
    rows = [(number, "; ".join(str(SIGNS[sign]) for sign in signs)) for number, signs in persons["signs"]]
    return [Table(columns, rows, W("两人是否为两人", "Whether two persons are two"), bulk=True)] if rows else []


def _repeated_tables(facts: Mapping[str, Any]) -> list[Table]:
    """Who came and was left out, how many of those asked have answered, which rates looked odd: as on sheets 6, 19, 18."""
    wanted = (("6", "excluded"), ("19", "follow_responses"), ("18", "rates_odd"))
    return [
        replace(table, key="") for number, key in wanted for table in facts["sheets"][number].tables if table.key == key
    ]


def people_checks(fair: Fair) -> dict[str, Any]:
    """Return the five figures beside a recount from every scan: read once, and kept by a publication."""
    rows = [[name, reported, recounted] for name, reported, recounted in gates.recount_checks(fair.id)]
    return {"recounts": rows, "attendance": gates.attendance(fair.id).as_dict()}


def _range(name: str, shift: int = 0, cut: int = 0) -> str:
    """A column of the ledger's table, as a formula names it."""
    letter = get_column_letter(_AT[name] + 1 if name in _AT else {"last": _LAST, "usd": _USD}[name] + 1)
    first, last = ("ledger_second" if shift else "ledger_first"), ("ledger_last_but_one" if cut else "ledger_last")
    return f"{{ledger}}${letter}${{{first}}}:${letter}${{{last}}}"


def _chain_checks(figures: dict[str, Any]) -> list[tuple[W, Any, Any]]:
    entries = figures["ledger"]["entries"]
    if not entries:
        return []
    checks = [
        (W("账本条数", "Entries of the ledger"), entries, f"ROWS({_range('seq')})"),
        (
            W("序号无缺口", "Sequence without a gap"),
            0,
            f"SUMPRODUCT(--(VALUE({_range('seq')})<>ROW({_range('seq')})-{{ledger_first}}+1))",
        ),
        (W("末条哈希即封面哈希", "The last hash is the cover's"), 1, _last_hash_formula(figures["ledger"]["head"])),
    ]
    if entries > 1:
        broken = f"SUMPRODUCT(--({_range('prev_hash', 1)}<>{_range('row_hash', 0, 1)}))"
        checks.append((W("前后哈希相接", "Each prev_hash is the row_hash above"), 0, broken))
    return checks


def _last_hash_formula(head: str) -> str:
    letter = get_column_letter(_AT["row_hash"] + 1)
    return f'IF({{ledger}}${letter}${{ledger_last}}="{head}",1,0)'


def _deal_checks(figures: dict[str, Any]) -> list[tuple[W, Any, Any]]:
    """The three totals added up from the last entry of each deal."""
    if not figures["ledger"]["entries"]:
        return []
    reached = {
        "declared": ("declared", "disputed", "confirmed", "verified"),
        "confirmed": ("confirmed", "verified"),
        "verified": ("verified",),
    }
    rows: list[tuple[W, Any, Any]] = []
    for name, words in TOTALS.items():
        where = f'{_range("last")},1,{_range("counts_as")},"trade",{_range("held")},"-"'
        sums = "+".join(f'SUMIFS({_range("usd")},{where},{_range("status")},"{status}")' for status in reached[name])
        counts = "+".join(
            f'COUNTIFS({where},{_range("usd_minor")},"<>-",{_range("status")},"{status}")' for status in reached[name]
        )
        rows.append(
            (
                W(f"{words.zh}金额＝逐笔账本之和", f"{words.en}: USD is the sum of the ledger"),
                dollars(figures["deals"][name]["usd_minor"]),
                f"ROUND({sums},2)",
            )
        )
        rows.append(
            (
                W(f"{words.zh}笔数＝逐笔账本之数", f"{words.en}: deals are those of the ledger"),
                figures["deals"][name]["count"],
                counts,
            )
        )
    return rows


def _footing_checks() -> list[tuple[W, Any, Any]]:
    """Every table of deals adds up to the table by tier."""
    tables = {
        "days": ("按日期", "By day", "C"),
        "countries": ("分国别", "By country", "E"),
        "categories": ("分品类", "By product", "E"),
        "chapters": ("按 HS 章", "By HS chapter", "C"),
        "ownerships": ("分所有制", "By ownership", "D"),
        "delegations": ("按交易团", "By delegation", "E"),
        "districts": ("按供方省份", "By province", "C"),
        "customs": ("分监管方式", "By customs mode", "D"),
        "zones": ("按展区", "By zone", "E"),
        "bands": ("按单笔规模", "By size", "D"),
        "terms": ("按交货期", "By delivery term", "D"),
        "bases": ("一次性与按年", "One-off and yearly", "D"),
    }
    total = "ROUND(SUM({tiers}D{tiers_first}:D{tiers_last}),2)"
    rows: list[tuple[W, Any, Any]] = []
    for key, (zh, en, letter) in tables.items():
        summed = f"ROUND(SUM({{{key}}}{letter}{{{key}_first}}:{letter}{{{key}_last}}),2)"
        rows.append((W(f"{zh}合计＝成交汇总（申报）", f"{en} adds up to the declared total"), Formula(total), summed))
    return rows


def _people_checks(facts: Mapping[str, Any]) -> list[tuple[W, Any, Any]]:
    """The five figures beside their recount; the tables beside the figures."""
    rows: list[tuple[W, Any, Any]] = []
    for name, reported, recounted in facts["people"]["recounts"]:
        words = FIGURES[name]
        rows.append(
            (W(f"{words.zh}：发布＝逐次重算", f"{words.en}: reported = recounted from every scan"), reported, recounted)
        )
    letters = {"unique_visitors": "D", "visits": "E", "entries": "F", "attendance": "G"}
    gates_table = next(table for table in facts["sheets"]["6"].tables if table.key == "gates")
    for at, (name, letter) in enumerate(letters.items(), 3):
        words = FIGURES[name]
        if gates_table.rows and gates_table.rows[-1][at] == MARK:
            continue  # all of it is so few people that nothing but the whole is shown
        rows.append(
            (
                W(f"{words.zh}：分日分闸口合计", f"{words.en}: by day and gate adds up"),
                facts["people"]["attendance"][name],
                f"SUM({{gates}}{letter}{{gates_first}}:{letter}{{gates_last}})",
            )
        )
    return rows
