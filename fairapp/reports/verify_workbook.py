#!/usr/bin/env python3
# ruff: noqa: B905, PLC0207, T201, UP006, UP031, UP035, UP037, UP045
"""Checks a FairApp workbook, or a receipt, from the file alone: 核对 FairApp 工作簿或回执。

    python3 verify_workbook.py FILE.xlsx [--head HASH] [--content HASH]
    python3 verify_workbook.py --receipt RECEIPT.json --root HASH     (or FILE.xlsx instead of --root)

Needs Python 3.9 or newer and nothing else. It follows the chain of sheet 15, adds every table of deals up again
from its lines, compares every cell with the fingerprints on sheet 23, and all of it with the hashes you kept
outside: who can change the file can change what the file says about itself, but not what you have noted.
Exit 0: everything holds. 1: differences, each named. 2: the file cannot be read.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import re
import sys
import zipfile
import zlib
from collections import Counter
from datetime import date
from decimal import Decimal
from typing import Any, Callable, Dict, Iterable, Iterator, List, NamedTuple, Optional, Sequence, Tuple
from xml.etree import ElementTree

GENESIS, LEDGER, CHECKS = "0" * 64, 15, 23
FIELDS = (
    "fair_id seq id client_id deal_id deal_number verb party method actor_id at outcome reason note_digest fair_facts "
    "status held counts_as tier nature customs_mode channel signed_on relation earlier_number earlier_minor currency "
    "amount_minor counted_minor firm_minor option_minor basis years counter_currency counter_minor rate_usd rate_cny "
    "rate_on rate_source usd_minor cny_minor seller_digest seller_exhibitor_id seller_country seller_ownership "
    "seller_type seller_province seller_city industrial_belt buyer_digest buyer_exhibitor_id buyer_visitor_id "
    "buyer_country country country_zh country_en category_code category_zh category_en delegation_code delegation_zh "
    "delegation_en platform_id platform_zh platform_en zone_code zone_zh zone_en hall_code booth goods_digest hs_code "
    "marks quantity unit unit_price_minor incoterm delivery_from delivery_until evidence_grade evidence_digest risk "
    "follow_days follow_state executed_minor executed_usd"
).split()
CONTENT_HASH, FINGERPRINTS = "内容指纹 Content hash", "各表指纹 Fingerprints of the sheets"
SEAL_HEADINGS = "工作表\nSheet|行数\nRows|SHA-256\nSHA-256|各行标记\nMarks of rows|各列标记\nMarks of columns"
MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/"
RELATION = f"{{{OFFICE[:-1]}}}id"
PACKAGE = "http://schemas.openxmlformats.org/package/2006/relationships/metadata/"
_OPEN, _SHEETML = "application/vnd.openxmlformats-", "officedocument.spreadsheetml."
PARTS = {  # by the kind of relation that points to it: the part's name, and its type
    "officeDocument": (r"xl/workbook\.xml", f"{_OPEN}{_SHEETML}sheet.main+xml"),
    "extended-properties": (r"docProps/app\.xml", f"{_OPEN}officedocument.extended-properties+xml"),
    "core-properties": (r"docProps/core\.xml", f"{_OPEN}package.core-properties+xml"),
    "worksheet": (r"xl/worksheets/sheet\d+\.xml", f"{_OPEN}{_SHEETML}worksheet+xml"),
    "styles": (r"xl/styles\.xml", f"{_OPEN}{_SHEETML}styles+xml"),
    "theme": (r"xl/theme/theme1\.xml", f"{_OPEN}officedocument.theme+xml"),
    "drawing": (r"xl/drawings/drawing\d+\.xml", f"{_OPEN}officedocument.drawing+xml"),
    "chart": (r"xl/charts/chart\d+\.xml", f"{_OPEN}officedocument.drawingml.chart+xml"),
    "image": (r"xl/media/image\d+\.png", "image/png"),
}
NUMBER = re.compile(r"-?\d{1,17}(\.\d{1,20})?([Ee][-+]?\d{1,2})?")
NUMBER_FORMATS = re.compile(r"General|@|0(\.0+)?%?|#,##0(\.0+)?|yyyy-mm-dd( hh:mm(:ss)?)?", re.IGNORECASE)
FRAME = {  # what may stand on a sheet, and its attributes
    MAIN + name: set(attributes.split(","))
    for name, _, attributes in (
        words.partition(":")
        for words in "worksheet sheetPr outlinePr:summaryBelow,summaryRight pageSetUpPr:fitToPage sheetViews "
        "sheetView:workbookViewId pane:xSplit,ySplit,topLeftCell,activePane,state selection:pane,activeCell,sqref "
        "sheetFormatPr:baseColWidth,defaultRowHeight cols col:width,customWidth,min,max sheetData row:r c:r,s,t f v is "
        "t:{http://www.w3.org/XML/1998/namespace}space pageMargins:left,right,top,bottom,header,footer "
        f"pageSetup:orientation,paperSize,fitToHeight,fitToWidth drawing:{RELATION}".split()
    )
}
OF_CELLS = {MAIN + name for name in ("row", "c", "f", "v", "is", "t")}
CELL_HOLDS = {(), (MAIN + "v",), (MAIN + "f",), (MAIN + "f", MAIN + "v")}
STRANGE = set(  # in drawings and charts: what could lie over cells, or show figures that are not on a sheet
    "sp cxnSp contentPart AlternateContent numCache strCache multiLvlStrCache numLit strLit userShapes externalData".split()
)
FUNCTIONS = set("SUM IF AND OR ROWS SUMPRODUCT ROUND COUNTIFS SUMIFS VALUE ROW ABS MAX".split())
BROKEN: Any = (OSError, LookupError, ValueError, TypeError, AttributeError, ArithmeticError, EOFError, RuntimeError)
BROKEN += (zlib.error, zipfile.BadZipFile, ElementTree.ParseError)


class Unreadable(Exception):
    """The file is not a workbook, or not one that can be trusted to be read."""


class Finding(NamedTuple):
    """A difference: where, what should stand there, what stands there, and why."""

    where: str
    why: str
    expected: str = ""
    actual: str = ""

    def __str__(self) -> str:
        wanted = f" | 应为 expected: {self.expected}" if self.expected else ""
        return f"✗ {self.where}: {self.why}{wanted} | 实为 found: {self.actual[:120] or '(空 empty)'}"


def number_text(value: Any) -> str:
    return "n%.16g" % float(value)  # as a spreadsheet keeps it


def letter(column: int) -> str:
    return letter((column - 1) // 26) + chr(65 + (column - 1) % 26) if column else ""


class SheetSeal:
    """The fingerprint of a sheet, made row by row of canonical texts ("" for an empty cell); the writer uses it too."""

    def __init__(self, tab: str) -> None:
        self.tab, self.rows, self.row_marks = tab, 0, []  # type: Tuple[str, int, List[str]]
        self.whole = hashlib.sha256(("FW1\n" + tab).encode())
        self._columns: List[Any] = []
        self._waiting: List[Sequence[str]] = []

    def row(self, number: int, texts: Sequence[str], styles: Sequence[str] = ()) -> None:
        """Take the next row, its texts and the numbers of their styles; rows without a text count for nothing."""
        if not any(texts):
            return
        looks = " ".join([style for style, text in zip(styles, texts) if text])
        line = "%d\x1f%s\x1e%s" % (number, "\x1f".join(texts).rstrip("\x1f"), looks)
        digest = hashlib.sha256(line.encode("utf-8", "surrogatepass"))
        self.whole.update(digest.digest())
        self.rows = number
        self.row_marks.append("%d:%s" % (number, digest.hexdigest()[:8]))
        self._waiting.append(texts)
        if len(self._waiting) == 1000:
            self._mark_columns()

    def _mark_columns(self) -> None:
        widest = max(map(len, self._waiting), default=0)
        while len(self._columns) < widest:
            self._columns.append(hashlib.sha256())
        padded = [list(texts) + [""] * (widest - len(texts)) for texts in self._waiting]
        for column, texts in zip(self._columns, zip(*padded)):
            if any(texts):
                column.update("\x1f".join(texts).encode("utf-8", "surrogatepass"))
        self._waiting = []

    def lines(self) -> List[Tuple[str, ...]]:
        """Return its lines on sheet 23: tab, rows, SHA-256, marks of rows and columns; more lines for many marks."""
        self._mark_columns()
        columns = " ".join(f"{letter(at)}:{digest.hexdigest()[:8]}" for at, digest in enumerate(self._columns, 1))
        marks = [] if self.tab.startswith(f"{LEDGER} ") else self.row_marks  # there each row has its own hash
        pieces = [" ".join(marks[at : at + 2000]) for at in range(0, len(marks), 2000)] or [""]
        ends = [(self.whole.hexdigest(), columns), *[("", "")] * (len(pieces) - 1)]
        return [(self.tab, str(self.rows), digest, part, end) for part, (digest, end) in zip(pieces, ends)]


def content_hash(seals: Iterable[SheetSeal], parts: Iterable[Tuple[str, str]]) -> str:
    """Return what binds all sheets and the parts around them: the hash to keep outside."""
    named = [*((item.tab, item.whole.hexdigest()) for item in seals), *parts]
    return hashlib.sha256("\n".join(["FW2", *("\t".join(item) for item in named)]).encode()).hexdigest()


def part_hashes(source: zipfile.ZipFile, frames: Dict[str, str]) -> List[Tuple[str, str]]:
    """Return every part of the file with its SHA-256; of a sheet, whose rows are sealed, that of what stands around."""
    names = sorted(source.namelist())
    return [(name, frames.get(name) or hashlib.sha256(source.read(name)).hexdigest()) for name in names]


def frame_hash(elements: Iterable[ElementTree.Element]) -> str:
    """Return the hash of what stands around the rows of a sheet, element by element as each ends."""
    lines = [f"{node.tag}{sorted(node.items())}{node.text or ''}" for node in elements if node.tag not in OF_CELLS]
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()


class Sheet:
    """A sheet as read: its cells by (row, column), results stored beside formulas, and its seal."""

    def __init__(self, tab: str) -> None:
        self.tab, self.number = tab, int(tab.split()[0]) if tab.split()[0].isdigit() else -1
        self.cells: Dict[int, List[str]] = {}
        self.stored: Dict[Tuple[int, int], str] = {}
        self.seal, self.last = SheetSeal(tab), 0

    def text(self, row: int, column: int) -> str:
        line = self.cells.get(row, [])
        return line[column - 1] if column <= len(line) else ""

    def at(self, row: int, column: int) -> str:
        return f"{self.tab}!{letter(column)}{row}"


class Book:
    """The parts of the file; whatever may not be in a workbook of ours is a finding."""

    def __init__(self, path: Any) -> None:
        self.findings: List[Finding] = []
        self.frames: Dict[str, str] = {}
        try:
            self.zip = zipfile.ZipFile(path)
            self.tabs = self._tabs()
            self._follow_relations()
            self._look_at_formats()
        except BROKEN as error:
            raise Unreadable(str(error)) from error

    def _note(self, where: str, why: str, actual: str = "") -> None:
        self.findings.append(Finding(where, why, "", actual))

    def _xml(self, name: str) -> ElementTree.Element:
        content = self.zip.read(name)
        if b"<!" in content.replace(b"<!--", b"").replace(b"<![CDATA[", b""):
            raise ValueError(f"{name}: document type")
        return ElementTree.fromstring(content)

    def _tabs(self) -> List[Tuple[str, str]]:
        targets = {node.get("Id"): _target("xl", node) for node in self._xml("xl/_rels/workbook.xml.rels")}
        tabs, book = [], self._xml("xl/workbook.xml")
        for node in book.iter(MAIN + "sheet"):
            if node.get("state", "visible") != "visible":
                self._note(str(node.get("name")), "隐藏的工作表 a hidden sheet")
            tabs.append((str(node.get("name")), targets[node.get(RELATION)]))
        for node in book.iter(MAIN + "definedName"):
            if not str(node.get("name")).startswith("_xlnm.Print_"):
                self._note(str(node.get("name")), "定义的名称 a defined name", node.text or "")
        sheets = sorted(name for name in self.zip.namelist() if re.fullmatch(PARTS["worksheet"][0], name))
        if sorted(part for _tab, part in tabs) != sheets:
            self._note("xl/workbook.xml", "所列工作表与部件不符 lists other sheets than the file has")
        return tabs

    def _follow_relations(self) -> None:
        """Every part is one that we write, is pointed to as what it is, and has the type of what it is."""
        kinds = self._xml("[Content_Types].xml")
        types = {str(node.get("PartName", node.get("Extension"))): node.get("ContentType") for node in kinds}
        names, waiting, reached = self.zip.namelist(), [""], {"[Content_Types].xml"}
        for part in waiting:
            folder, _, name = part.rpartition("/")
            rels = f"{folder}/_rels/{name}.rels".lstrip("/")
            links = list(self._xml(rels)) if rels in names else []
            reached.update([part, rels])
            for node in links:
                target = _target(folder, node)
                if not _is_ours(node, target, types) or target not in names:
                    self._note(rels, "不应有的关联 a relation that does not belong", target)
                elif target not in reached:
                    waiting.append(target)
            if len({node.get("Id") for node in links}) < len(links):
                self._note(rels, "关联编号重复 two relations of one name")
        for name in sorted(set(names).symmetric_difference(reached.intersection(names))):
            self._note(name, "不应有的部件 a part that does not belong into the workbook")
        more = [name for name in types if name not in ("rels", "xml", "png") and name[1:] not in reached]
        if more or len(types) < len(kinds) or len(set(names)) < len(names):
            self._note("[Content_Types].xml", "部件或类型重复或多余 a part twice, or a type of none", str(more))

    def _look_at_formats(self) -> None:
        for node in self._xml("xl/styles.xml").iter(MAIN + "numFmt"):
            code = str(node.get("formatCode")).replace("\\", "")
            if not NUMBER_FORMATS.fullmatch(code):
                self._note("xl/styles.xml", "未知的数字格式 an unknown number format", code)
        for name in self.zip.namelist():
            if re.fullmatch(r"xl/(drawings|charts)/[a-z]+\d+\.xml", name):
                for tag in {node.tag.rpartition("}")[2] for node in self._xml(name).iter()} & STRANGE:
                    self._note(name, "图中不应有的内容 what no drawing of ours has", tag)

    def rows(self, sheet: Sheet, part: str) -> Iterator[Tuple[int, List[str], List[str]]]:
        """Yield each row's number, canonical texts and the numbers of their styles, in order."""
        columns, frame = {}, []  # type: Dict[str, int], List[ElementTree.Element]
        with self.zip.open(part) as file:
            for _event, element in ElementTree.iterparse(file):
                if not element.attrib and element.tag in OF_CELLS and element.tag != MAIN + "row":
                    continue  # inside a cell, and looked at with it
                allowed = FRAME.get(element.tag)
                size = None if element.tag in OF_CELLS else element.get("width") or element.get("defaultRowHeight")
                if allowed is None or not allowed.issuperset(element.keys()) or (size and float(size) < 1):
                    where = f"{sheet.tab}!{element.get('r')}" if element.get("r") else sheet.tab
                    what = f"{element.tag.rpartition('}')[2]} {' '.join(map('='.join, element.items()))}"
                    self._note(where, "表上不应有的内容 what does not belong on the sheet", what)
                if element.tag == MAIN + "row":
                    yield (int(element.get("r", "0")), *self._row(sheet, element, columns))
                    element.clear()
                elif element.tag not in OF_CELLS:
                    frame.append(element)
            self.frames[part] = frame_hash(frame)

    def _row(self, sheet: Sheet, row: ElementTree.Element, columns: Dict[str, int]) -> Tuple[List[str], List[str]]:
        number, texts, styles = row.get("r", "0"), [], []  # type: str, List[str], List[str]
        if int(number) <= sheet.last:
            self._note(f"{sheet.tab}!{number}", "行不在其位 a row out of its place")
        sheet.last = int(number)
        for cell in row:
            place = cell.get("r", "")
            name = place.rstrip("0123456789")
            column = columns[name] if name in columns else columns.setdefault(name, _column(name))
            if column <= len(texts) or place != name + number:
                self._note(f"{sheet.tab}!{number}", "单元格不在其位 a cell out of its place", place)
            texts.extend([""] * (column - 1 - len(texts)))
            styles.extend([""] * (column - 1 - len(styles)))
            texts.append(self._cell(sheet, int(number), column, cell))
            styles.append(cell.get("s", "0"))
        return texts, styles

    def _cell(self, sheet: Sheet, row: int, column: int, cell: ElementTree.Element) -> str:
        kind, held = cell.get("t", "n"), tuple(node.tag for node in cell)
        if kind == "inlineStr" and held in ((), (MAIN + "is",)):
            text = "".join(node.text or "" for node in cell.iter(MAIN + "t"))
            return "s" + text if text else ""
        formula, value = cell.find(MAIN + "f"), cell.find(MAIN + "v")
        is_number = kind == "n" and (value is None or NUMBER.fullmatch(value.text or "0"))
        if not (is_number or kind in ("str", "b")) or held not in CELL_HOLDS:
            self._note(sheet.at(row, column), "不应有的单元格 a cell that is not ours", kind)
        if formula is not None:
            if value is not None and value.text:
                sheet.stored[row, column] = value.text
            return "f" + (formula.text or "")
        if value is None or not value.text:
            return ""
        return number_text(value.text) if is_number else ("b" if kind == "b" else "s") + value.text


