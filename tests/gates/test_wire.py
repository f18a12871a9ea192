"""What lanes say over the wire, and what they are answered by the server as it runs: gunicorn with its threads."""

import json
import socket
import time
from uuid import uuid4

import pytest

from tests.gates.wire import GateWire

ALL_OF_A_BODY = b'{"scans": []}'


# --- requests that are cut in pieces ------------------------------------------------------------------


def test_two_requests_in_one_packet_are_both_answered(wire: GateWire) -> None:
    scans = [wire.scan(), wire.scan()]
    with wire.line() as line:
        line.say(b"".join(wire.request(scan) for scan in scans))
        answers = [line.answer() for _ in scans]
    assert [answer.json["scans"][0]["id"] for answer in answers] == [scan["id"] for scan in scans]


def test_a_body_in_two_parts_is_read_whole(wire: GateWire) -> None:
    request = wire.request(wire.scan())
    with wire.line() as line:
        line.say(request[:-20])
        time.sleep(0.1)
        line.say(request[-20:])
        assert line.answer().json["scans"][0]["decision"] == "admitted"


def test_a_head_byte_by_byte_is_read_whole(wire: GateWire) -> None:
    request = wire.request(wire.scan())
    answer = wire.send(*(request[at : at + 1] for at in range(len(request))))
    assert answer.json["scans"][0]["decision"] == "admitted"


def test_a_body_in_chunks_is_read_whole(wire: GateWire) -> None:
    body = json.dumps({"scans": [wire.scan()]}).encode()
    head = wire.head("Transfer-Encoding: chunked").encode()
    halves = (body[:30], body[30:], b"")
    answer = wire.send(head, *(b"%x\r\n%s\r\n" % (len(half), half) for half in halves))
    assert answer.json["scans"][0]["decision"] == "admitted"


def test_who_asks_before_sending_is_told_to_go_on(wire: GateWire) -> None:
    body = json.dumps({"scans": [wire.scan()]}).encode()
    with wire.line() as line:
        line.say(wire.head(f"Content-Length: {len(body)}", "Expect: 100-continue").encode())
        assert line.connection.recv(1000).startswith(b"HTTP/1.1 100 ")
        line.say(body)
        assert line.answer().json["scans"][0]["decision"] == "admitted"


# --- requests that two programs could read differently --------------------------------------------------


@pytest.mark.parametrize(
    ("lines", "status"),
    [
        (["Content-Length: 13", "Transfer-Encoding: chunked"], 400),
        (["Content-Length: 13", "Content-Length: 14"], 400),
        (["Content-Length: 13", "Content-Length: 13"], 400),
        (["Content-Length: +13"], 400),
        (["Content-Length: 13", " X-Folded: yes"], 400),
        (["Content-Length : 13"], 400),
        (["Content-Length: 13", "X-Nul: \0"], 400),
        (["Transfer-Encoding: gzip"], 400),
        (["Transfer-Encoding: brick"], 501),
    ],
)
def test_a_head_that_could_be_read_in_two_ways_is_refused_and_the_line_closed(
    wire: GateWire, lines: list[str], status: int
) -> None:
    with wire.line() as line:
        line.say(wire.head(*lines).encode() + ALL_OF_A_BODY)
        assert line.answer().status == status
        assert line.is_closed()


def test_a_bare_line_feed_ends_no_line(wire: GateWire) -> None:
    with wire.line() as line:
        line.say(wire.head("Content-Length: 13").encode().replace(b"\r\n", b"\n") + ALL_OF_A_BODY)
        assert line.answer().status == 400
        assert line.is_closed()


def test_what_comes_behind_a_body_is_no_part_of_it(wire: GateWire) -> None:
    with wire.line() as line:
        line.say(wire.request(wire.scan()) + b"{}garbage\r\n\r\n")
        assert line.answer().json["scans"][0]["decision"] == "admitted"
        assert b" 200 " not in line.rest()


def test_a_body_shorter_than_it_says_is_no_request(wire: GateWire) -> None:
    with wire.line() as line:
        body = json.dumps({"scans": [wire.scan()]}).encode()
        line.say(wire.head(f"Content-Length: {len(body) + 1}").encode() + body)
        line.connection.shutdown(socket.SHUT_WR)
        assert line.answer().status == 400


# --- bodies -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("body", "status"),
    [
        (b"", 400),
        (b"{", 400),
        (b"[" * 100_000, 400),
        (b'{"scans": ' + b"[" * 100_000, 400),
        (b'{"scans": [{"counter": NaN}]}', 400),
        (b'{"scans": [{"counter": 1e400}]}', 400),
        (b'\xef\xbb\xbf{"scans": []}', 400),
        ('{"scans": []}'.encode("utf-16"), 400),
        (b'{"scans": [{"code": "\\ud800"}]}', 400),
        (b'{"scans": [{"code": "\xff"}]}', 400),
        (b'{"scans": []} x', 400),
        (b"null", 422),
        (b'{"scans": []}', 422),
        (b'{"scans": [{}]}', 422),
        (b'{"scans": [' + b"0," * 600_000 + b"0]}", 413),
    ],
)
def test_a_body_that_is_no_list_of_scans_is_refused(wire: GateWire, body: bytes, status: int) -> None:
    answer = wire.send(wire.head(f"Content-Length: {len(body)}").encode() + body)
    assert answer.status == status
    assert answer.headers["Content-Type"] == "application/problem+json"


def test_of_a_name_that_stands_twice_the_last_counts(wire: GateWire) -> None:
    body = json.dumps({"scans": [wire.scan()]}).replace('"gate": "G1"', '"gate": 5, "gate": "NOWHERE", "gate": "G1"')
    answer = wire.send(wire.head(f"Content-Length: {len(body)}").encode() + body.encode())
    assert answer.json["scans"][0]["decision"] == "admitted"


def test_a_scan_that_stands_twice_in_one_body_is_stored_once(wire: GateWire) -> None:
    scan = wire.scan()
    answers = wire.send(wire.request(scan, scan)).json["scans"]
    assert [(one["decision"], one["replayed"]) for one in answers] == [("admitted", False), ("admitted", True)]


def test_five_hundred_long_texts_are_answered(wire: GateWire) -> None:
    scans = [{"id": str(uuid4()), "code": "A" * 1000, "gate": "G1", "direction": "entry"} for _ in range(500)]
    answer = wire.send(wire.request(*scans))
    assert [one["decision"] for one in answer.json["scans"]] == ["unknown"] * 500


def test_more_than_a_page_takes_is_cut_off(wire: GateWire) -> None:
    head = wire.head(f"Content-Length: {100 * 2**20}", path="/account/sign-in").encode()
    with wire.line() as line:
        try:
            line.say(head, *[b"x" * 2**20] * 100)
        except (BrokenPipeError, ConnectionResetError):
            return
        assert line.answer().status == 413


# --- who sends ------------------------------------------------------------------------------------------


def test_a_device_that_is_revoked_while_it_scans_admits_nobody_two_seconds_later(wire: GateWire) -> None:
    phone = wire.phones[1]
    body = json.dumps({"scans": [wire.scan()]}).encode()
    request = wire.head(f"Content-Length: {len(body)}", token=phone.token).encode() + body
    with wire.line() as line:
        for _ in range(3):
            line.say(request)
            assert line.answer().status == 200
        wire.revoke(phone)
        time.sleep(2)
        line.say(request)
        answer = line.answer()
    assert (answer.status, answer.json["code"]) == (401, "device_revoked")
