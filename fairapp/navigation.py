"""Menus as data: what each person sees is what they may open."""

from dataclasses import dataclass
from typing import Any

from flask import Flask, current_app, g, request, url_for
from flask_babel import LazyString

from fairapp.accounts.permissions import Permission as P
from fairapp.core.i18n import _l


@dataclass(frozen=True)
class Item:
    """A line of a menu; `section` is the blueprint whose pages light it up."""

    label: LazyString
    endpoint: str
    icon: str
    permission: P
    section: str = ""


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
        Item(_l("Settings"), "fairs.settings", "settings", P.MANAGE_FAIR),
    ),
    "exhibitor": (
        Item(_l("Today"), "dashboard.my_day", "home", P.OWN_BOOTH),
        Item(_l("Deals"), "deals.my_deals", "deals", P.OWN_BOOTH),
        Item(_l("Meetings"), "meetings.my_meetings", "meetings", P.OWN_BOOTH),
        Item(_l("Booth"), "exhibitors.my_booth", "booth", P.OWN_BOOTH),
        Item(_l("Team"), "exhibitors.my_team", "visitors", P.OWN_BOOTH),
    ),
}


def init_app(app: Flask) -> None:
    """Templates ask `menu('desk')`."""
    app.jinja_env.globals["menu"] = menu


def menu(name: str) -> list[Link]:
    """The lines of a menu that this person may open."""
    views = current_app.view_functions
    return [link(item) for item in MENUS[name] if g.actor.may(item.permission) and item.endpoint in views]


def link(item: Item) -> Link:
    blueprint, _, _ = item.endpoint.partition(".")
    here: Any = request.endpoint or ""
    current = here == item.endpoint or (item.label != _l("Today") and here.startswith(f"{blueprint}."))
    return Link(str(item.label), url_for(item.endpoint), item.icon, current)
