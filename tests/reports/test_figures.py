import json

from apiflask import APIFlask
from sqlalchemy import func, select

from fairapp.core.data.db import db
from fairapp.deals.enums import DealStatus
from fairapp.deals.models import Deal
from fairapp.exhibitors.models import BoothAssignment, BoothState, Exhibitor, ExhibitorKind, ExhibitorStatus
from fairapp.fairs.models import Fair
from fairapp.gates.counting.figures import recounted
from fairapp.gates.counting.profiles import PROFILES, profile_named
from fairapp.meetings.models import Meeting, MeetingStatus
from fairapp.reports.figures import current_figures
from tests.demo_fair import TINY, command

KEYS = {
    "fair": None,
    "as_of": None,
    "profile": None,
    "exhibitors": ["suppliers", "platforms", "service_providers", "associations", "booths_assigned"],
    "visitors": ["registrations", "unique_visitors", "visits", "entries", "attendance"],
    "meetings": ["held", "declared", "confirmed", "proven", "disputed", "without_entry"],
    "deals": ["declared", "confirmed", "verified", "without_rate", "held"],
    "ledger": ["entries", "head"],
}


def test_the_names_others_rely_on_are_there(demo_app: APIFlask, fair: Fair) -> None:
    printed = json.loads(command(demo_app, "figures", "cbec2021", "--json").output)
    assert list(printed) == list(KEYS)
    assert {name: list(printed[name]) for name, keys in KEYS.items() if keys} == {n: k for n, k in KEYS.items() if k}
    assert list(printed["deals"]["declared"]) == ["count", "usd_minor"]


def test_the_command_prints_what_the_pages_show(demo_app: APIFlask, fair: Fair) -> None:
    printed = json.loads(command(demo_app, "figures", "cbec2021", "--json").output)
    on_pages = current_figures(fair)
    assert {**printed, "as_of": ""} == {**on_pages, "as_of": ""}


def test_exhibitors_are_counted_from_their_rows(fair: Fair) -> None:
    counted = current_figures(fair)["exhibitors"]
    for name, kind in (("suppliers", ExhibitorKind.SUPPLIER), ("platforms", ExhibitorKind.PLATFORM)):
        rows = select(func.count()).where(
            Exhibitor.fair_id == fair.id, Exhibitor.kind == kind, Exhibitor.status == ExhibitorStatus.APPROVED
        )
        assert counted[name] == db.session.scalar(rows)
    assigned = select(func.count()).where(
        BoothAssignment.fair_id == fair.id, BoothAssignment.state == BoothState.ASSIGNED
    )
    assert counted["booths_assigned"] == db.session.scalar(assigned)
    assert counted["suppliers"] == TINY.suppliers


def test_visitors_are_what_the_scans_say(fair: Fair) -> None:
    counted = current_figures(fair)["visitors"]
    assert counted == recounted(fair.id, profile_named(fair.counting_profile)).as_dict()
    assert counted["unique_visitors"] == TINY.visitors


def test_deal_totals_are_the_sum_of_the_deals(fair: Fair) -> None:
    totals = current_figures(fair)["deals"]
    counting = (Deal.fair_id == fair.id, Deal.counts_as == "trade", Deal.held.is_(None), Deal.usd_minor.is_not(None))
    reached = {
        "declared": [DealStatus.DECLARED, DealStatus.DISPUTED, DealStatus.CONFIRMED, DealStatus.VERIFIED],
        "confirmed": [DealStatus.CONFIRMED, DealStatus.VERIFIED],
        "verified": [DealStatus.VERIFIED],
    }
    for name, statuses in reached.items():
        query = select(func.count(), func.coalesce(func.sum(Deal.usd_minor), 0)).where(
            *counting, Deal.status.in_(statuses)
        )
        assert tuple(totals[name].values()) == tuple(map(int, db.session.execute(query).one())), name
    assert totals["declared"]["usd_minor"] > totals["confirmed"]["usd_minor"] > totals["verified"]["usd_minor"] > 0


def test_meetings_count_when_they_were_held(fair: Fair) -> None:
    figures = current_figures(fair)["meetings"]
    said = select(func.count()).where(Meeting.fair_id == fair.id, Meeting.status == MeetingStatus.HELD)
    apart = ("declared", "confirmed", "proven", "disputed", "without_entry")
    assert sum(figures[name] for name in apart) <= db.session.scalar(said)  # a disputed one may be without entry too
    assert figures["held"] == figures["confirmed"] + figures["proven"] > 0
    assert figures["proven"] and figures["disputed"]


def test_a_fair_that_is_not_there_is_wrong_usage(demo_app: APIFlask) -> None:
    result = command(demo_app, "figures", "nowhere")
    assert result.exit_code == 2
    assert "flask fairs" in result.output


def test_commands_say_what_holds(demo_app: APIFlask) -> None:
    assert "cbec2021" in command(demo_app, "fairs").output
    verified = command(demo_app, "ledger", "verify", "cbec2021")
    assert verified.exit_code == 0, verified.output
    again = command(demo_app, "demo", "--seed", "1")
    assert again.exit_code == 0
    for role in ("organiser", "verifier", "supervisor", "steward", "exhibitor", "viewer"):
        assert f"\n{role} " in again.output


def test_the_same_scans_are_counted_under_any_profile(demo_app: APIFlask, fair: Fair) -> None:
    for name in PROFILES:
        printed = json.loads(command(demo_app, "figures", "cbec2021", "--json", "--profile", name).output)
        assert printed["profile"] == name
        assert printed["visitors"] == recounted(fair.id, profile_named(name)).as_dict()
    assert command(demo_app, "figures", "cbec2021", "--profile", "none").exit_code == 2
