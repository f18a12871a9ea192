"""Menus as data: what each person sees is what they may open."""

from dataclasses import dataclass

from flask import Flask, g, request, url_for
from flask_babel import LazyString

from fairapp.accounts.permissions import Permission as P
from fairapp.core.text.i18n import _l


@dataclass(frozen=True)
class Item:
    """A line of a menu; beside its blueprint's pages, those whose endpoint begins with one of `also` light it up."""

    label: LazyString
    endpoint: str
    icon: str
    permission: P
    also: tuple[str, ...] = ()


@dataclass(frozen=True)
class Link:
    """An item as a template needs it."""

    label: str
    url: str
    icon: str
    current: bool


MENUS: dict[str, tuple[Item, ...]] = {
    "desk": (
        Item(_l("Today"), "dashboard.today", "home", P.SEE_DESK),
        Item(_l("Exhibitors"), "exhibitors.exhibitors", "exhibitors", P.SEE_EXHIBITORS),
        Item(_l("Visitors"), "visitors.visitors", "visitors", P.SEE_VISITORS),
        Item(_l("Gates"), "gates.overview", "gates", P.SEE_GATES),
        Item(_l("Meetings"), "meetings.meetings", "meetings", P.SEE_MEETINGS),
        Item(_l("Deals"), "deals.deals", "deals", P.SEE_DEALS),
        Item(_l("Reports"), "reports.reports", "reports", P.SEE_FIGURES),
        Item(_l("Publications"), "reports.publications", "table", P.SEE_PUBLICATIONS, ("reports.publication",)),
        Item(_l("Settings"), "fairs.settings", "settings", P.MANAGE_FAIR, ("accounts.", "audit.")),
    ),
    "exhibitor": (
        Item(_l("Today"), "dashboard.my_day", "home", P.OWN_BOOTH),
        Item(_l("Deals"), "deals.my_deals", "deals", P.OWN_BOOTH),
        Item(_l("Meetings"), "meetings.my_meetings", "meetings", P.OWN_BOOTH),
        Item(_l("Booth"), "exhibitors.my_booth", "booth", P.OWN_BOOTH),
        Item(_l("Team"), "exhibitors.my_team", "visitors", P.OWN_BOOTH, ("visitors.my_badges",)),
    ),
}


def init_app(app: Flask) -> None:
    """Templates ask `menu('desk')`."""
    app.jinja_env.globals["menu"] = menu


def menu(name: str) -> list[Link]:
    """The lines of a menu that this person may open."""
    items = [item for item in MENUS[name] if g.actor.may(item.permission)]
    here = lit(items, request.endpoint or "")
    return [Link(str(item.label), url_for(item.endpoint), item.icon, item is here) for item in items]


def lit(items: list[Item], endpoint: str) -> Item | None:
    """The line a page belongs to: its own, else the first whose pages it is one of."""
    own = [item for item in items if item.endpoint == endpoint]
    named = [item for item in items if item.also and endpoint.startswith(item.also)]
    return next(iter(own + named + [item for item in items if endpoint.startswith(_pages(item))]), None)


def _pages(item: Item) -> tuple[str, ...]:
    blueprint, _, _ = item.endpoint.partition(".")
    return () if blueprint == "dashboard" else (f"{blueprint}.",)
