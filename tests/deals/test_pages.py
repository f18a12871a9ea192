"""Deals seen as a whole: every total opens to the lines it adds up, kept sums and recounts say the same."""

from datetime import timedelta
from io import BytesIO
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from openpyxl import load_workbook
from sqlalchemy import func, select

from fairapp.accounts.permissions import Role
from fairapp.core.data.db import db, dialect, transaction
from fairapp.deals.draft import Side
from fairapp.deals.enums import Nature, Tier
from fairapp.deals.models import Deal
from fairapp.deals.queries.lists import filter_deals, list_totals
from fairapp.deals.queries.records import deals_visible_to
from fairapp.deals.queries.review_queue import deals_to_verify
from fairapp.deals.services.review import hold_deal, void_deal
from fairapp.deals.totals import world_map
from fairapp.deals.totals.breakdowns import breakdown, overall_totals
from fairapp.deals.totals.rules import COLUMNS, DIMENSIONS
from fairapp.fairs.models import Fair
from tests.factories.deals import OPENING, confirm, declare, make_category, make_exhibitor, verified_deal
from tests.factories.foundation import make_actor, make_fair, make_person

TOTALS = ("declared", "confirmed", "verified", "disputed", "held", "without_rate")


def a_told_fair() -> Fair:
    """Deals of several countries, days, tiers and states: confirmed, verified, held, void, without a rate."""
    fair = make_fair()
    actor = make_actor(fair, Role.ORGANISER)
    seller = make_exhibitor(fair, product_category_id=make_category(fair).id)
    for at, country in enumerate(("SG", "SG", "KE", "TW", "VN", "US")):
        buyer = Side(name=f"Buyer {at}", country=country)
        day = OPENING + timedelta(days=at % 3)
        deal = declare(
            fair, actor, seller=seller if at % 2 else None, buyer=buyer, amount_minor=1_000_000 + at * 7, signed_on=day,
            tier=list(Tier)[at % 4], currency="VND" if country == "VN" else "USD",
        )  # fmt: skip
        if at in {0, 2}:
            confirm(deal)
        if at == 3:
            hold(actor, deal)
    verified_deal(fair, buyer=Side(name="Careful Buyer", country="SG"), amount_minor=2_000_000)
    declare(fair, actor, buyer=Side(name="Investor", country="DE"), nature=Nature.INVESTMENT, amount_minor=9_000_000)
    gone = declare(fair, actor, buyer=Side(name="Gone", country="SG"))
    with transaction():
        void_deal(actor=actor, deal=gone, reason="mistake")
    return fair


def hold(actor: Any, deal: Any) -> None:
    with transaction():
        hold_deal(actor=actor, deal=deal)


@pytest.fixture
def desk(app: Any, clock: Any, signed_in: Any) -> Any:
    clock.shift(2 * 86_400)
    fair = a_told_fair()
    client = signed_in(make_person(fair, Role.ORGANISER))
    client.fair = fair
    return client


def wanted_of(address: str) -> dict[str, str]:
    return {name: found[0] for name, found in parse_qs(urlsplit(address).query).items()}


@pytest.mark.parametrize("dimension", ["country", "day", "category"])
def test_every_cell_of_a_breakdown_opens_to_exactly_its_lines(desk: Any, dimension: str) -> None:
    fair = desk.fair
    page = desk.get_page(f"/fairs/{fair.code}/desk/deals/by/{dimension}")
    cells = page.tree.xpath("//div[@id='results']//td//a")
    assert cells
    for cell in cells:
        said = cell.xpath("string(.//span[contains(@class, 'small')])")
        deals = int(said.split()[0])
        listed = desk.get_page(cell.get("href"))
        assert len(listed.tree.xpath("//tbody/tr")) == deals, (said, cell.get("href"))
        figures = list_totals(make_actor(fair, Role.ORGANISER), wanted_of(cell.get("href")))
        assert (figures.deals, figures.counted) == (deals, deals)
        assert f"{figures.usd_minor / 100:,.2f}" in listed.tree.xpath("string(//*[@id='foot-usd'])")


def test_kept_sums_and_a_count_of_the_deals_say_the_same(app: Any, clock: Any) -> None:
    clock.shift(2 * 86_400)
    fair = a_told_fair()
    for dimension in sorted(set(DIMENSIONS) - {"all"}):
        kept = breakdown(fair.id, dimension, {"counts_as": "trade"})
        parts = [breakdown(fair.id, dimension, {"counts_as": "trade", "nature": one}) for one in Nature]
        added = [overall_totals(rows) for rows in parts]
        assert {name: sum(one[name] for one in added) for name in COLUMNS} == overall_totals(kept), dimension
        assert {row["key"] for rows in parts for row in rows} == {row["key"] for row in kept}, dimension


def test_the_foot_of_a_list_is_the_sum_of_its_lines(app: Any, clock: Any) -> None:
    clock.shift(2 * 86_400)
    actor = make_actor(a_told_fair(), Role.ORGANISER)
    narrowed: tuple[dict[str, str], ...] = (
        {}, {"country": "SG"}, {"counts_as": "trade", "tier": "intent"}, {"category": "-"}, {"hall": "-"},
        {"country": "SG", "tier": "contract"}, {"day": "2021-03-18"}, {"customs": "-", "counts_as": "trade"},
    )  # fmt: skip
    for wanted in ({**facets, "total": total} for facets in narrowed for total in ("", *TOTALS)):
        from_kept = list_totals(actor, wanted)
        listed = list(app_deals(actor, wanted))
        assert from_kept == added_up_figures(actor, wanted), wanted
        assert from_kept.deals == len(listed), wanted
        if wanted["total"] not in {"", "held"}:
            assert from_kept.usd_minor == sum(deal.usd_minor or 0 for deal in listed), wanted


