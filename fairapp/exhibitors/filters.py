"""What the desk's lists are filtered by, exported as and called; and decisions about what was ticked in them."""

from collections.abc import Iterable, Sequence
from dataclasses import fields
from datetime import datetime
from typing import Any
from uuid import UUID

from babel.dates import format_skeleton

from fairapp.audit.catalogue import Event
from fairapp.core.data import clock
from fairapp.core.text.i18n import _, country_name, current_locale, localised
from fairapp.core.web.access import Actor
from fairapp.core.web.forms import has_forbidden_characters
from fairapp.exhibitors import queries, rules, services
from fairapp.exhibitors.models import Exhibitor
from fairapp.fairs import queries as ground
from fairapp.fairs.models import Fair

Options = list[tuple[str, str]]


def wanted_from(args: Any) -> queries.Wanted:
    """The filters of the address, without what no name has and cut where too long; unknown ones are no filters."""
    return queries.Wanted(**{part.name: _word(args.get(part.name, "")) for part in fields(queries.Wanted)})


def _word(text: str) -> str:
    return " ".join("".join(sign for sign in text[:200] if not has_forbidden_characters(sign)).split())


def filters_of(fair: Fair) -> dict[str, Options]:
    """The choices of each filter, translated; the first means all."""
    return {
        "status": _options(_("All statuses"), rules.STATUSES),
        "kind": _options(_("All kinds"), rules.KINDS),
        "zone": _records(_("All zones"), ground.zones(fair)),
        "delegation": _records(_("All delegations"), ground.delegations(fair)),
        "hall": _records(_("All halls"), ground.halls(fair)),
        "country": [
            ("", _("All countries and regions")),
            *((code, country_name(code)) for code in queries.countries_of(fair.id)),
        ],
        "booth": [("", _("With or without booth")), ("with", _("With a booth")), ("without", _("Without a booth"))],
        "takes_part": [("", _("Exhibitors and hosts")), ("exhibits", _("Exhibitors")), ("hosts", _("Hosts only"))],
    }


def _options(everything: str, words: dict[Any, Any]) -> Options:
    return [("", everything), *((str(code), str(word)) for code, word in words.items())]


def _records(everything: str, records: Iterable[Any]) -> Options:
    return [("", everything), *((one.code, localised(one)) for one in records)]


def ids_from(texts: Iterable[str]) -> list[UUID]:
    """The ids among `texts`, each once; what is no id is left out."""
    found = []
    for text in dict.fromkeys(texts):
        try:
            found.append(UUID(text))
        except ValueError:
            continue
    return found[:500]


def decide_all(actor: Actor, fair: Fair, chosen: Sequence[Exhibitor], verb: str, reason: str) -> None:
    """Approve or refuse what was ticked."""
    if verb == "approve":
        services.approve_exhibitors(actor=actor, fair=fair, exhibitors=chosen)
    else:
        services.refuse_exhibitors(actor=actor, fair=fair, exhibitors=chosen, reason=reason)


def export_table(fair: Fair, exhibitors: Sequence[Exhibitor]) -> tuple[list[str], list[list[Any]]]:
    """Headings and rows of the list as a file."""
    booths = queries.live_booths(fair.id, [one.id for one in exhibitors])
    zones: dict[Any, str] = {one.id: localised(one) for one in ground.zones(fair)}
    delegations: dict[Any, str] = {one.id: localised(one) for one in ground.delegations(fair)}
    rows = [
        [
            one.reference,
            one.name_zh,
            one.name_en,
            str(rules.KINDS[one.kind]),
            str(rules.STATUSES[one.status]),
            country_name(one.country),
            one.province,
            one.city,
            one.credit_code or one.registration_number,
            zones.get(one.zone_id, ""),
            delegations.get(one.delegation_id, ""),
            ", ".join(dict.fromkeys(localised(line.booth.hall) for line in booths.get(one.id, []))),
            ", ".join(line.booth.number for line in booths.get(one.id, [])),
            one.contact_name,
            one.contact_email,
            one.contact_phone,
            one.website,
            one.applied_at,
        ]
        for one in exhibitors
    ]
    return _headings(), rows


def _headings() -> list[str]:
    return [
        _("Reference"),
        _("Name in Chinese"),
        _("Name in English"),
        _("Kind"),
        _("Status"),
        _("Country or region"),
        _("Province or state"),
        _("City"),
        _("Credit code or registration number"),
        _("Zone"),
        _("Delegation"),
        _("Hall"),
        _("Booth"),
        _("Contact person"),
        _("E-mail"),
        _("Phone"),
        _("Website"),
        _("Came in"),
    ]


def day_words(moment: datetime, fair: Fair) -> str:
    """A day as one says it: 周三 11月25日, Wed 25 Nov; on the fair's clock."""
    local = clock.in_zone(moment, fair.time_zone)
    return format_skeleton("MMMEd", local, locale=current_locale(), tzinfo=local.tzinfo)


def event_words() -> dict[str, str]:
    """What the trail's events mean on an exhibitor's page."""
    return {
        Event.APPLICATION_SUBMITTED: _("Application came in"),
        Event.EXHIBITOR_APPROVED: _("Approved"),
        Event.EXHIBITOR_REFUSED: _("Refused"),
        Event.EXHIBITOR_WITHDRAWN: _("Withdrawn"),
        Event.EXHIBITOR_CHANGED: _("Data changed"),
        Event.BOOTH_HELD: _("Booth held"),
        Event.BOOTH_ASSIGNED: _("Booth assigned"),
        Event.BOOTH_RELEASED: _("Booth released"),
        Event.PRODUCT_ADDED: _("Product added"),
        Event.PRODUCT_CHANGED: _("Product changed"),
        Event.PRODUCT_REMOVED: _("Product removed"),
    }
