"""Every form a formula of the workbook may have: cells are `x`, the head of the ledger is `HASH`, a sheet its number."""

import re

from openpyxl.workbook import Workbook

_SUM = '15!x:x,15!x:x,1,15!x:x,"trade",15!x:x,"-"'
_COUNT = '15!x:x,1,15!x:x,"trade",15!x:x,"-",15!x:x,"<>-"'
_REACHED = ("declared,disputed,confirmed,verified", "confirmed,verified", "verified")


def _deals(form: str) -> set[str]:
    """One formula for each of the three totals: the deals that reached it, status by status."""
    return {"+".join(form.format(status) for status in statuses.split(",")) for statuses in _REACHED}


FORMS = {
    "x=x",
    "AND(x:x)",
    "IF(SUM(x:x)=0,0,x/SUM(x:x))",
    'IF(15!x="HASH",1,0)',
    "ROWS(15!x:x)",
    "SUM(x:x)",
    "SUM(6!x:x)",
    "SUMPRODUCT(--(15!x:x<>15!x:x))",
    "SUMPRODUCT(--(VALUE(15!x:x)<>ROW(15!x:x)-7+1))",
    *(f"ROUND(SUM({number}!x:x),2)" for number in range(10, 15)),
    *(f"ROUND({total},2)" for total in _deals(f'SUMIFS({_SUM},15!x:x,"{{}}")')),
    *_deals(f'COUNTIFS({_COUNT},15!x:x,"{{}}")'),
}
OF_A_PUBLICATION = {"ROUND(SUM(23!x:x),2)"}  # what moved since the one before


def forms_in(book: Workbook) -> set[str]:
    """Return the forms of all formulas of a workbook."""
    return {
        _form(str(cell.value)) for sheet in book for row in sheet.iter_rows() for cell in row if cell.data_type == "f"
    }


def _form(formula: str) -> str:
    named = re.sub(r"'(\d+) [^']*'!", r"\1!", formula.removeprefix("="))
    return re.sub(r"\$?\b[A-Z]{1,3}\$?[0-9]+\b", "x", re.sub(r'"[0-9a-f]{64}"', '"HASH"', named))
