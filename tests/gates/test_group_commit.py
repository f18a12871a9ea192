"""Lanes that wait together are stored together, and each gets its own answer."""

import re
from uuid import uuid4

import pytest
from apiflask import APIFlask
from sqlalchemy import func, insert, select, text, true

from fairapp.core.data import clock
from fairapp.core.data.compiled_sql import CompiledStatement, raw_cursor
from fairapp.core.data.db import db
from fairapp.gates.models import Scan
from fairapp.gates.scanning import statements
from fairapp.gates.scanning.gate_settings import lanes_of
from fairapp.gates.scanning.group_commit import Waiting, together_of
from fairapp.gates.scanning.scans import arrivals_of
from fairapp.gates.scanning.services import NewScan
from fairapp.server import head_of_part, read_head, read_look, read_request
from tests.factories.gates import Doors, make_doors, moment, new_scan

HEAD = b"POST /api/v1/fairs/cbec2021/scans HTTP/1.1\r\nHost: fair.example\r\nAuthorization: Bearer abc\r\n"
PLAIN = HEAD + b"Content-Type: application/json\r\nContent-Length: 2"


@pytest.fixture
def doors(app: APIFlask, clock) -> Doors:
    clock.move_to(moment(70))
    return make_doors()


def waiting(doors: Doors, *scans: NewScan) -> Waiting:
    lanes = lanes_of(doors.fair)
    return Waiting(lanes, doors.steward, arrivals_of(doors.steward, lanes, scans, clock.now()))


def test_one_bad_scan_harms_no_neighbour(app: APIFlask, doors: Doors) -> None:
    good, other = (waiting(doors, new_scan(doors.main, doors.badge())) for _ in range(2))
    bad = waiting(doors, new_scan(doors.main, doors.badge(), gate_id=uuid4()))
    together_of(app).store([good, bad, other])
    assert [one.result()[0].decision for one in (good, other)] == ["admitted", "admitted"]
    with pytest.raises(KeyError):
        bad.result()
    assert db.session.scalar(select(func.count()).select_from(Scan)) == 2


def test_a_scan_sent_twice_at_once_is_stored_once(app: APIFlask, doors: Doors) -> None:
    scan = new_scan(doors.main, doors.badge())
    first, second = waiting(doors, scan), waiting(doors, scan)
    together_of(app).store([first, second])
    assert [one.result()[0].replayed for one in (first, second)] == [False, True]
    assert second.result()[0].decision == "admitted"


def test_two_lanes_that_read_one_badge_together_admit_it_once(app: APIFlask, doors: Doors) -> None:
    badge = doors.badge()
    lanes = [waiting(doors, new_scan(gate, badge, at=None)) for gate in (doors.main, doors.other)]
    together_of(app).store(lanes)
    assert sorted(one.result()[0].decision for one in lanes) == ["admitted", "already_inside"]


@pytest.mark.parametrize(
    "head",
    [
        PLAIN.replace(b"POST", b"GET"),
        PLAIN.replace(b"/scans", b"/scans?lang=en"),
        PLAIN.replace(b"HTTP/1.1", b"HTTP/1.0"),
        PLAIN.replace(b"cbec2021", b".."),
        PLAIN.replace(b"application/json", b"text/plain"),
        PLAIN.replace(b"Length: 2", b"Length: +2"),
        PLAIN.replace(b"Length: 2", b"Length: 02"),
        PLAIN + b"\r\nContent-Length: 2",
        PLAIN + b"\r\nTransfer-Encoding: chunked",
        PLAIN + b"\r\nCookie: session=x",
        PLAIN + b"\r\nConnection: close",
        PLAIN + b"\r\nExpect: 100-continue",
        PLAIN + b"\r\n X-Folded: yes",
        PLAIN + b"\r\nX_Under: yes",
        PLAIN + b"\r\nX-Nul: \x00",
        PLAIN + b"\nX-Bare: feed",
        HEAD.strip(),
    ],
)
def test_a_doubtful_request_goes_the_long_way(head: bytes) -> None:
    assert read_head(head) is None


