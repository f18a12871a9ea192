"""The home pages say what is true and show each person only theirs."""

from collections.abc import Callable
from datetime import UTC, date, datetime

import pytest

from fairapp.accounts.permissions import Role
from fairapp.fairs.models import Fair
from fairapp.reports.figures import current_figures
from tests.client import PageClient
from tests.factories import deals
from tests.factories.foundation import make_fair, make_person
from tests.factories.gates import Doors, make_doors

SignedIn = Callable[..., PageClient]


@pytest.fixture
def doors(app: object, clock: object) -> Doors:
    """A fair on its opening day in which two people are inside and one has left."""
    doors = make_doors("fuzhou", approved_capacity=2)
    badges = [doors.badge() for _ in range(3)]
    for badge in badges:
        doors.enter(badge, minutes=30)
    doors.leave(badges[0], minutes=50)
    return doors


def person(signed_in: SignedIn, fair: Fair, role: Role) -> PageClient:
    return signed_in(make_person(fair, role))


def tile(page: object, key: str) -> str:
    [element] = page.tree.xpath(f"//*[@data-figure='{key}']")  # type: ignore[attr-defined]
    return str(element.text_content())


def test_the_figures_are_those_of_the_reports(doors: Doors, signed_in: SignedIn) -> None:
    deals.confirm(deals.declare(doors.fair))
    page = person(signed_in, doors.fair, Role.VERIFIER).get_page("/fairs/fuzhou/desk/")
    visitors = current_figures(doors.fair)["visitors"]
    assert {key: tile(page, key) for key in visitors} == {key: str(count) for key, count in visitors.items()}
    assert tile(page, "inside") == "2"
    assert (tile(page, "declared"), tile(page, "confirmed"), tile(page, "verified")) == (
        "USD 12,000.00",
        "USD 12,000.00",
        "USD 0.00",
    )


def test_an_open_page_gets_the_same_texts_by_name(doors: Doors, signed_in: SignedIn) -> None:
    client = person(signed_in, doors.fair, Role.VERIFIER)
    page, texts = client.get_page("/fairs/fuzhou/desk/"), client.download("/fairs/fuzhou/desk/live").json
    written = {element.get("data-figure"): element.text_content() for element in page.tree.xpath("//*[@data-figure]")}
    assert written == {key: text for key, text in texts.items() if key in written}
    assert written["as_of"] == "2021-03-18 10:00"


def test_the_charts_show_flow_and_deals(doors: Doors, signed_in: SignedIn) -> None:
    deals.declare(doors.fair)
    page = person(signed_in, doors.fair, Role.ORGANISER).get_page("/fairs/fuzhou/desk/")
    assert page.rows(0) == [["09:00", "3", "1"]]
    assert page.rows(1) == [["03-18", "3"]]
    assert page.rows(2) == [["03-18", "USD 12,000.00"]]
    assert page.rows(3) == [["Singapore", "USD 12,000.00"]]


def test_a_fair_without_any_movement_says_what_will_appear(app: object, signed_in: SignedIn) -> None:
    fair = make_fair("quiet")
    page = person(signed_in, fair, Role.ORGANISER).get_page("/fairs/quiet/desk/")
    assert "Nothing has moved yet" in page
    assert "Nothing waits for you" in page


def test_the_organiser_sees_what_waits_and_reaches_it(doors: Doors, signed_in: SignedIn) -> None:
    deals.make_exhibitor(doors.fair, "Lantern Works", status="applied")
    page = person(signed_in, doors.fair, Role.ORGANISER).get_page("/fairs/fuzhou/desk/")
    [address] = [href for words, href in page.links.items() if words.startswith("Applications to decide")]
    assert address.startswith("/fairs/fuzhou/desk/exhibitors?")


def test_a_supervisor_sees_the_crowd_and_no_deals(doors: Doors, signed_in: SignedIn) -> None:
    page = person(signed_in, doors.fair, Role.SUPERVISOR).get_page("/fairs/fuzhou/desk/")
    assert page.rows(0)[0] == ["Whole fair", "2", "2", "Full"]
    assert "Intent deals" not in page


def test_the_big_screen_holds_six_figures(doors: Doors, signed_in: SignedIn) -> None:
    page = person(signed_in, doors.fair, Role.ORGANISER).get_page("/fairs/fuzhou/desk/screen")
    names = [
        element.get("data-figure")
        for element in page.tree.xpath("//p[contains(@class, 'screen-figure')]/*[@data-figure]")
    ]
    assert names == ["inside", "visits", "unique_visitors", "declared", "confirmed", "verified"]
    assert page.tree.get("data-theme") == "dark"


def test_an_exhibitor_starts_with_four_big_things_and_its_own_numbers(doors: Doors, signed_in: SignedIn) -> None:
    exhibitor = deals.make_exhibitor(doors.fair, "Lantern Works")
    deals.declare(doors.fair, seller=exhibitor)
    deals.declare(doors.fair, seller=deals.make_exhibitor(doors.fair, "Rival"))
    client = signed_in(make_person(doors.fair, Role.EXHIBITOR, exhibitor.organisation))
    page = client.get_page("/fairs/fuzhou/home")
    assert page.path == "/fairs/fuzhou/my/"
    tiles = [" ".join(element.text_content().split()) for element in page.tree.xpath("//a[contains(@class, 'tile')]")]
    assert len(tiles) == 4
    assert "1 deals, USD 12,000.00" in tiles[1]


@pytest.mark.parametrize(
    ("moment", "words"),
    [
        (datetime(2021, 3, 14, 2, tzinfo=UTC), "Opens in 4 days"),
        (datetime(2021, 3, 19, 2, tzinfo=UTC), "Day 2 of 3"),
        (datetime(2021, 3, 19, 17, tzinfo=UTC), "Day 3 of 3"),
        (datetime(2021, 4, 1, 2, tzinfo=UTC), "Closed on"),
    ],
)
def test_the_day_is_that_of_the_fairs_own_place(
    app: object, clock: object, signed_in: SignedIn, moment: datetime, words: str
) -> None:
    fair = make_fair("fuzhou", starts_on=date(2021, 3, 18), ends_on=date(2021, 3, 20))
    clock.move_to(moment)  # type: ignore[attr-defined]
    verifier = person(signed_in, fair, Role.VERIFIER)
    live_day = verifier.download("/fairs/fuzhou/desk/live").json["day"]
    assert words in live_day
    for path in ("", "screen"):
        page = verifier.get_page(f"/fairs/fuzhou/desk/{path}")
        assert tile(page, "day") == live_day
        assert page.tree.xpath("//*[@data-live='/fairs/fuzhou/desk/live']//*[@data-figure='day']")


def test_a_second_fair_shares_nothing(doors: Doors, signed_in: SignedIn) -> None:
    fair = make_fair("other")
    page = person(signed_in, fair, Role.VERIFIER).get_page("/fairs/other/desk/")
    assert tile(page, "entries") == "0"


def test_a_person_without_a_role_has_no_first_page(doors: Doors, signed_in: SignedIn) -> None:
    signed_in(make_person()).get_page("/fairs/fuzhou/home", status=403)
