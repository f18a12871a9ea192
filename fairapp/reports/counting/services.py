"""Changes to a fair's counting and naming: its profile, small cells, country groups and names, the last edition."""

from collections.abc import Iterable, Mapping
from datetime import date
from hashlib import sha256
from typing import Any, TypeVar

from sqlalchemy import select

from fairapp.audit import services as audit
from fairapp.audit.catalogue import Event
from fairapp.core.data import clock
from fairapp.core.data.db import FairScoped, db, translate_integrity_errors
from fairapp.core.data.ids import random_bytes
from fairapp.core.documents.spreadsheet import read_sheets
from fairapp.core.errors import DomainError
from fairapp.core.text.i18n import _, country_choices
from fairapp.core.web.access import Actor
from fairapp.deals.ledger.fair_facts import append_fair_facts
from fairapp.fairs.models import Fair
from fairapp.gates.counting.profiles import profile_named
from fairapp.reports.counting.country_groups import BUILT_IN_GROUPS
from fairapp.reports.counting.last_edition import HEADLINE, READ_SHEETS, last_edition, parse_figures
from fairapp.reports.counting.models import CountingSettings, CountryName, LastEdition, NamedCountryGroup
from fairapp.reports.counting.settings_queries import counting_settings

Row = TypeVar("Row", bound=FairScoped)
SEED_BYTES = 16
MAX_SOURCE_LENGTH = 400


def change_counting(*, actor: Actor, fair: Fair, profile: str, small_cells: int) -> None:
    """Choose the counting profile, and below which number people are kept back. DomainError unknown_profile."""
    fair.counting_profile = profile_named(profile).name
    settings = _settings_of(fair)
    settings.small_cells = small_cells
    db.session.flush()
    append_fair_facts(actor=actor, fair=fair)
    audit.record(
        Event.COUNTING_CHANGED, actor=actor, fair_id=fair.id, subject=fair, profile=profile, small_cells=small_cells
    )


def _settings_of(fair: Fair) -> CountingSettings:
    """Return the fair's row, made when there is none."""
    settings = counting_settings(fair.id)
    if settings is None:
        with translate_integrity_errors({"uq_counting_settings_fair": _changed_meanwhile()}):
            db.session.add(CountingSettings(fair_id=fair.id))
        settings = counting_settings(fair.id)
    assert settings is not None
    return settings


def record_audit_pack(*, actor: Actor, fair: Fair, subject: Any) -> str:
    """Record that an audit pack is made; return the seed (hex) of its sample.

    It is drawn the first time and stored, so that everyone draws the same people.
    """
    settings = _settings_of(fair)
    settings.sample_seed = settings.sample_seed or random_bytes(SEED_BYTES).hex()
    db.session.flush()
    audit.record(Event.AUDIT_PACK_MADE, actor=actor, fair_id=fair.id, subject=subject, sample_seed=settings.sample_seed)
    return settings.sample_seed


def add_country_group(
    *, actor: Actor, fair: Fair, key: str, name_zh: str, name_en: str, as_of: date, source: str, members: str
) -> NamedCountryGroup:
    """Store a further list of the organiser's.

    DomainError `known_group` at the key, `unknown_country` at the members.
    """
    taken_refusal = DomainError("known_group", _("A group has this short name. Choose another one."), field="key")
    if key in BUILT_IN_GROUPS:
        raise taken_refusal
    group = NamedCountryGroup(fair_id=fair.id, key=key)
    group.name_zh, group.name_en, group.as_of, group.source = name_zh, name_en, as_of, source
    return _store_group(actor, group, members, taken_refusal)


def change_country_group(
    *, actor: Actor, fair: Fair, key: str, name_zh: str, name_en: str, as_of: date, source: str, members: str
) -> NamedCountryGroup:
    """Store the organiser's list under a key; `members` are ISO 3166 codes, in any order, and may be none.

    DomainError `unknown_country` at the field, naming each code that is not one.
    """
    group = _row_of(NamedCountryGroup, fair, key=key)
    group.name_zh, group.name_en, group.as_of, group.source = name_zh, name_en, as_of, source
    return _store_group(actor, group, members, _changed_meanwhile())


def _store_group(actor: Actor, group: NamedCountryGroup, members: str, taken_refusal: DomainError) -> NamedCountryGroup:
    codes = sorted(set(members.upper().replace(",", " ").split()))
    _check_codes(codes)
    group.members, group.changed_at = " ".join(codes), clock.now()
    with translate_integrity_errors({"uq_country_groups_key": taken_refusal}):
        db.session.add(group)
    as_of = group.as_of.isoformat()
    audit.record(
        Event.COUNTRY_GROUP_CHANGED, actor=actor, fair_id=group.fair_id, subject=group, key=group.key, as_of=as_of
    )
    return group