def test_a_plain_request_is_read_whole_or_not_at_all() -> None:
    asked = read_request(PLAIN + b"\r\n\r\n{}")
    assert asked is not None
    assert (asked.path, asked.authorization, asked.content) == ("/api/v1/fairs/cbec2021/scans", "Bearer abc", b"{}")
    assert read_request(PLAIN + b"\r\n\r\n{") is None
    assert read_request(PLAIN + b"\r\n\r\n{}POST") is None


LOOK = b'GET /fairs/cbec2021/desk/gates/control/live HTTP/1.1\r\nHost: fair.example\r\nIf-None-Match: "x"'
END = b"\r\n\r\n"


def test_a_screen_that_looks_is_told_what_wsgi_would_be_told() -> None:
    look = read_look(LOOK + b"\r\nAccept-Language: zh" + END)
    assert look is not None
    assert look["PATH_INFO"] == "/fairs/cbec2021/desk/gates/control/live"
    assert (look["HTTP_IF_NONE_MATCH"], look["HTTP_ACCEPT_LANGUAGE"]) == ('"x"', "zh")
    head = head_of_part("304 NOT MODIFIED", (("ETag", '"x"'),), 0)
    assert head.startswith(b"HTTP/1.1 304 NOT MODIFIED\r\n")
    assert head.endswith(b'\r\nETag: "x"\r\n\r\n')


@pytest.mark.parametrize(
    "data",
    [
        LOOK,
        LOOK + END + b"GET",
        LOOK.replace(b"GET", b"POST") + END,
        LOOK.replace(b"/live", b"/live?lang=en") + END,
        LOOK.replace(b"cbec2021", b"cbec2021/..") + END,
        LOOK + b"\r\nCookie: session=x" + END,
        LOOK + b"\r\nContent-Length: 2" + END,
        LOOK + b"\r\nConnection: close" + END,
        LOOK.replace(b"\r\nHost: fair.example", b"") + END,
    ],
)
def test_a_doubtful_look_goes_the_long_way(data: bytes) -> None:
    assert read_look(data) is None


def test_every_question_of_the_hot_path_is_answered_by_an_index(app: APIFlask, doors: Doors) -> None:
    connection = db.session.connection()
    dialect = connection.dialect.name
    if dialect == "postgresql":  # on a handful of rows it would rather read them all
        connection.execute(text("SET LOCAL enable_seqscan = off"))
        connection.execute(text("SET LOCAL enable_bitmapscan = off"))
    asked = {
        name: one for name, one in vars(statements).items() if isinstance(one, CompiledStatement) and name not in WRITES
    }
    assert len(asked) >= 7
    for name, bare in asked.items():
        written = bare.compiled_for(connection)
        key = b"x" * 16 if name == "HOLDERS_BY_CODE" else doors.main.id
        values = {"fair_id": doors.fair.id, "values": statements.list_parameter([key], dialect)}
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
    for name in ("STORED", "PASSAGES", "FLAGGED"):
        written = getattr(statements, name).compiled_for(connection)
        keys = [uuid4() for _ in range(8)]
        values = {"fair_id": doors.fair.id, "values": statements.list_parameter(keys, "postgresql")}
        plan = plan_of(connection, written.sql, written.values(values))
        assert not re.search(r"(Index Cond|Filter): \(fair_id = \d+\)$", plan, re.MULTILINE), (name, plan)


WRITES = {"TURN", "LOCK", "ALL_STORED", "ALL_ADDED", "UNFLAG", "LOCK_CROWD"}


def plan_of(connection, sql: str, values: list[object]) -> str:
    words = "EXPLAIN " if connection.dialect.name == "postgresql" else "EXPLAIN QUERY PLAN "
    rows = raw_cursor(connection).execute(words + sql, values).fetchall()
    return "\n".join(str(row[-1]) for row in rows)
