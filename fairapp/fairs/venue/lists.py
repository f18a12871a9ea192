"""The lists of the settings, each with its record, form, query and texts."""

from dataclasses import dataclass
from typing import Any

from flask import g, url_for

from fairapp.core.text.i18n import _, _l
from fairapp.fairs.models import Delegation, Gate, Hall, ProductCategory, VenuePart, VisitorCategory, Zone
from fairapp.fairs.venue import forms, queries


@dataclass(frozen=True)
class SettingsList:
    """One list of the settings: its record, form, query and texts."""

    model: type[VenuePart]
    form: type[forms.PartForm]
    query: Any
    title: Any
    add: Any
    empty: Any


LISTS: dict[str, SettingsList] = {
    "halls": SettingsList(
        Hall,
        forms.HallForm,
        queries.halls,
        _l("Halls"),
        _l("Add hall"),
        _l("Booths stand in halls: add the first one."),
    ),
    "zones": SettingsList(
        Zone,
        forms.ZoneForm,
        queries.zones_with_admissions,
        _l("Zones"),
        _l("Add zone"),
        _l("A zone has a theme of its own, and may admit some badges only or limit its crowd."),
    ),
    "gates": SettingsList(
        Gate,
        forms.GateForm,
        lambda fair: queries.gates(fair, closed_too=True),
        _l("Gates"),
        _l("Add gate"),
        _l("Badges are scanned at gates: add the first one."),
    ),
    "categories": SettingsList(
        VisitorCategory,
        forms.CategoryForm,
        queries.visitor_categories,
        _l("Badge categories"),
        _l("Add badge category"),
        _l("Nobody can get a badge without a category: add one."),
    ),
    "products": SettingsList(
        ProductCategory,
        forms.ProductForm,
        queries.product_categories,
        _l("Product categories"),
        _l("Add product category"),
        _l("Exhibitors, meetings and deals are counted by these: add the first one."),
    ),
    "delegations": SettingsList(
        Delegation,
        forms.DelegationForm,
        queries.delegations,
        _l("Delegations"),
        _l("Add delegation"),
        _l("Trading groups that come and report together: add the first one."),
    ),
}


def settings_tabs(current: str) -> list[tuple[Any, str, bool, int | None]]:
    """Return the tabs of the settings: (label, address, whether it is the current one, count)."""
    counts = queries.count_records(g.fair)
    tabs: list[tuple[Any, str, bool, int | None]] = [
        (_("General"), url_for("fairs.settings"), current == "general", None),
        (_("Dates and states"), url_for("fairs.states"), current == "states", None),
    ]
    for name, kind in LISTS.items():
        tabs.append((kind.title, url_for("fairs.parts", part=name), current == name, counts[name]))
    tabs.insert(4, (_("Booths"), url_for("fairs.booths"), current == "booths", counts["booths"]))
    return tabs