def _target(folder: str, relation: ElementTree.Element) -> str:
    """The part that a relation of a part in `folder` points to."""
    target = str(relation.get("Target"))
    return target[1:] if target.startswith("/") else f"{folder}/{target}".lstrip("/")


def _is_ours(relation: ElementTree.Element, target: str, types: Dict[str, Optional[str]]) -> bool:
    kind = str(relation.get("Type")).rpartition("/")[2]
    pattern, content = PARTS.get(kind, ("", ""))
    is_known = str(relation.get("Type")) in (OFFICE + kind, PACKAGE + kind)
    typed = types.get(f"/{target}", types.get(target.rpartition(".")[2])) == content
    return bool(is_known and typed and not relation.get("TargetMode") and re.fullmatch(pattern, target))


def _column(name: str) -> int:
    number = 0
    for character in name if re.fullmatch("[A-Z]{1,3}", name) else "":
        number = number * 26 + ord(character) - 64
    return number


TOTALS = {"申报": "declared", "对方确认": "confirmed", "核验": "verified"}
REACHED = {"verified": ("declared", "confirmed", "verified"), "confirmed": ("declared", "confirmed"), "void": ()}
WORDS = {
    "contract": "合同", "agreement": "协议", "intent": "意向", "onsite_order": "现场订单",
    "state": "国有", "private": "民营", "foreign": "外资", "hk_mo_tw": "港澳台资", "public": "事业单位",
    "9710": "9710 跨境电商B2B直接出口", "9810": "9810 出口海外仓", "9610": "9610 跨境电商零售", "1210": "1210 保税电商",
    "0110": "0110 一般贸易", "goods_export": "货物出口", "goods_import": "货物进口", "domestic_sale": "内销",
    "cross_border_supply": "跨境供货", "platform_onboarding": "平台入驻", "service": "服务", "investment": "投资",
    "strategic": "战略合作",
}  # fmt: skip
BANDS = (
    ("1万美元以下", 0), ("1万至10万美元", 10**6), ("10万至100万美元", 10**7), ("100万至1000万美元", 10**8),
    ("1000万至5000万美元", 10**9), ("5000万至1亿美元", 5 * 10**9), ("1亿美元以上", 10**10),
)  # fmt: skip
TERMS = (("3个月以内（短单）", 92), ("3至6个月（中单）", 184), ("6至12个月（长单）", 366))
MARKS = {"new": "新产品", "green": "绿色产品", "smart": "智能产品"}
TIERS = ("合同", "协议", "意向", "现场订单", "合计")
SUMS = {"trade": "贸易成交", "investment": "投资项目", "strategic": "战略合作协议"}
NOT_GIVEN = "未填"
SHARES, MEMBERS, PLATFORM = ("占比", "占申报总额"), "成员代码", "平台编号"
WITHOUT_TOTAL = ("新产品、绿色与智能产品", "国家和地区组（重叠）", "成果分类")
Labels = Callable[[Dict[str, str]], List[str]]
_AMOUNT, _DAY = re.compile(r"-|-?[0-9]{1,30}"), re.compile(r"-|\d{4}-(0[1-9]|1[0-2])-(0[1-9]|1\d|2\d|3[01])")
FORMS = {"usd_minor": _AMOUNT, "cny_minor": _AMOUNT, "signed_on": _DAY, "delivery_until": _DAY}


