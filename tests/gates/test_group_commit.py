"""Lanes that wait together are stored together, and each gets its own answer."""

import re
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from time import monotonic, sleep
from uuid import uuid4

import pytest
from apiflask import APIFlask
from sqlalchemy import event, func, insert, select, text, true

from fairapp.core.data import clock
from fairapp.core.data.compiled_sql import CompiledStatement, list_parameter, raw_cursor
from fairapp.core.data.db import db, transaction
from fairapp.fairs.models import Gate
from fairapp.gates.counting import kept_counts, passages
from fairapp.gates.counting.kept_counts import lock_counts
from fairapp.gates.models import Scan
from fairapp.gates.scanning import statements
from fairapp.gates.scanning.group_commit import MAX_PIECE, GroupCommitter
from fairapp.gates.scanning.scans import NewScan, ScanResult, allow_scans
from fairapp.gates.scanning.settings_cache import gate_settings
from fairapp.visitors.models import Badge
from tests.factories.gates import Doors, make_doors, moment, new_scan


@pytest.fixture
def doors(app: APIFlask, clock) -> Doors:
    clock.move_to(moment(70))
    return make_doors()


@pytest.fixture
def lanes(own_database: APIFlask, clock) -> Iterator["Lanes"]:
    clock.move_to(moment(70))
    with own_database.app_context():
        yield Lanes(own_database, make_doors())


class Lanes:
    """Lanes that send at once, over a database that really commits."""

    def __init__(self, program: APIFlask, doors: Doors) -> None:
        self.program, self.doors = program, doors
        self.committer: GroupCommitter = program.extensions["group_committer"]
        self.on_postgresql = db.engine.dialect.name == "postgresql"
        self.commits = 0
        event.listen(db.engine, "commit", self._count_commit)

    def _count_commit(self, _connection: object) -> None:
        self.commits += 1

    def scan(self, badge: Badge | None = None, gate: Gate | None = None, **more: object) -> NewScan:
        return new_scan(gate or self.doors.main, badge or self.doors.badge(), **more)

    def send(self, *requests: list[NewScan]) -> list[list[ScanResult] | BaseException]:
        """What each request is answered, or what went wrong with it; they come while one before them is written."""
        first = [self.scan()]
        with ThreadPoolExecutor(1 + len(requests)) as threads:
            with transaction() as session:
                if self.on_postgresql:  # SQLite has one writer; here whoever counts waits for us
                    lock_counts(session.connection(), self.doors.fair.id)
                sent = []
                for number, scans in enumerate([first, *requests]):
                    sent.append(threads.submit(self._send, scans))
                    self._wait_until_queued(number if self.on_postgresql else number + 1)
                self.commits = 0
            done = [one.exception() or one.result() for one in sent]
        assert isinstance(done[0], list)
        return done[1:]

    def _send(self, scans: list[NewScan]) -> list[ScanResult]:
        with self.program.app_context():
            settings, steward = gate_settings(self.doors.fair.id), self.doors.steward
        return self.committer.record(settings, steward, allow_scans(steward, settings, scans, clock.now()))

    def _wait_until_queued(self, requests: int) -> None:
        end = monotonic() + 20
        while len(self.committer.queue) < requests:
            assert monotonic() < end
            sleep(0.005)


def decisions(answered: list[list[ScanResult] | BaseException]) -> list[str]:
    return [answer.decision for answers in answered if isinstance(answers, list) for answer in answers]


def test_what_waits_is_stored_in_one_transaction(lanes: Lanes) -> None:
    answered = lanes.send(*([lanes.scan()] for _ in range(8)))
    assert decisions(answered) == ["admitted"] * 8
    assert lanes.commits <= 3  # ours, the first one's, and one for all that waited
    assert db.session.scalar(select(func.count()).select_from(Scan)) == 9


def test_one_bad_scan_harms_no_neighbour(lanes: Lanes) -> None:
    good, bad, other = lanes.send([lanes.scan()], [lanes.scan(gate_id=uuid4())], [lanes.scan()])
    assert decisions([good, other]) == ["admitted", "admitted"]
    assert isinstance(bad, KeyError)
    assert db.session.scalar(select(func.count()).select_from(Scan)) == 3


