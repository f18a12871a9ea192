"""How a fair counts and names: chosen, dated, audited; and the last edition beside this one."""

from datetime import date
from io import BytesIO
from typing import Any

import pytest
from apiflask import APIFlask
from openpyxl import Workbook
from sqlalchemy import select

from fairapp.accounts.permissions import Role
from fairapp.audit.catalogue import Event
from fairapp.audit.models import FairEvent
from fairapp.core.data.db import db, snapshot, transaction
from fairapp.core.errors import DomainError
from fairapp.core.web.access import Actor
from fairapp.deals.draft import Side
from fairapp.fairs.models import Fair
from fairapp.reports.counting import services as counting
from fairapp.reports.counting.country_groups import BUILT_IN_GROUPS, country_namer, reported_groups
from fairapp.reports.counting.last_edition import HEADLINE, last_edition, last_figures, parse_figures
from fairapp.reports.counting.settings_queries import small_cells
from fairapp.reports.fair_workbook import DEFINITIONS, NEWEST, collect_facts, read_sheet, write_fair_workbook
from fairapp.reports.figures import current_figures
from fairapp.reports.sheets.visitor_origin import visitor_origin
from tests.factories.deals import declare
from tests.factories.foundation import make_actor, make_fair, make_person
from tests.factories.gates import make_doors


@pytest.fixture
def fair(app: APIFlask) -> Fair:
    return make_fair("counted")


@pytest.fixture
def organiser(fair: Fair) -> Actor:
    return make_actor(fair, Role.ORGANISER)


def group(**changes: object) -> dict[str, object]:
    values = {
        "key": "asean",
        "name_zh": "东盟",
        "name_en": "ASEAN",
        "as_of": date(2025, 10, 26),
        "source": "11 members",
    }
    return {**values, "members": "BN KH ID LA MY MM PH SG TH VN TL", **changes}


def test_profile_and_small_cells_are_chosen_and_audited(fair: Fair, organiser: Actor) -> None:
    with transaction():
        counting.change_counting(actor=organiser, fair=fair, profile="fkm-1", small_cells=5)
    assert (fair.counting_profile, small_cells(fair.id)) == ("fkm-1", 5)
    assert current_figures(fair)["profile"] == "fkm-1"
    with pytest.raises(DomainError), transaction():
        counting.change_counting(actor=organiser, fair=fair, profile="fkm-9", small_cells=5)


def test_a_group_of_the_organiser_stands_in_place_of_the_programs(fair: Fair, organiser: Actor) -> None:
    with transaction():
        counting.change_country_group(actor=organiser, fair=fair, **group())
        counting.change_country_group(actor=organiser, fair=fair, **group(key="mine", name_en="Mine", members="FR,de"))
        counting.change_country_group(actor=organiser, fair=fair, **group(key="brics", members=""))
    groups = {country_group.key: country_group for country_group in reported_groups(fair.id)}
    assert "TL" in groups["asean"].members and "TL" not in BUILT_IN_GROUPS["asean"].members
    assert groups["mine"].members == {"DE", "FR"}
    assert "brics" not in groups
    with transaction():
        counting.restore_country_group(actor=organiser, fair=fair, key="asean")
    assert {country_group.key: country_group for country_group in reported_groups(fair.id)}["asean"] == BUILT_IN_GROUPS[
        "asean"
    ]


def test_another_group_takes_no_list_of_an_old_one(fair: Fair, organiser: Actor) -> None:
    with transaction():
        counting.add_country_group(actor=organiser, fair=fair, **group(key="mine"))
    for key in ("asean", "mine"):
        with pytest.raises(DomainError, match="known_group"), transaction():
            counting.add_country_group(actor=organiser, fair=fair, **group(key=key, name_en="Other", members="FR"))
    assert {
        country_group.name.en for country_group in reported_groups(fair.id) if country_group.key in {"asean", "mine"}
    } == {"ASEAN"}


def test_a_group_holds_countries_alone(fair: Fair, organiser: Actor) -> None:
    with pytest.raises(DomainError) as refused, transaction():
        counting.change_country_group(actor=organiser, fair=fair, **group(members="MY XX EUROPE"))
    assert "XX" in str(refused.value.message) and refused.value.field == "members"