class Ledger:
    """Sheet 15 followed line by line: its chain, the last word about each deal, the place of every line."""

    def __init__(self, sheet: Sheet) -> None:
        self.sheet, self.findings = sheet, []  # type: Tuple[Sheet, List[Finding]]
        self.first, self.last, self.head = 0, 0, GENESIS
        self.row_hashes: List[str] = []
        self.deals: Dict[str, Dict[str, str]] = {}
        self._marks: List[Tuple[int, str, str]] = []

    def line(self, row: int, texts: List[str]) -> None:
        """Take the next row of the sheet; what stands before the headings and after the last entry is not an entry."""
        names = [text[1:].partition("\n")[0] for text in texts[: len(FIELDS) + 2]]
        if not self.first and names == [*FIELDS, "prev_hash", "row_hash"]:
            self.first = row + 1
        elif self.first and row == (self.last or self.first - 1) + 1 and "".join(texts[1:2])[1:].isdigit():
            self.last = row
            self._entry(row, [text[1:] for text in texts[: len(FIELDS) + 2]], texts[len(FIELDS) + 2 :])

    def _entry(self, row: int, values: List[str], beside: List[str]) -> None:
        *fields, prev_hash, row_hash = values + [""] * (len(FIELDS) + 2 - len(values))
        entry, where = dict(zip(FIELDS, fields)), f"{self.sheet.tab}!{row}"
        if entry["seq"] != str(len(self.row_hashes) + 1):
            self._differs(where, "序号有缺口 the sequence has a gap", str(len(self.row_hashes) + 1), entry["seq"])
        if prev_hash != self.head:
            self._differs(where, "与上一条不相接 does not follow the line above", self.head, prev_hash)
        made = hashlib.sha256("FL1\n{}\n{}".format(prev_hash, "|".join(fields)).encode()).hexdigest()
        if made != row_hash:
            self._differs(where, "本条内容已被改动 the line was changed after it was written", row_hash, made)
        self.head = row_hash
        self.row_hashes.append(row_hash if re.fullmatch("[0-9a-f]{64}", row_hash) else GENESIS)
        for name, form in FORMS.items():
            if not form.fullmatch(entry[name]):
                self._differs(where, f"{name} 无法读取 cannot be read", "", entry[name])
                entry[name] = "-"
        self.deals.update({entry["deal_id"]: entry} if entry["deal_id"] != "-" else {})  # "-": about the fair itself
        dollars = "" if entry["usd_minor"] == "-" else number_text(Decimal(entry["usd_minor"]) / 100)
        mark, usd = (beside + ["", ""])[:2]
        if usd != dollars:
            self._differs(where, "美元列与本条不符 the USD beside is not the line's", dollars[1:], usd[1:])
        self._marks.append((row, entry["deal_id"], mark))

    def _differs(self, where: str, why: str, expected: str, actual: str) -> None:
        self.findings.append(Finding(where, why, expected, actual))

    def end(self) -> None:
        newest = {deal: row for row, deal, _mark in self._marks if deal != "-"}
        for row, deal, mark in self._marks:
            wanted, why = f"n{int(newest.get(deal) == row)}", "“最新一条”不符 it is wrong which entry is the last"
            if mark != wanted:
                self._differs(f"{self.sheet.tab}!{row}", why, wanted[1:], mark[1:])
        if not self.first:
            self._differs(self.sheet.tab, "没有账本的表头 the headings of the ledger are missing", "fair_id …", "")

    def sums(self, counts_as: str, labels: Labels) -> Dict[str, "Counter[str]"]:
        """Return for each label that deals of a sum ("" for all three) have what they add to the totals."""
        sums: Dict[str, Counter[str]] = {}
        for deal in self.deals.values():
            if counts_as in ("", deal["counts_as"]):
                for label in labels(deal):
                    sums.setdefault(label or NOT_GIVEN, Counter()).update(contribution(deal))
        return {label: adds for label, adds in sums.items() if any(adds.values())}


