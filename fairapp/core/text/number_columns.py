"""The decimal sign of a column of a list, decided from all its cells; the file's separator helps where they are open."""

from collections.abc import Iterable
from dataclasses import dataclass

from fairapp.core.text.amounts import split_amount
from fairapp.core.text.numbers import ExactNumber, NumberError, Style, read_styles

SUGGESTED = {";": Style.COMMA, ",": Style.POINT}  # by the separator of a text file


@dataclass(frozen=True)
class ColumnStyle:
    """The style of a column; None while it is open. `is_chosen`: a person said so."""

    style: Style | None = None
    is_chosen: bool = False


def column_style(cells: Iterable[str], *, delimiter: str = "", chosen: str = "") -> ColumnStyle:
    """Return the style of a column: what a person chose; or what its cells demand, unless they contradict each other;
    or what the file's separator suggests."""
    if chosen:
        return ColumnStyle(Style(chosen), is_chosen=True)
    demanded = {style for cell in cells if (style := demanded_style(cell)) is not None}
    if demanded:
        return ColumnStyle(demanded.pop() if len(demanded) == 1 else None)
    return ColumnStyle(SUGGESTED.get(delimiter))


def demanded_style(cell: str) -> Style | None:
    """Return the style in which alone a cell can be read; None where both do, or none does."""
    if not cell or isinstance(cell, ExactNumber):
        return None
    try:
        styles = list(read_styles(split_amount(cell).figures))
    except NumberError:
        return None
    return styles[0] if len(styles) == 1 else None
