"""The ledger: nothing is changed unseen, nothing is told twice, the sums are the deals."""

from collections.abc import Callable
from uuid import UUID

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from fairapp.accounts.permissions import Role
from fairapp.core.data.db import db, dialect, transaction
from fairapp.core.errors import DomainError
from fairapp.core.web.access import Actor
from fairapp.deals.draft import Side
from fairapp.deals.enums import RiskFlag
from fairapp.deals.holds.judge import raise_flag
from fairapp.deals.ledger import chain as ledger
from fairapp.deals.ledger.services import record_check
from fairapp.deals.ledger.verification import last_ledger_checks, ledger_head, ledger_report, ledger_rows
from fairapp.deals.models import Deal
from fairapp.deals.queries.records import statements_of
from fairapp.deals.services.amend import Change, amend_deal
from fairapp.deals.services.confirm import Answer, dispute_deal
from fairapp.deals.services.review import hold_deal, release_deal, void_deal
from fairapp.deals.totals.queries import deal_totals, totals_by
from fairapp.deals.totals.recount import recounted_sums, stored_sums
from fairapp.fairs.models import Fair
from tests.factories.deals import confirm, declare, prove, verified_deal
from tests.factories.foundation import make_actor, make_fair
from tests.factories.rates import say_rate

CLIENT = UUID("0192f0c1-0000-7000-8000-000000000042")


def told(fair: Fair, count: int = 4) -> list[Deal]:
    """Some deals, some confirmed: two entries each for the even ones."""
    actor = make_actor(fair, Role.ORGANISER)
    deals = [
        declare(fair, actor, buyer=Side(name=f"Buyer {at}", country="SG"), amount_minor=100_000 + at)
        for at in range(count)
    ]
    for deal in deals[::2]:
        confirm(deal)
    return deals


def tamper(statement: str, **values: object) -> None:
    """Change the database behind the program's back: triggers out of the way first."""
    with transaction() as session:
        if dialect() == "sqlite":
            for verb in ("update", "delete"):
                session.execute(text(f"DROP TRIGGER IF EXISTS deal_entries_is_append_only_{verb}"))
        else:
            session.execute(text("ALTER TABLE deal_entries DISABLE TRIGGER USER"))
        session.execute(text(statement), values)
    db.session.expire_all()


def problems(fair: Fair) -> list[tuple[int, str]]:
    return [(one.seq, one.problem) for one in ledger_report(fair.id).broken]


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("amount_minor", 7),
        ("usd_minor", 7),
        ("rate_usd", "2"),
        ("country", "US"),
        ("country_zh", "美国"),
        ("status", "verified"),
        ("currency", "EUR"),
        ("verb", "screen"),
        ("tier", "contract"),
        ("seller_digest", "0" * 64),
        ("deal_number", 99),
        ("category_zh", "a|b"),
        ("party", "buyer"),
        ("row_hash", "0" * 64),
    ],
)
def test_a_changed_entry_is_found_and_named(app, column: str, value: object) -> None:
    fair = make_fair()
    told(fair)
    tamper(f"UPDATE deal_entries SET {column} = :value WHERE seq = 3", value=value)
    found = problems(fair)
    assert (3, "changed") in found
    assert found[0][0] == 3


def test_a_changed_moment_or_actor_is_found(app) -> None:
    fair = make_fair()
    told(fair)
    tamper("UPDATE deal_entries SET at = '2020-01-01 00:00:00.000000' WHERE seq = 2")
    tamper("UPDATE deal_entries SET actor_id = NULL WHERE seq = 3")
    assert {(2, "changed"), (3, "changed")} <= set(problems(fair))


def test_a_deleted_entry_leaves_a_gap(app) -> None:
    fair = make_fair()
    told(fair)
    tamper("DELETE FROM deal_entries WHERE seq = 3")
    assert (3, "missing") in problems(fair)


def test_a_cut_tail_is_missed_by_the_head(app) -> None:
    fair = make_fair()
    told(fair)
    tamper("DELETE FROM deal_entries WHERE seq = 6")
    assert (6, "missing") in problems(fair)