def worded(field: str) -> Labels:
    return lambda deal: [WORDS.get(deal[field], "" if deal[field] == "-" else deal[field])]


def coded(code: str, name: str) -> Labels:
    """Return labels by the code where it is short enough for the sheet, else by the Chinese name."""
    return lambda deal: [deal[code] if 0 < len(deal[code]) <= 20 and deal[code] != "-" else deal[name]]


def band(deal: Dict[str, str]) -> List[str]:
    usd = -1 if deal["usd_minor"] == "-" else int(deal["usd_minor"])
    return [name for name, floor in BANDS if usd >= floor][-1:]


def large(deal: Dict[str, str]) -> List[str]:
    return [name for name in band(deal) if name in [label for label, floor in BANDS if floor >= 10**8]]


def term(deal: Dict[str, str]) -> List[str]:
    if "-" in (deal["delivery_until"], deal["signed_on"]):
        return [NOT_GIVEN]
    days = (date.fromisoformat(deal["delivery_until"]) - date.fromisoformat(deal["signed_on"])).days
    return [next((name for name, most in TERMS if days <= most), "12个月以上")]


def of_delegation(labels: Labels) -> Labels:
    return lambda deal: [f"{deal['delegation_code']}|{labels(deal)[0] or NOT_GIVEN}"]