def test_a_scan_sent_twice_at_once_is_stored_once(lanes: Lanes) -> None:
    scan = lanes.scan()
    first, second = lanes.send([scan], [scan])
    assert isinstance(first, list)
    assert isinstance(second, list)
    assert [answers[0].replayed for answers in (first, second)] == [False, True]
    assert second[0].decision == "admitted"


def test_two_lanes_that_read_one_badge_together_admit_it_once(lanes: Lanes) -> None:
    badge = lanes.doors.badge()
    both = lanes.send([lanes.scan(badge, at=None)], [lanes.scan(badge, lanes.doors.other, at=None)])
    assert sorted(decisions(both)) == ["admitted", "already_inside"]


def test_a_long_request_is_answered_in_its_own_order(lanes: Lanes) -> None:
    badges = [lanes.doors.badge() for _ in range(MAX_PIECE + 5)]
    queued, single = lanes.send([lanes.scan(badge) for badge in badges], [lanes.scan()])
    assert isinstance(queued, list)
    assert [answer.number for answer in queued] == [badge.number for badge in badges]
    assert decisions([queued, single]) == ["admitted"] * (MAX_PIECE + 6)


def test_every_question_of_the_hot_path_is_answered_by_an_index(app: APIFlask, doors: Doors) -> None:
    connection = db.session.connection()
    dialect = connection.dialect.name
    if dialect == "postgresql":  # on a handful of rows it would rather read them all
        connection.execute(text("SET LOCAL enable_seqscan = off"))
        connection.execute(text("SET LOCAL enable_bitmapscan = off"))
    places = [vars(module) for module in (statements, passages, kept_counts)]
    lookups = {name: one for place in places for name, one in place.items() if isinstance(one, CompiledStatement)}
    asked = {name: one for name, one in lookups.items() if name not in WRITES}
    assert len(asked) >= 7
    for name, bare in asked.items():
        written = bare.compiled_for(connection)
        key = b"x" * 16 if name == "HOLDERS_BY_CODE" else doors.main.id
        values = {"fair_id": doors.fair.id, "values": list_parameter([key], dialect)}
        values |= {"day": doors.fair.starts_on, "scope": doors.main.id}
        plan = plan_of(connection, written.sql, written.values(values))
        assert "Seq Scan" not in plan, (name, plan)
        assert not [line for line in plan.splitlines() if line.startswith("SCAN") and "json_each" not in line], plan


def test_no_question_reads_a_whole_fair_before_its_tables_are_counted(app: APIFlask, doors: Doors) -> None:
    """PostgreSQL believes `scans` to be empty until its first ANALYZE: the morning of the first day."""
    connection = db.session.connection()
    if connection.dialect.name != "postgresql":
        return  # SQLite chooses by the columns of an index
    doors.enter(doors.badge(), 10)
    others = [column for column in Scan.__table__.columns if column.name != "id"]
    source = select(func.gen_random_uuid(), *others).select_from(
        Scan.__table__.join(func.generate_series(1, 2000).alias("n"), true())
    )
    connection.execute(insert(Scan.__table__).from_select(["id", *(one.name for one in others)], source))
    for name, lookup in LOOKUPS.items():
        written = lookup.compiled_for(connection)
        keys = [uuid4() for _ in range(8)]
        values = {"fair_id": doors.fair.id, "values": list_parameter(keys, "postgresql")}
        plan = plan_of(connection, written.sql, written.values(values))
        assert not re.search(r"(Index Cond|Filter): \(fair_id = \d+\)$", plan, re.MULTILINE), (name, plan)


WRITES = {"LOCK_COUNTS", "LOCK_CROWDS", "LOCK_PEOPLE", "REMOVE_CONFLICT", "SAVE_PRESENCES"}


LOOKUPS = {
    "scans": statements.STORED_SCANS,
    "passages": passages.PASSAGES,
    "double entries": statements.DOUBLE_ENTRIES,
}


def plan_of(connection, sql: str, values: list[object]) -> str:
    words = "EXPLAIN " if connection.dialect.name == "postgresql" else "EXPLAIN QUERY PLAN "
    rows = raw_cursor(connection).execute(words + sql, values).fetchall()
    return "\n".join(str(row[-1]) for row in rows)