def test_two_swapped_entries_are_found(app) -> None:
    fair = make_fair()
    told(fair)
    for old, new in ((2, 90), (3, 2), (90, 3)):
        tamper("UPDATE deal_entries SET seq = :new WHERE seq = :old", old=old, new=new)
    assert {seq for seq, _problem in problems(fair)} >= {2, 3}


def test_an_entry_put_in_is_found(app) -> None:
    fair = make_fair()
    told(fair)
    columns = ", ".join(
        name for name in (*ledger.FIELDS, "prev_hash", "row_hash") if name not in {"seq", "id", "client_id"}
    )
    new_id = "'0192f0c1000070008000000000000077'" if dialect() == "sqlite" else "'0192f0c1-0000-7000-8000-000000000077'"
    tamper(
        f"INSERT INTO deal_entries (seq, id, client_id, {columns}) SELECT 7, {new_id}, {new_id}, {columns} FROM deal_entries WHERE seq = 6"
    )
    assert (7, "not_chained") in problems(fair)
    assert (7, "beyond_head") in problems(fair)


def test_a_chain_written_anew_does_not_pass_through_the_heads_seen(app) -> None:
    fair = make_fair()
    told(fair)
    report = ledger_report(fair.id)
    with transaction():
        record_check(actor=Actor("auditor"), fair=fair, report=report)
    tamper("UPDATE deal_entries SET amount_minor = 1 WHERE seq = 2")
    prev = ledger.GENESIS
    for row in list(ledger_rows(fair.id)):
        hashed = ledger.row_hash(prev, row[:-2])
        tamper(
            "UPDATE deal_entries SET prev_hash = :prev, row_hash = :hashed WHERE seq = :seq",
            prev=prev,
            hashed=hashed,
            seq=int(row[1]),
        )
        prev = hashed
    tamper("UPDATE ledger_heads SET head_hash = :prev", prev=prev)
    assert (6, "not_the_head_seen_before") in problems(fair)


@pytest.mark.parametrize("column", ["amount_minor", "usd_minor", "status", "country"])
def test_a_deal_changed_without_an_entry_is_found(app, column: str) -> None:
    fair = make_fair()
    told(fair)
    value = {"status": "'verified'", "country": "'US'"}.get(column, "1")
    tamper(f"UPDATE deals SET {column} = {value} WHERE number = 2")
    assert "deal_differs" in {problem for _seq, problem in problems(fair)}


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE deal_flags SET number = 7",
        "UPDATE deal_flags SET flag = 'sellers'",
        "DELETE FROM deal_flags",
        "UPDATE deal_years SET amount_minor = amount_minor + 1 WHERE year = 2022",
        "DELETE FROM deal_years WHERE year = 2022",
    ],
)
def test_a_flag_or_a_year_changed_without_an_entry_is_found(app, statement: str) -> None:
    fair = make_fair()
    told(fair, 1)
    declare(fair, basis="yearly", years={2021: 700_000, 2022: 500_000})
    declare(fair, basis="yearly", years={2021: 700_000, 2022: 500_000})
    assert ledger_report(fair.id).ok
    with transaction() as session:
        session.execute(text(statement))
    assert {problem for _seq, problem in problems(fair)} == {"deal_differs"}


def test_a_deal_bears_as_many_flags_as_it_earns_and_its_entry_says_all(app) -> None:
    fair = make_fair()
    deal = declare(fair)
    with transaction():
        for number in range(1, 41):
            raise_flag(deal, RiskFlag.LIKE, number)
            raise_flag(deal, RiskFlag.LIKE, number)
        hold_deal(actor=Actor("desk"), deal=deal)
    said = ",".join(f"like_{number}" for number in range(1, 41))
    assert (deal.risk, statements_of(deal)[-1].entry.risk) == (said, said)
    assert ledger_report(fair.id).ok