# Sheet and Chinese title of a table: the sum it is about ("": all three), and the labels a deal has in it.
TABLES: Dict[Tuple[int, str], Tuple[str, Labels]] = {
    (5, ""): ("trade", lambda deal: [deal["platform_id"]]),
    (10, ""): ("trade", worded("tier")),
    (10, "按日期"): ("trade", lambda deal: [deal["signed_on"]]),
    (11, "国家和地区"): ("trade", coded("country", "country_zh")),
    (11, "国家和地区组（重叠）"): ("trade", coded("country", "country_zh")),
    (12, "展会品类"): ("trade", coded("category_code", "category_zh")),
    (12, "按 HS 章"): ("trade", lambda deal: [deal["hs_code"][:2]]),
    (12, "按性质"): ("trade", worded("nature")),
    (12, "新产品、绿色与智能产品"): (
        "trade",
        lambda deal: [MARKS[mark] for mark in MARKS if mark in deal["marks"]],
    ),
    (13, "按供方所有制"): ("trade", worded("seller_ownership")),
    (13, "按交易团"): ("trade", coded("delegation_code", "delegation_zh")),
    (13, "按供方省份"): ("trade", lambda deal: [deal["seller_province"]]),
    (13, "按海关监管方式"): ("trade", worded("customs_mode")),
    (13, "按平台"): ("trade", coded("platform_id", "platform_zh")),
    (13, "按展区"): ("trade", coded("zone_code", "zone_zh")),
    (13, "按货源地"): ("trade", lambda deal: ["/".join(filter(None, (deal["seller_province"], deal["seller_city"])))]),
    (13, "按产业带"): ("trade", lambda deal: [deal["industrial_belt"]]),
    (13, "各交易团按所有制"): ("trade", of_delegation(worded("seller_ownership"))),
    (13, "各交易团按货源地"): ("trade", of_delegation(lambda deal: [deal["seller_province"]])),
    (14, "按单笔规模"): ("trade", band),
    (14, "大项目（100万美元以上，申报）"): ("trade", large),
    (14, "按交货期"): ("trade", term),
    (14, "一次性与按年"): ("trade", lambda deal: ["按年" if deal["basis"] == "yearly" else "一次性"]),
    (14, "按展区（按一年计）"): ("trade", coded("zone_code", "zone_zh")),
    (17, "成果分类"): ("", lambda deal: [SUMS.get(deal["counts_as"], "")]),
    (17, "投资项目"): ("investment", worded("tier")),
    (17, "大项目（100万美元以上，申报）"): ("investment", large),
    (17, "投资项目按国家和地区"): ("investment", coded("country", "country_zh")),
    (17, "战略合作协议"): ("strategic", worded("tier")),
}


def contribution(deal: Dict[str, str]) -> "Counter[str]":
    """Return what a deal adds to the totals: nothing when void, held or without a rate."""
    added: Counter[str] = Counter()
    if deal["held"] != "-" and deal["status"] != "void":
        return Counter({"held": 1})
    if deal["usd_minor"] == "-" and deal["counts_as"] != "strategic" and deal["status"] != "void":
        return Counter({"without_rate": 1})
    for total in REACHED.get(deal["status"], ("declared",)):
        money = {name: 0 if deal[f"{name}_minor"] == "-" else int(deal[f"{name}_minor"]) for name in ("usd", "cny")}
        added.update({f"{total} 笔数": 1, f"{total} 金额 USD": money["usd"], f"{total} 金额 CNY": money["cny"]})
    if added:
        for tier in (WORDS.get(deal["tier"], ""), "合计"):
            added.update({f"{tier} 笔数": 1, f"{tier} 金额 USD": added["declared 金额 USD"]})
    return added


class Table(NamedTuple):
    """A table on a sheet: its title, headings and the rows of its data; `total` is the row that adds up, or 0."""

    title: str
    head: int
    headings: List[str]
    rows: List[int]
    total: int


def tables_of(sheet: Sheet) -> List[Table]:
    """Return the tables of a sheet, known by their headings of two lines."""
    tables = []
    for head, texts in sheet.cells.items():
        if len(texts) < 2 or not all(text.startswith("s") and "\n" in text for text in texts):
            continue
        above = [text for text in sheet.cells.get(head - 1, []) if text]
        title = above[0][1:] if len(above) == 1 and head > 6 else ""
        rows, row = [], head + 1
        while sum(map(bool, sheet.cells.get(row, ()))) > 1 and not sheet.text(row, 1).startswith("s合计 Total"):
            rows.append(row)
            row += 1
        total = row if sheet.text(row, 1).startswith("s合计 Total") else 0
        tables.append(Table(title, head, [text[1:].partition("\n")[0] for text in texts], rows, total))
    return tables


def check_tables(sheets: List[Sheet], ledger: Ledger) -> Iterator[Finding]:
    """Check that every table of deals is there once, with all its columns, and holds what the ledger adds up to."""
    for (number, title), (counts_as, labels) in TABLES.items():
        tables = [(sheet, table) for sheet in sheets if sheet.number == number for table in tables_of(sheet)]
        matching = [(sheet, table) for sheet, table in tables if named(table, title)]
        if len(matching) != 1:
            why = "缺少此表或重复 this table is missing or stands twice"
            yield Finding(next((sheet.tab for sheet in sheets if sheet.number == number), str(number)), why, "1", title)
        for sheet, table in matching:
            sums = ledger.sums(counts_as, labels)
            names = TIERS if title.startswith("大项目") else tuple(TOTALS.values())
            money = ("笔数", "金额 USD", "金额 CNY")[: 3 if number == 10 else 2]
            wanted = {f"{name} {what}" for name in names for what in money}
            for name in sorted(wanted.difference(map(total_column, table.headings))):
                yield Finding(f"{sheet.tab}!{table.head}", "缺少一列 a column is missing", name)
            if table.rows and not table.total and title not in WITHOUT_TOTAL:
                yield Finding(f"{sheet.tab}!{table.head}", "缺少合计 the total is missing", title)
            yield from check_table(sheet, table, sums)
            yield from check_shares(sheet, table, sum(sums.values(), Counter())["declared 金额 USD"])