def test_a_country_is_called_as_the_organiser_says(fair: Fair, organiser: Actor) -> None:
    with transaction():
        counting.change_country_name(actor=organiser, fair=fair, code="KR", name_zh="韩国", name_en="Korea")
    assert country_namer(fair.id)("KR").en == "Korea"
    with transaction():
        counting.change_country_name(actor=organiser, fair=fair, code="KR", name_zh="", name_en="")
    assert country_namer(fair.id)("KR").en != "Korea"
    with pytest.raises(DomainError), transaction():
        counting.change_country_name(actor=organiser, fair=fair, code="KR", name_zh="韩国", name_en="")


def test_the_shipped_groups_are_whole() -> None:
    sizes = {key: len(country_group.members) for key, country_group in BUILT_IN_GROUPS.items()}
    assert sizes["belt_and_road"] == 140
    assert (sizes["asean"], sizes["rcep"], sizes["eu"], sizes["ldc"], sizes["lldc"], sizes["sids"]) == (
        10, 14, 27, 46, 32, 38,
    )  # fmt: skip


# --- the last edition -----------------------------------------------------------------------------


def test_what_was_typed_stands_beside_this_edition_with_the_change(fair: Fair, organiser: Actor) -> None:
    typed = {"visitors.visits": 200, "deals.declared.usd": 150_00, "meetings.held": None}
    with transaction():
        counting.record_last_edition(actor=organiser, fair=fair, name_zh="", name_en="2020", headline=typed)
    assert last_figures(fair.id).get("headline", "deals.declared.usd", "value") == 150_00
    lines = {row[5]: row for row in read_sheet(fair, 1).tables[0].rows}
    assert lines["visitors.visits"][2:5] == (0, 200, -1)
    assert lines["deals.declared.usd"][3] == 150
    assert lines["meetings.held"][3:5] == (None, None)
    assert set(HEADLINE) == {name for name in lines if name}


def test_the_workbook_of_one_edition_is_read_by_the_next(app: APIFlask, organiser: Actor, fair: Fair) -> None:
    doors = make_doors()
    for country in ("CN", "MY", "MY", "SG"):
        doors.enter(doors.badge(country=country), 10)
    out = BytesIO()
    write_fair_workbook(doors.fair, out)
    with transaction():
        counting.import_last_edition(actor=organiser, fair=fair, content=out.getvalue(), filename="2020.xlsx")
    last = last_figures(fair.id)
    assert last.get("headline", "visitors.unique_visitors", "value") == 4
    assert (last.get("visitor_country", "MY"), last.get("visitor_group", "asean")) == (2, 3)
    edition = last_edition(fair.id)
    assert edition is not None and edition.source.startswith("2020.xlsx SHA-256 ")


def workbook_with(rows: list[list[Any]], **more: list[list[Any]]) -> bytes:
    book, out = Workbook(), BytesIO()
    book.remove(book.active)
    for title, lines in {"1 Overview": rows, **more}.items():
        sheet = book.create_sheet(title)
        for row in lines:
            sheet.append(row)
    book.save(out)
    return out.getvalue()


def test_the_file_stays_the_source_of_what_nobody_typed(fair: Fair, organiser: Actor) -> None:
    content = workbook_with([["Code", "This edition"], ["meetings.held", 7], ["visitors.visits", 90]])
    with transaction():
        made, longer = counting.import_last_edition(actor=organiser, fair=fair, content=content, filename="2020.xlsx")
    assert longer == []
    of_file = made.source
    figures_shown = {"meetings.held": 7, "visitors.visits": 90}

    def source_after(**typed: int) -> str:
        headline = figures_shown | {"visitors.visits": typed["visits"]} if typed else figures_shown
        with transaction():
            made = counting.record_last_edition(
                actor=organiser, fair=fair, name_zh="", name_en="2020", headline=headline
            )
        return made.source

    assert of_file.startswith("2020.xlsx SHA-256 ")
    assert source_after() == of_file
    assert source_after(visits=91) == source_after(visits=92) == f"{of_file}; {organiser.label}"