def test_changed_sums_are_found(app) -> None:
    fair = make_fair()
    told(fair)
    tamper("UPDATE deal_totals SET declared_usd = declared_usd + 1 WHERE dimension = 'country'")
    assert problems(fair) == [(6, "sums_differ")]


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE deal_entries SET amount_minor = 1",
        "DELETE FROM deal_entries",
        "DELETE FROM ledger_checks",
        "UPDATE ledger_checks SET ok = ok",
    ],
)
def test_the_database_refuses_to_change_the_ledger(app, statement: str) -> None:
    fair = make_fair()
    told(fair, 1)
    with transaction():
        record_check(actor=Actor("auditor"), fair=fair, report=ledger_report(fair.id))
    with pytest.raises(DBAPIError, match="append-only"), transaction() as session:
        session.execute(text(statement))
    assert ledger_report(fair.id).ok


def test_sqlite_refuses_to_replace_an_entry(app) -> None:
    if dialect() != "sqlite":
        return
    fair = make_fair()
    told(fair, 1)
    with pytest.raises(DBAPIError, match="append-only"), transaction() as session:
        session.execute(text("REPLACE INTO deal_entries SELECT * FROM deal_entries"))


def test_what_is_sent_twice_is_stored_once(app) -> None:
    fair = make_fair()
    actor = make_actor(fair, Role.ORGANISER)
    first = declare(fair, actor, client_id=CLIENT)
    again = declare(fair, actor, client_id=CLIENT, amount_minor=999)
    assert (again.id, again.amount_minor, ledger_head(fair.id)[0]) == (first.id, 1_200_000, 1)
    with pytest.raises(DomainError) as refusal:
        declare(fair, make_actor(fair, Role.ORGANISER), client_id=CLIENT)
    assert refusal.value.code == "client_id_used"


def test_the_kept_sums_are_the_recount_after_every_kind_of_step(app) -> None:
    fair = make_fair()
    deals = told(fair, 6)
    organiser = make_actor(fair, Role.ORGANISER)
    declare(fair, currency="VND", buyer=Side(name="V", country="VN"))
    declare(fair, nature="investment", buyer=Side(name="I", country="DE"), amount_minor=100_020)
    declare(fair, nature="strategic", amount_minor=None, buyer=Side(name="S", country="FR"))
    verified_deal(fair, buyer=Side(name="W", country="US"), amount_minor=100_010)
    steps: list[Callable[[], object]] = [
        lambda: hold_deal(actor=organiser, deal=deals[0], note="odd"),
        lambda: release_deal(actor=organiser, deal=deals[0], note="fine"),
        lambda: hold_deal(actor=organiser, deal=deals[1], note="odd"),
        lambda: void_deal(actor=organiser, deal=deals[2], reason="mistake"),
        lambda: amend_deal(actor=organiser, deal=deals[3], change=Change(amount_minor=555_555)),
        lambda: dispute_deal(actor=Actor("x"), deal=deals[4], answer=Answer(1, "USD")),
    ]
    for step in steps:
        with transaction():
            step()
        assert stored_sums(fair.id) == recounted_sums(fair.id)
    say_rate(fair, "VND", "23050")
    assert stored_sums(fair.id) == recounted_sums(fair.id)
    for dimension in ("country", "category", "day", "ownership", "nature"):
        rows = totals_by(fair.id, dimension)
        assert sum(row["declared_usd"] for row in rows) == deal_totals(fair.id)["declared"]["usd_minor"]
    assert ledger_report(fair.id).ok


def test_text_rows_are_what_the_hash_binds(app) -> None:
    fair = make_fair()
    deals = told(fair)
    prove(deals[0])
    prev = ledger.GENESIS
    for row in ledger_rows(fair.id):
        assert row[-2] == prev
        assert ledger.row_hash(prev, row[:-2]) == row[-1]
        prev = row[-1]
    assert ledger_head(fair.id) == (8, prev)


def test_two_fairs_have_two_chains(app) -> None:
    one, other = make_fair(), make_fair()
    told(one, 2)
    told(other, 1)
    assert (ledger_head(one.id)[0], ledger_head(other.id)[0]) == (3, 2)
    assert ledger_report(one.id).ok
    assert [row["ok"] for row in last_ledger_checks()] == [None, None]