def restore_country_group(*, actor: Actor, fair: Fair, key: str) -> None:
    """Delete the organiser's list: one that came with the program stands again."""
    group = _row_of(NamedCountryGroup, fair, key=key)
    if db.session.object_session(group) is not None:
        db.session.delete(group)
        db.session.flush()
    audit.record(Event.COUNTRY_GROUP_CHANGED, actor=actor, fair_id=fair.id, subject=fair, key=key, restored=True)


def change_country_name(*, actor: Actor, fair: Fair, code: str, name_zh: str, name_en: str) -> None:
    """Name a country or region in the fair's tables; two empty names bring the usual ones back."""
    _check_codes([code])
    name = _row_of(CountryName, fair, code=code)
    if name_zh and name_en:
        name.name_zh, name.name_en = name_zh, name_en
        _add_row(name, "uq_country_names_code")
    elif name_zh or name_en:
        raise DomainError("one_language", _("Write the name in both languages, or in neither."), field="name_en")
    elif db.session.object_session(name) is not None:
        db.session.delete(name)
        db.session.flush()
    audit.record(Event.COUNTRY_NAMED, actor=actor, fair_id=fair.id, subject=fair, code=code)


def record_last_edition(
    *, actor: Actor, fair: Fair, name_zh: str, name_en: str, headline: Mapping[str, int | None]
) -> LastEdition:
    """Store what was typed of the last edition: figures by the names of HEADLINE, USD in minor units, None: unknown."""
    edition = _edition(fair)
    others = {key: value for key, value in (edition.figures or {}).items() if not key.startswith("headline:")}
    typed = {f"headline:{name}:value": headline.get(name) for name in HEADLINE}
    figures = others | {key: value for key, value in typed.items() if value is not None}
    edition.figures, edition.source = figures, _merged_source(figures, edition, actor)
    edition.name_zh, edition.name_en = name_zh, name_en
    return _store_edition(edition, actor)


def _merged_source(figures: Mapping[str, int], before: LastEdition, actor: Actor) -> str:
    """Where these figures come from: whence they came before, as far as they stand, and the person who changed some."""
    if not any(before.figures.get(name) == value for name, value in figures.items()):
        return actor.label
    if figures == before.figures or actor.label in before.source.split("; "):
        return before.source
    return f"{before.source}; {actor.label}"[:MAX_SOURCE_LENGTH]


def import_last_edition(*, actor: Actor, fair: Fair, content: bytes, filename: str) -> tuple[LastEdition, list[str]]:
    """Read the last edition's figures out of its workbook; return also the numbers of the sheets too long to be read.

    DomainError of core.documents.spreadsheet, or `no_figures`.
    """
    sheets, left_out = read_sheets(content, first_words=READ_SHEETS)
    figures = parse_figures(sheets)
    if not figures:
        raise DomainError(
            "no_figures",
            _("This is no workbook of FairApp: it has no sheet with figures by their codes."),
            field="file",
        )
    edition = _edition(fair)
    edition.figures, edition.source = figures, f"{filename[:200]} SHA-256 {sha256(content).hexdigest()}"
    return _store_edition(edition, actor), sorted({name.partition(" ")[0] for name in left_out}, key=int)


def _edition(fair: Fair) -> LastEdition:
    return last_edition(fair.id) or LastEdition(fair_id=fair.id, figures={})


def _store_edition(edition: LastEdition, actor: Actor) -> LastEdition:
    edition.changed_at = clock.now()
    _add_row(edition, "uq_last_editions_fair")
    audit.record(
        Event.LAST_EDITION_RECORDED, actor=actor, fair_id=edition.fair_id, subject=edition, source=edition.source
    )
    return edition


def _row_of(model: type[Row], fair: Fair, **key: Any) -> Row:
    row = db.session.scalar(select(model).filter_by(fair_id=fair.id, **key))
    return row or model(fair_id=fair.id, **key)


def _add_row(row: FairScoped, unique: str) -> None:
    with translate_integrity_errors({unique: _changed_meanwhile()}):
        db.session.add(row)


def _changed_meanwhile() -> DomainError:
    return DomainError("changed_meanwhile", _("Someone else changed this just now. Look again."), status=409)


def _check_codes(codes: Iterable[str]) -> None:
    iso_codes = {code for code, _name in country_choices()}
    unknown = [code for code in codes if code not in iso_codes]
    if unknown:
        message = _("These are no ISO 3166 codes: %(codes)s", codes=" ".join(unknown)[:200])
        raise DomainError("unknown_country", message, field="members")
