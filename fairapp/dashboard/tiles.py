"""Figures as the home pages and the big screen write them: the same texts in the page and in its updates."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask_babel import ngettext, pgettext

from fairapp.core.text.i18n import _, number_text
from fairapp.core.text.money import short_money_text
from fairapp.fairs.models import Fair
from fairapp.gates.counting.queries import inside_now
from fairapp.reports.figures import current_figures

Figures = Mapping[str, Any]  # as reports.figures.current_figures returns them


@dataclass(frozen=True)
class Tile:
    """One figure: `key` names it in updates, `text` is what people read, `endpoint` the list behind it."""

    key: str
    label: str
    text: str
    note: str = ""
    endpoint: str = ""


def visitor_tiles(figures: Figures, inside: int) -> list[Tile]:
    """Return the five figures of docs/counting.md side by side, and who is inside now."""
    visitors = figures["visitors"]
    return [
        Tile("inside", _("Inside now"), number_text(inside), _("people")),
        Tile("visits", _("Visits"), number_text(visitors["visits"]), _("one a person and day")),
        Tile("unique_visitors", _("Unique visitors"), number_text(visitors["unique_visitors"]), _("each person once")),
        Tile("entries", pgettext("counted", "Entries"), number_text(visitors["entries"]), _("every admitted scan")),
        Tile("attendance", _("Total attendance"), number_text(visitors["attendance"]), _("with stand staff and press")),
        Tile("registrations", _("Registrations"), number_text(visitors["registrations"]), _("visitor badges issued")),
    ]


def deal_tiles(figures: Figures) -> list[Tile]:
    """Return the three totals, for ever side by side; what stands outside them is named."""
    deals = figures["deals"]
    words = {"declared": _("Declared"), "confirmed": _("Confirmed"), "verified": _("Verified")}
    tiles = [
        Tile(key, word, short_money_text(deals[key]["usd_minor"], "USD"), _deals(deals[key]["count"]))
        for key, word in words.items()
    ]
    return [
        *tiles,
        Tile("without_rate", _("Without a rate"), number_text(deals["without_rate"]["count"]), _("in no total")),
        Tile("held", _("Held"), number_text(deals["held"]["count"]), _("in no total")),
    ]


def exhibitor_tiles(figures: Figures) -> list[Tile]:
    """Return the numbers of exhibitors by kind, and of the booths they have."""
    exhibitors = figures["exhibitors"]
    words = {
        "suppliers": _("Suppliers"),
        "platforms": _("Platforms"),
        "service_providers": _("Service providers"),
        "associations": _("Associations"),
        "booths_assigned": _("Booths assigned"),
    }
    tiles = [Tile(key, word, number_text(exhibitors[key])) for key, word in words.items()]
    return [*tiles, *meeting_tiles(figures["meetings"])]


@dataclass(frozen=True)
class Board:
    """All figures of a fair at one moment."""

    as_of: datetime
    visitors: list[Tile]
    deals: list[Tile]
    exhibitors: list[Tile]

    @property
    def wall_tiles(self) -> list[Tile]:
        """The six that a whole hall may read: crowd, visits, people, and the three totals."""
        return [*self.visitors[:3], *self.deals[:3]]

    def texts(self) -> dict[str, str]:
        """Return what an open page writes anew: text by key."""
        return {tile.key: tile.text for tile in (*self.visitors, *self.deals, *self.exhibitors)}


def board_of(fair: Fair) -> Board:
    """Return the figures of the reports, and who is inside now."""
    current = current_figures(fair)
    moment = datetime.fromisoformat(current["as_of"])
    return Board(moment, visitor_tiles(current, inside_now(fair.id)), deal_tiles(current), exhibitor_tiles(current))


def _deals(count: int) -> str:
    words: str = ngettext("%(count)s deal", "%(count)s deals", count, count=number_text(count))
    return words


def meeting_tiles(known: dict[str, int]) -> list[Tile]:
    """Return the tile of the meetings: those held, and beside it what one side alone declares."""
    aside = _(
        "%(confirmed)s confirmed, %(proven)s proven; beside them %(declared)s declared by one side alone",
        confirmed=number_text(known["confirmed"]),
        proven=number_text(known["proven"]),
        declared=number_text(known["declared"]),
    )
    return [Tile("meetings", _("Meetings held"), number_text(known["held"]), aside)]
