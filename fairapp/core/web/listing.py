"""Pages of a long list: the same for every table on every desk."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar
from urllib.parse import urlencode

from flask import request, url_for
from sqlalchemy import Select, func, select

from fairapp.core.data.db import db

Row = TypeVar("Row")
PER_PAGE = 50


@dataclass(frozen=True)
class Page(Generic[Row]):
    """Rows `first`..`last` of `total`, with links to the pages beside it."""

    rows: list[Row]
    number: int
    total: int
    per_page: int = PER_PAGE

    def __iter__(self) -> Iterator[Row]:
        return iter(self.rows)

    @property
    def pages(self) -> int:
        return max(1, -(-self.total // self.per_page))

    @property
    def first(self) -> int:
        return (self.number - 1) * self.per_page + 1 if self.total else 0

    @property
    def last(self) -> int:
        return min(self.number * self.per_page, self.total)

    def url(self, number: int) -> str | None:
        """Return the address of page `number` with the same filters, or None when there is no such page."""
        if not 1 <= number <= self.pages:
            return None
        return _address_of_this_list({"page"}, page=number)


def page_number() -> int:
    """Return the number of the page asked for; nonsense is page 1."""
    text = request.args.get("page", "1")
    return max(1, int(text)) if text.isascii() and text.isdecimal() and len(text) < 7 else 1


def paginate(query: Select[Any], *, total: int | None = None, per_page: int = PER_PAGE) -> Page[Any]:
    """Return the page of `query` that the address asks for; records come as scalars, several columns as rows.

    Give `total` where a kept summary knows it: counting is the dear part of a long list.
    """
    if total is None:
        total = db.session.scalar(select(func.count()).select_from(query.order_by(None).subquery())) or 0
    number = min(page_number(), max(1, -(-total // per_page)))
    result = db.session.execute(query.limit(per_page).offset((number - 1) * per_page)).unique()
    is_scalar = len(query.column_descriptions) == 1
    return Page(list(result.scalars() if is_scalar else result), number, total, per_page)


def paginate_rows(rows: Sequence[Row], per_page: int = PER_PAGE) -> Page[Row]:
    """Return the page that the address asks for of rows that are all at hand."""
    number = min(page_number(), max(1, -(-len(rows) // per_page)))
    return Page(list(rows[(number - 1) * per_page : number * per_page]), number, len(rows), per_page)


def order_from(columns: dict[str, Any], default: str) -> list[Any]:
    """Return the ORDER BY terms for `?sort=name` or `?sort=-name`; an unknown word is the default."""
    wanted = request.args.get("sort", default)
    if wanted.removeprefix("-") not in columns:
        wanted = default
    column = columns[wanted.removeprefix("-")]
    return [column.desc() if wanted.startswith("-") else column.asc()]


def sort_url(name: str) -> str:
    """Return the address of this list sorted by `name`; a second click turns it round."""
    turned = f"-{name}" if request.args.get("sort") == name else name
    return _address_of_this_list({"page", "sort"}, sort=turned)


def _address_of_this_list(without: set[str], **changed: Any) -> str:
    """Return the address as it stands, without some of its parameters and with others."""
    rest = [(key, value) for key, value in request.args.items(multi=True) if key not in without | {"lang"}]
    return _with_query(url_for(request.endpoint or "", **(request.view_args or {})), [*rest, *changed.items()])


def without_filter(name: str) -> str:
    """Return the address of this list without one of its filters."""
    return _address_of_this_list({name, "page"})


def same_filters(endpoint: str) -> str:
    """Return the address of another view that reads the filters of this list, as they stand in the address."""
    filters = [(key, value) for key, value in request.args.items(multi=True) if key not in {"page", "lang"}]
    return _with_query(url_for(endpoint), filters)


def _with_query(address: str, pairs: list[tuple[str, Any]]) -> str:
    """Return the address with what follows the question mark: people's words never become `url_for`'s own."""
    return f"{address}?{urlencode(pairs, errors='replace')}" if pairs else address