def test_a_sheet_too_long_to_be_read_is_named(fair: Fair, signed_in: Any) -> None:
    first, line = [["Code", "This edition"], ["meetings.held", 7]], [["x"]]
    content = workbook_with(
        first, **{"13 By party": line * 5_001, "12 By product": line * 5_000, "2 Other": line * 6_000}
    )
    url = f"/fairs/{fair.code}/desk/reports/counting/last-edition"
    sent = {"file": (BytesIO(content), "2020.xlsx")}
    page = signed_in(make_person(fair, Role.ORGANISER)).press(url, f"{url}/workbook", **sent)
    assert "The figures of the last edition are read." in page
    assert "left out: sheets 13" in page
    assert last_figures(fair.id).get("headline", "meetings.held", "value") == 7


def test_another_file_is_no_last_edition(fair: Fair, organiser: Actor) -> None:
    for content in (b"", b"no workbook", b"PK\x03\x04 broken", workbook_with([["Code", "This edition"]])):
        with pytest.raises(DomainError), transaction():
            counting.import_last_edition(actor=organiser, fair=fair, content=content, filename="x.xlsx")
    assert (
        parse_figures({"1 总览": [["代码\nCode", "本届\nThis edition"], ["visitors.visits", "1e400"], ["a b", "7"]]})
        == {}
    )
    assert parse_figures({"7" * 5_000: [["Code"]], "² x": [["Code"]]}) == {}


def test_a_country_has_one_name_in_every_table(fair: Fair, organiser: Actor) -> None:
    declare(fair, buyer=Side(name="Seoul Trading", country="KR"))
    with transaction():
        counting.change_country_name(
            actor=organiser, fair=fair, code="KR", name_zh="韩国（自定）", name_en="Korea (own)"
        )
    with snapshot():
        facts, reading = collect_facts(fair)
        made = DEFINITIONS[NEWEST].sheets(fair.id, facts, reading)
    for sheets in (made, {number: read_sheet(fair, number) for number in (11, 16, 19)}):
        assert "Korea (own)" in str(sheets[11].tables[0].rows)
        assert "Korea (own)" in str(sheets[19].tables)
    assert "Korea (own)" in str(list(made[16].tables[-1].rows))


# --- small cells in the tables ----------------------------------------------------------------------


def test_small_numbers_of_visitors_are_kept_back_and_the_table_still_adds_up(app: APIFlask) -> None:
    doors = make_doors()
    for country, people in {"CN": 9, "MY": 6, "SG": 2}.items():
        for _ in range(people):
            doors.enter(doors.badge(country=country), 10)
    with transaction():
        counting.change_counting(actor=doors.steward, fair=doors.fair, profile="fairapp-1", small_cells=5)
    with snapshot():
        sheet = visitor_origin(doors.fair)
    tables = {table.key: table.rows for table in sheet.tables}
    cells = {row[0] or row[2]: row[3] for row in tables["visitor_origins"]}
    assert cells == {"CN": 9, "MY": "…", "SG": "…", "Kept back, together": 8}
    assert {row[0]: row[5] for row in tables["visitor_groups"]}["asean"] == 8
    assert [row[2] for row in tables["visitor_classes"]] == [9, 0, 8]


def test_what_is_changed_is_in_the_trail(fair: Fair, organiser: Actor) -> None:
    with transaction():
        counting.change_counting(actor=organiser, fair=fair, profile="iso-1", small_cells=0)
        counting.change_country_group(actor=organiser, fair=fair, **group())
        counting.change_country_name(actor=organiser, fair=fair, code="KR", name_zh="韩国", name_en="Korea")
        counting.record_last_edition(actor=organiser, fair=fair, name_zh="", name_en="", headline={})
    recorded = db.session.scalars(select(FairEvent.event).where(FairEvent.fair_id == fair.id).order_by(FairEvent.id))
    assert [*recorded][-4:] == [
        Event.COUNTING_CHANGED,
        Event.COUNTRY_GROUP_CHANGED,
        Event.COUNTRY_NAMED,
        Event.LAST_EDITION_RECORDED,
    ]