def check_table(sheet: Sheet, table: Table, sums: Dict[str, "Counter[str]"]) -> Iterator[Finding]:
    """Check a table of deals against the lines of the ledger; its labels are in the first columns."""
    columns = {at: name for at, name in enumerate(map(total_column, table.headings), 1) if name}
    members = table.headings.index(MEMBERS) + 1 if MEMBERS in table.headings else 0
    seen, groups = {}, {}  # type: Dict[str, List[int]], Dict[str, Counter[str]]
    for row in table.rows:
        label, codes = _label(sheet, row, table), set(sheet.text(row, members)[1:].split()) if members else set()
        seen.setdefault(label, []).append(row)
        groups[label] = sum((sums.get(code, Counter()) for code in codes), Counter())
    sums = groups if members else sums
    for label, rows in seen.items():
        for column, name in columns.items():
            yield from _compare(sheet, rows, column, sums.get(label, Counter())[name], table.headings[column - 1])
    for label in () if members or sheet.number == 5 else sums:
        if label not in seen and any(sums[label][name] for name in columns.values()):
            yield Finding(f"{sheet.tab}!{table.head}", "缺少一行 a row is missing", label)


def check_shares(sheet: Sheet, table: Table, declared: int) -> Iterator[Finding]:
    """Check shares of all that was declared: live formulas over the whole table; of groups, which overlap, numbers."""
    usd = next((at for at, name in enumerate(map(total_column, table.headings), 1) if name == "declared 金额 USD"), 0)
    for column, heading in enumerate(table.headings, 1):
        for row in table.rows if heading in SHARES and usd else ():
            over = f"SUM({letter(usd)}${table.rows[0]}:{letter(usd)}${table.rows[-1]})"
            wanted = f"fIF({over}=0,0,{letter(usd)}{row}/{over})"
            if heading == SHARES[1]:
                money = sheet.text(row, usd)
                part = round(Decimal(money[1:]) * 100) if money[:1] == "n" else 0
                wanted = number_text(Decimal(int(part) * 10_000 // declared) / 10_000) if declared else ""
            if sheet.text(row, column) != wanted:
                why = "占比不符 is not the share of what was declared"
                yield Finding(sheet.at(row, column), why, wanted[1:], sheet.text(row, column)[1:])


def _label(sheet: Sheet, row: int, table: Table) -> str:
    if table.title.startswith("各交易团按"):
        place = sheet.text(row, 4)[1:]
        return f"{sheet.text(row, 1)[1:]}|{place.split(' ')[0] if '所有制' in table.title else place}"
    if PLATFORM in table.headings:
        return sheet.text(row, table.headings.index(PLATFORM) + 1)[1:]
    return sheet.text(row, 1)[1:] or sheet.text(row, 2)[1:]


def named(table: Table, title: str) -> bool:
    return table.title.startswith(f"{title} ") if title else not table.title


def total_column(heading: str) -> str:
    """'declared 笔数' for the column 申报笔数, '' for a column that is none of the totals."""
    for words, name in (*TOTALS.items(), *zip(TIERS, TIERS)):
        what = heading[len(words) :].replace("全额", "金额")
        if heading.startswith(words) and what in ("笔数", "金额 USD", "金额 CNY"):
            return f"{name} {what}"
    return ""


def _compare(sheet: Sheet, rows: List[int], column: int, expected: int, heading: str) -> Iterator[Finding]:
    texts = [sheet.text(row, column) for row in rows]
    wanted = number_text(Decimal(expected) / 100 if "额" in heading else expected)
    actual = "; ".join(texts)
    if len(texts) > 1 and all(text.startswith("n") for text in texts):
        actual = number_text(sum(Decimal(text[1:]) for text in texts))
    if actual != wanted:
        why = "与账本逐笔之和不符 is not what the ledger adds up to"
        yield Finding(sheet.at(rows[0], column), why, wanted[1:], actual[1:])


class Checked(NamedTuple):
    findings: List[Finding]
    entries: int
    head: str
    root: str
    content: str


def check_workbook(path: Any) -> Checked:
    """Read a workbook and name every difference. Unreadable when it is none."""
    book = Book(path)
    try:
        return _check(book)
    except BROKEN as error:
        raise Unreadable(f"{type(error).__name__}: {error}") from error


def _check(book: Book) -> Checked:
    sheets, marks, stated, ledger = [], [], "", None  # type: List[Sheet], List[List[str]], str, Optional[Ledger]
    for tab, part in book.tabs:
        sheet = Sheet(tab)
        sheets.append(sheet)
        ledger = Ledger(sheet) if sheet.number == LEDGER else ledger
        for number, texts, styles in book.rows(sheet, part):
            if sheet.number == CHECKS and (marks or texts[:1] == ["s" + FINGERPRINTS]):
                marks.append(texts)
                continue
            if sheet.number == 0 and texts[:1] == ["s" + CONTENT_HASH]:
                stated, texts = "".join(texts[1:2]), [texts[0], "", *texts[2:]]
            sheet.seal.row(number, texts, styles)
            if sheet.number == LEDGER and ledger:
                ledger.line(number, texts)
            if sheet.number != LEDGER or number < 7:
                sheet.cells[number] = texts
    if ledger is None:
        raise Unreadable("没有账本工作表 there is no sheet of the ledger")
    return _judged(book, sheets, marks, stated, ledger)


def _judged(book: Book, sheets: List[Sheet], marks: List[List[str]], stated: str, ledger: Ledger) -> Checked:
    ledger.end()
    parts = part_hashes(book.zip, book.frames)
    content, root = content_hash((sheet.seal for sheet in sheets), parts), tree_root(ledger.row_hashes)
    findings = [*book.findings, *ledger.findings, *check_tables(sheets, ledger), *check_known_rows(sheets, ledger)]
    for sheet in sheets:
        findings += [*check_formulas(sheet, ledger), *check_words(sheet, ledger, root)]
    findings += check_seal(sheets, parts, marks)
    if stated != "s" + content:
        why = "内容指纹与封面不符 the cells are not those the cover states"
        findings.append(Finding(sheets[0].tab, why, stated[1:] or "(无 none)", content))
    return Checked(findings, len(ledger.row_hashes), ledger.head, root, content)


def check_seal(sheets: List[Sheet], parts: List[Tuple[str, str]], marks: List[List[str]]) -> Iterator[Finding]:
    """Check every sheet and part against its fingerprint on sheet 23; the marks of rows and columns name the cells."""
    stated: Dict[str, List[Tuple[str, ...]]] = {}
    if marks[:2] != [["s" + FINGERPRINTS], ["s" + heading for heading in SEAL_HEADINGS.split("|")]]:
        yield Finding(str(CHECKS), "指纹表的标题不符 the headings of the fingerprints are not ours")
    for texts in marks[2:]:
        texts = texts + [""] * (5 - len(texts))
        stated.setdefault(texts[0][1:], []).append(tuple(text[1:] for text in texts if text[:1] in ("", "s")))
    for sheet in sheets:
        yield from _check_sheet(sheet, stated.pop(sheet.tab, []))
    for name, digest in parts:
        if stated.pop(name, []) != [(name, "", digest, "", "")]:
            yield Finding(name, "部件与指纹不符 the part is not the one that was sealed")
    for name in stated:
        yield Finding(name, "工作表或部件已删除 a sealed sheet or part is gone")


def _check_sheet(sheet: Sheet, wanted: List[Tuple[str, ...]]) -> Iterator[Finding]:
    actual = sheet.seal.lines()
    if actual == wanted:
        return
    if not wanted:
        yield Finding(sheet.tab, "工作表没有指纹 the sheet has no fingerprint")
        return
    rows = _changed(" ".join(line[3] for line in wanted), " ".join(line[3] for line in actual))
    columns = _changed(wanted[0][4], actual[0][4])
    named = [(row, column) for row in rows for column in columns if row.isdigit()]
    for row, column in named[:200]:
        why = "单元格与指纹不符 the cell is not the one that was sealed"
        yield Finding(f"{sheet.tab}!{column}{row}", why, "", sheet.text(int(row), _column(column))[1:])
    if not named:
        why, changed = "工作表与指纹不符 the sheet is not the one that was sealed", ", ".join([*rows, *columns][:20])
        yield Finding(sheet.tab, why, wanted[0][2], f"{actual[0][2]} {changed}")


def _changed(wanted: str, actual: str) -> List[str]:
    before, after = set(wanted.split()), set(actual.split())
    marks = [mark for mark in [*actual.split(), *wanted.split()] if (mark in before) != (mark in after)]
    return list(dict.fromkeys(mark.partition(":")[0] for mark in marks))


def check_formulas(sheet: Sheet, ledger: Ledger) -> Iterator[Finding]:
    """Check that formulas add up whole tables, name no other file or function, and carry no stored result."""
    for (row, column), value in sheet.stored.items():
        yield Finding(sheet.at(row, column), "公式旁存有结果 a result is stored beside the formula", "", value)
    for table in tables_of(sheet):
        for column, text in enumerate(sheet.cells.get(table.total, [])[1:] if table.total else [], 2):
            over = f"{letter(column)}{table.head + 1}:{letter(column)}{table.total - 1}"
            wanted = f"fSUM({over})" if column <= len(table.headings) else ""
            if text != wanted and (text or total_column(table.headings[column - 1])):
                why = "合计不是全表之和 the total does not add up its table"
                yield Finding(sheet.at(table.total, column), why, wanted[1:], text[1:])
    for row, texts in sheet.cells.items():
        for column, text in enumerate(texts, 1):
            if not text.startswith("f"):
                continue
            names = set(re.findall(r"([A-Z][A-Z0-9.]*)\(", text))
            if not names <= FUNCTIONS or re.search(r"\[|https?:|\|", re.sub(r"'[^']*'!", "", text)):
                yield Finding(sheet.at(row, column), "不应有的公式 a formula that is not ours", "", text[1:])
            elif not _whole_ledger(text, ledger):
                why = "公式未涵盖全部账本 the formula leaves out lines of the ledger"
                yield Finding(sheet.at(row, column), why, f"{ledger.first}–{ledger.last}", text[1:])


def _whole_ledger(text: str, ledger: Ledger) -> bool:
    ranges = re.findall(rf"'{LEDGER} [^']*'!\$([A-Z]+)\$(\d+):\$([A-Z]+)\$(\d+)", text)
    bounds = {(ledger.first, ledger.last), (ledger.first + 1, ledger.last), (ledger.first, ledger.last - 1)}
    return all(left == right and (int(first), int(last)) in bounds for left, first, right, last in ranges)


def check_words(sheet: Sheet, ledger: Ledger, root: str) -> Iterator[Finding]:
    """Check the head, the root and the number of entries wherever the sheet states them."""
    entries = str(len(ledger.row_hashes))
    line = "".join(sheet.cells.get(4, [])[:1])
    stated = re.search(r"账本 Ledger: (\d+) / ([0-9a-f]{64})$", line)
    if stated is None or stated.groups() != (entries, ledger.head):
        why = "所称账本与工作表 15 不符 states another ledger than sheet 15"
        yield Finding(sheet.at(4, 1), why, f"{entries} / {ledger.head}", line[-90:])
    cover = [texts for texts in sheet.cells.values() if sheet.number == 0 and texts]
    for words, wanted in (("账本条数", entries), ("账本首哈希", ledger.head), ("账本树根", root)):
        cells = [texts[1:2] for texts in cover if texts[0].startswith("s" + words)]
        if cover and cells != [["s" + wanted]]:
            yield Finding(sheet.tab, "封面与账本不符 the cover states another ledger", wanted, f"{words} {cells}")


def check_known_rows(sheets: List[Sheet], ledger: Ledger) -> Iterator[Finding]:
    """Check the headline, the totals and the checks, rows known by their words; a check compares C with D."""
    for (number, heading), known in known_figures(ledger).items():
        seen: Counter[str] = Counter()
        tables = [(sheet, table) for sheet in sheets if sheet.number == number for table in tables_of(sheet)]
        tables = [(sheet, table) for sheet, table in tables if heading in table.headings]
        places = [(sheet, row, table.headings.index(heading) + 1) for sheet, table in tables for row in table.rows]
        for sheet, row, place in places:
            label, text = sheet.text(row, 1)[1:].split(" ")[0], sheet.text(row, place)
            seen[label] += 1
            if label in known and text != known[label]:
                why = "与账本逐笔之和不符 is not what the ledger adds up to"
                yield Finding(sheet.at(row, place), why, known[label][1:], text[1:])
            if number == CHECKS and sheet.text(row, 5) != f"fC{row}=D{row}":
                why = "检查公式不符 the check compares something else"
                yield Finding(sheet.at(row, 5), why, f"C{row}=D{row}", sheet.text(row, 5)[1:])
        for label in known:
            if seen[label] != 1:
                where = next((sheet.tab for sheet in sheets if sheet.number == number), str(number))
                yield Finding(where, "缺少此行或重复 this row is missing or stands twice", label, str(seen[label]))


def known_figures(ledger: Ledger) -> Dict[Tuple[int, str], Dict[str, str]]:
    """Return figures by sheet and column and the words of their row, as canonical texts."""
    trade: Counter[str] = sum(ledger.sums("trade", lambda deal: [""]).values(), Counter())
    all_sums: Counter[str] = sum(ledger.sums("", lambda deal: [""]).values(), Counter())
    headline = {"未折算": number_text(all_sums["without_rate"]), "待核暂缓": number_text(all_sums["held"])}
    beside, checks = {}, {}  # type: Dict[str, str], Dict[str, str]
    entries = len(ledger.row_hashes)
    if entries:
        checks = {"账本条数": number_text(entries), "末条哈希即封面哈希": "n1", "序号无缺口": "n0"}
    if entries > 1:
        checks["前后哈希相接"] = "n0"
    for words, name in TOTALS.items():
        money, deals = number_text(Decimal(trade[f"{name} 金额 USD"]) / 100), number_text(trade[f"{name} 笔数"])
        headline.update({f"{words}笔数": deals, f"{words}金额": money})
        beside[words] = money
        if entries:
            checks.update({f"{words}笔数＝逐笔账本之数": deals, f"{words}金额＝逐笔账本之和": money})
    return {(1, "本届"): headline, (10, "本届金额 USD"): beside, (CHECKS, "应为"): checks}


def hashed(*pieces: bytes) -> bytes:
    return hashlib.sha256(b"".join(pieces)).digest()


def tree_root(row_hashes: Sequence[str]) -> str:
    """Return the root of the tree of RFC 6962 over the ledger's row hashes."""
    level = [hashed(b"\x00", bytes.fromhex(row_hash)) for row_hash in row_hashes]
    while len(level) > 1:
        above = [hashed(b"\x01", left, right) for left, right in zip(level[::2], level[1::2])]
        level = above + level[len(above) * 2 :]
    return level[0].hex() if level else hashlib.sha256().hexdigest()


def root_from(row_hash: str, seq: int, size: int, path: Sequence[str]) -> str:
    """Return the root that a path leads to, '' when it is not a path of that entry."""
    node, place, last, rest = hashed(b"\x00", bytes.fromhex(row_hash)), seq - 1, size - 1, list(path)
    while last > 0:
        if place % 2 or place < last:
            if not rest:
                return ""
            beside = bytes.fromhex(rest.pop(0))
            node = hashed(b"\x01", *((beside, node) if place % 2 else (node, beside)))
        place, last = place // 2, last // 2
    return "" if rest or place else node.hex()


def check_receipt(path: str, root: str) -> Tuple[List[Finding], int]:
    """Check the entries of a receipt against the root that was published; return also how many there are."""
    try:
        with open(path, encoding="utf-8") as file:
            receipt = json.load(file)
        size, findings = int(receipt["publication"]["entries"]), []
        if receipt["publication"]["root"] != root:
            why = "回执的树根不是所给树根 the receipt states another root"
            findings.append(Finding(path, why, root, receipt["publication"]["root"]))
        for entry in receipt["entries"]:
            findings += _check_entry(entry, receipt["deal"], size, root)
    except BROKEN as error:
        raise Unreadable(f"{path}: {error}") from error
    if not receipt["entries"]:
        raise Unreadable(f"{path}: 没有条目 no entries")
    return findings, len(receipt["entries"])


def _check_entry(entry: Any, deal: int, size: int, root: str) -> Iterator[Finding]:
    fields, where = entry["fields"], f"条目 entry {entry['fields']['seq']}"
    text = "FL1\n{}\n{}".format(entry["prev_hash"], "|".join(fields[name] for name in FIELDS))
    made = hashlib.sha256(text.encode()).hexdigest()
    if made != entry["row_hash"] or set(fields) != set(FIELDS):
        yield Finding(where, "本条内容已被改动 the entry was changed", entry["row_hash"], made)
    if fields["deal_number"] != str(deal):
        yield Finding(where, "属于另一笔成交 belongs to another deal", str(deal), fields["deal_number"])
    led = root_from(entry["row_hash"], int(fields["seq"]), size, entry["path"])
    if led != root:
        yield Finding(where, "不在所公布的账本内 is not in the ledger that was published", root, led)


def main(arguments: Optional[Sequence[str]] = None) -> int:
    parser = argparse.ArgumentParser(description="核对 FairApp 工作簿或回执 · checks a FairApp workbook or a receipt")
    parser.add_argument("file", nargs="?", help="工作簿 the workbook (.xlsx)")
    parser.add_argument("--head", help="另行保存的账本首哈希 the head of the ledger that you kept outside")
    parser.add_argument("--content", help="另行保存的内容指纹 the content hash that you kept outside")
    parser.add_argument("--receipt", help="回执 a receipt (.json)")
    parser.add_argument("--root", help="所公布的账本树根 the root of the ledger that was published")
    options = parser.parse_args(arguments)
    if not options.file and not (options.receipt and options.root):
        parser.error("FILE, or --receipt FILE --root HASH")
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="replace")
    try:
        findings = list(_all_findings(options))
    except Unreadable as error:
        print(f"无法读取 cannot be read: {error}", file=sys.stderr)
        return 2
    for finding in findings:
        print(finding)
    print("✓ 全部相符 everything holds" if not findings else f"✗ {len(findings)} 处不符 differences")
    return 1 if findings else 0


def _all_findings(options: argparse.Namespace) -> Iterator[Finding]:
    root = options.root
    if options.file:
        checked = check_workbook(options.file)
        print(f"账本条数 entries: {checked.entries}\n账本首哈希 head: {checked.head}")
        print(f"账本树根 root: {checked.root}\n内容指纹 content: {checked.content}")
        yield from checked.findings
        expectations = (("--head", options.head, checked.head), ("--content", options.content, checked.content))
        for name, wanted, actual in (*expectations, ("--root", options.root, checked.root)):
            if wanted and wanted.strip().lower() != actual:
                yield Finding(name, "不是您所保存的哈希 is not the hash you kept", wanted, actual)
        root = root or checked.root
    if options.receipt:
        findings, count = check_receipt(options.receipt, root.strip().lower())
        print(f"回执条目 entries of the receipt: {count}")
        yield from findings


if __name__ == "__main__":
    sys.exit(main())
