"""Menus as data: people see what they may open."""

from dataclasses import dataclass

from flask import Flask, g, request, url_for
from flask_babel import LazyString

from fairapp.accounts.permissions import Permission as P
from fairapp.core.text.i18n import _l


@dataclass(frozen=True)
class MenuItem:
    """A line of a menu; beside its blueprint's pages, those whose endpoint begins with one of `also` mark it as current."""

    label: LazyString
    endpoint: str
    icon: str
    permission: P
    also: tuple[str, ...] = ()


@dataclass(frozen=True)
class MenuLink:
    """An item as a template needs it."""

    label: str
    url: str
    icon: str
    current: bool


MENUS: dict[str, tuple[MenuItem, ...]] = {
    "desk": (
        MenuItem(_l("Today"), "dashboard.today", "home", P.SEE_DESK),
        MenuItem(_l("Exhibitors"), "exhibitors.exhibitors", "exhibitors", P.SEE_EXHIBITORS),
        MenuItem(_l("Visitors"), "visitors.visitors", "visitors", P.SEE_VISITORS),
        MenuItem(_l("Gates"), "gates.overview", "gates", P.SEE_GATES),
        MenuItem(_l("Meetings"), "meetings.meetings", "meetings", P.SEE_MEETINGS),
        MenuItem(_l("Deals"), "deals.deals", "deals", P.SEE_DEALS),
        MenuItem(_l("Reports"), "reports.reports", "reports", P.SEE_FIGURES),
        MenuItem(_l("Publications"), "reports.publications", "table", P.SEE_PUBLICATIONS, ("reports.publication",)),
        MenuItem(_l("Settings"), "fairs.settings", "settings", P.MANAGE_FAIR, ("accounts.", "audit.")),
    ),
    "exhibitor": (
        MenuItem(_l("Today"), "dashboard.my_day", "home", P.OWN_BOOTH),
        MenuItem(_l("Deals"), "deals.my_deals", "deals", P.OWN_BOOTH),
        MenuItem(_l("Meetings"), "meetings.my_meetings", "meetings", P.OWN_BOOTH),
        MenuItem(_l("Booth"), "exhibitors.my_booth", "booth", P.OWN_BOOTH),
        MenuItem(_l("Team"), "exhibitors.my_team", "visitors", P.OWN_BOOTH, ("visitors.my_badges",)),
    ),
}


def init_app(app: Flask) -> None:
    """Let templates call `menu('desk')`."""
    app.jinja_env.globals["menu"] = menu


def menu(name: str) -> list[MenuLink]:
    """List the lines of a menu that this person may open."""
    items = [item for item in MENUS[name] if g.actor.may(item.permission)]
    here = current_item(items, request.endpoint or "")
    return [MenuLink(str(item.label), url_for(item.endpoint), item.icon, item is here) for item in items]


def current_item(items: list[MenuItem], endpoint: str) -> MenuItem | None:
    """Return the line a page belongs to: its own, else the first whose pages it is one of."""
    own = [item for item in items if item.endpoint == endpoint]
    named = [item for item in items if item.also and endpoint.startswith(item.also)]
    return next(iter(own + named + [item for item in items if endpoint.startswith(_pages(item))]), None)


def _pages(item: MenuItem) -> tuple[str, ...]:
    blueprint, _, _ = item.endpoint.partition(".")
    return () if blueprint == "dashboard" else (f"{blueprint}.",)