LISTS: tuple[tuple[dict[str, str], Any, str], ...] = (
    ({"hall": "2"}, Deal.usd_minor, "ix_deals_hall"),
    ({"hall": "2", "tier": "intent"}, Deal.usd_minor, "ix_deals_hall"),
    ({"country": "SG"}, Deal.declared_at, "ix_deals_country"),
    ({"category": "C1", "counts_as": "trade"}, Deal.declared_at, "ix_deals_category"),
    ({"delegation": "D1"}, Deal.usd_minor, "ix_deals_delegation"),
    ({"day": "2021-03-18", "country": "SG"}, Deal.usd_minor, "ix_deals_"),
)


@pytest.mark.parametrize(("wanted", "order", "index"), LISTS)
def test_a_list_is_put_in_order_without_reading_a_deal(app: Any, wanted: Any, order: Any, index: str) -> None:
    if dialect() == "postgresql":
        return  # it judges by what its tables hold: nothing, in a test
    listed = filter_deals(deals_visible_to(make_actor(make_fair(), Role.ORGANISER)), wanted)
    plan = plan_of(listed.with_only_columns(Deal.number).order_by(order.desc(), Deal.number.desc()).limit(50))
    assert f"COVERING INDEX {index}" in plan


def test_the_queue_is_counted_and_put_in_order_without_reading_a_deal(app: Any) -> None:
    if dialect() == "postgresql":
        return  # as above
    queue = deals_to_verify(make_actor(make_fair(), Role.VERIFIER))
    for query in (queue.limit(50), select(func.count()).select_from(queue.order_by(None).subquery())):
        assert "COVERING INDEX ix_deals_queue" in plan_of(query)


def plan_of(query: Any) -> str:
    """How SQLite would answer."""
    connection = db.session.connection()
    compiled = query.compile(connection, compile_kwargs={"render_postcompile": True})
    values = (None,) * len(compiled.positiontup)  # it looks at none
    return " ".join(row[3] for row in connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {compiled}", values))


def added_up_figures(actor: Any, wanted: dict[str, str]) -> Any:
    """The same figures when a filter keeps them from being read from the kept sums."""
    return list_totals(actor, wanted | {"q": " d-"})


def app_deals(actor: Any, wanted: dict[str, str]) -> Any:
    return db.session.scalars(filter_deals(deals_visible_to(actor), wanted))


def test_the_pipeline_names_what_is_confirmed_held_and_without_a_rate(desk: Any) -> None:
    page = desk.get_page(f"/fairs/{desk.fair.code}/desk/deals/pipeline")
    links = page.tree.xpath("//tfoot//a")
    counts = {
        wanted_of(one.get("href"))["total"]: int(one.xpath("string(.//span[@class])").split()[0]) for one in links
    }
    assert counts == {"declared": 5, "confirmed": 3, "verified": 1, "held": 1, "without_rate": 1}
    assert "held by the desk" in page


def test_a_breakdown_is_exported_as_it_is_shown(desk: Any) -> None:
    answer = desk.download(f"/fairs/{desk.fair.code}/desk/deals/by/country/export?tier=contract")
    rows = list(load_workbook(BytesIO(answer.data)).active.iter_rows(values_only=True))
    assert [row[0] for row in rows[1:]] == ["Singapore", "Vietnam"]


def test_other_filters_are_carried_into_the_lines(desk: Any) -> None:
    page = desk.get_page(f"/fairs/{desk.fair.code}/desk/deals/by/day?country=SG&tier=contract")
    (link, *_rest) = page.tree.xpath("//tbody//td//a/@href")
    assert wanted_of(link) == {
        "country": "SG", "tier": "contract", "counts_as": "trade", "day": "2021-03-18", "total": "declared"
    }  # fmt: skip


def test_a_filter_without_a_box_can_be_taken_off(desk: Any) -> None:
    page = desk.get_page(f"/fairs/{desk.fair.code}/desk/deals?nature=investment&tier=intent")
    assert "Nature: Investment" in page
    assert page.tree.xpath("//p[@class='deal-narrowed']/a/@href") == [f"/fairs/{desk.fair.code}/desk/deals?tier=intent"]


def test_nonsense_in_the_address_finds_nothing(desk: Any) -> None:
    nonsense = "day=never platform=x total=all held=%27 fate=x hs=%25%25 country=%3Cb%3E open=1 zone=%00"
    for query in nonsense.split():
        assert desk.get_page(f"/fairs/{desk.fair.code}/desk/deals?{query}").tree.xpath("//tbody/tr") == [], query


def test_breakdowns_ask_as_much_for_few_deals_as_for_many(desk: Any, statements: Any) -> None:
    counts = []
    for _round in range(2):
        statements.clear()
        desk.get_page(f"/fairs/{desk.fair.code}/desk/deals/by/country")
        counts.append(len(statements))
        declare(desk.fair, buyer=Side(name="One more", country="BR"))
    assert counts[0] == counts[1]


def test_the_map_shows_land_without_borders_and_knows_where_buyers_live() -> None:
    places = world_map.places()
    assert {"CN", "HK", "MO", "TW", "SG", "US", "AE", "BR"} <= places.keys()
    assert places["CN"].x < places["JP"].x < places["US"].x
    assert all(0 <= place.x <= world_map.WIDTH for place in places.values())
    assert world_map.land().count("M") > 50
