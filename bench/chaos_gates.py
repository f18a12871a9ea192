"""The gate when things go wrong: nothing acknowledged is lost, nothing is stored twice, nobody is let in by a forgery."""

import json
import random
import time
import urllib.request
from collections import Counter
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import select

from bench import Figures, runs
from bench.bench_gates import scan
from bench.fair import BigFair, Serving, big_fair
from bench.senders import Senders, Told
from fairapp.app import create_app
from fairapp.core.data import clock
from fairapp.core.data.db import db, sqlite, transaction
from fairapp.core.web.access import system
from fairapp.fairs.models import Fair
from fairapp.gates import rules
from fairapp.gates.counting.kept_counts import kept_counts
from fairapp.gates.counting.passages import counts_afresh, list_counted_people
from fairapp.gates.models import Decision, Scan, ScanConflict
from fairapp.visitors.badges.pdf import CodeWriter
from fairapp.visitors.badges.services import reprint_badge, revoke_badge
from fairapp.visitors.models import Badge, Visitor
from fairapp.visitors.registration.services import register_visitor
from fairapp.visitors.rules import NewVisitor

BADGES = 40_000
KILLS, RESTARTS = 50, 10
FORGED = 100_000
ROOM = 1_000_000  # bytes, for the log of a few hundred scans
ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:"


def a_fair(engine: str) -> BigFair:
    return big_fair(engine, BADGES)


def judged(fair: BigFair, sent: Senders, ids: Sequence[str]) -> dict[str, object]:
    """What was acknowledged against what is stored; raises when a promise is broken."""
    with create_app(fair.settings()).app_context():
        wanted = (Scan.id, Scan.decision, Scan.admitted)
        stored = db.session.execute(select(*wanted).where(Scan.fair_id == fair.fair_id)).all()
        counted = kept_counts(fair.fair_id) == counts_afresh(fair.fair_id)
        db.session.remove()
        db.engine.dispose()
    rows = {str(row.id): row for row in stored}
    lost = [one for one in sent.acknowledged if one not in rows]
    changed = [
        one
        for one, told in sent.acknowledged.items()
        if one in rows and any(each["decision"] != rows[one].decision for each in told)
    ]
    figures = {"scans": len(ids), "acknowledged": len(sent.acknowledged), "lost": len(lost), "changed": len(changed)}
    figures |= {"doubled": len(stored) - len(rows), "counts_proven": counted, "failures_on_the_way": sent.failures}
    if lost or changed or not counted or len(rows) < len(stored) or set(ids) - sent.acknowledged.keys():
        raise AssertionError(figures)
    return figures


def _killed(engine: str) -> Figures:
    """The server is killed with -9 again and again while lanes hand in batches."""
    fair, chance = a_fair(engine), random.Random(1)
    codes = fair.fresh_codes(8000)
    scans = [scan(code, number) for number, code in enumerate(codes)]
    sent = Senders(fair)
    sent.put(scans, 8)
    for _ in range(KILLS):
        serving = Serving(fair)
        threads = sent.start(serving.__enter__(), gives_up=True)
        time.sleep(chance.uniform(0.02, 0.25))
        serving.kill()
        for thread in threads:
            thread.join()
        if sent.waiting.qsize() < 200:
            sent.put(chance.sample(scans, 4000), 8)  # again: each must be answered as before
    with Serving(fair) as port:
        sent.run(port)
    return {"kills": KILLS} | judged(fair, sent, [one["id"] for one in scans])


@runs(1)
def chaos_server_killed_sqlite() -> Figures:
    return _killed("sqlite")


@runs(1)
def chaos_server_killed_postgresql() -> Figures:
    return _killed("postgresql")


@runs(1)
def chaos_postgresql_restarted() -> Figures:
    """The database is restarted under load, half of the times as if it had crashed."""
    fair, chance = a_fair("postgresql"), random.Random(2)
    assert fair.server is not None
    scans = [scan(code, number) for number, code in enumerate(fair.fresh_codes(4000))]
    sent = Senders(fair)
    sent.put(scans, 2)
    with Serving(fair) as port:
        threads = sent.start(port)
        for number in range(RESTARTS):
            time.sleep(chance.uniform(0.3, 0.8))
            fair.server.restart("immediate" if number % 2 else "fast")
            if sent.waiting.qsize() < 500:
                sent.put(chance.sample(scans, 2000), 2)
        for thread in threads:
            thread.join()
        sent.run(port)
    return {"restarts": RESTARTS} | judged(fair, sent, [one["id"] for one in scans])


def _shuffled(engine: str) -> Figures:
    """Queues of many devices, each handed in three times, shuffled: the end is the same as in order."""
    fair, chance = a_fair(engine), random.Random(3)
    start = clock.now() - timedelta(hours=2)
    decided = {"decision": "admitted", "admitted": True, "mode": "device", "list_version": "7"}
    scans = []
    for number, code in enumerate(fair.fresh_codes(600)):
        for step in range(chance.randint(1, 4)):  # some leave, some come in twice
            at = start + timedelta(seconds=number + 60 * step)
            way = {"direction": "exit"} if step % 2 and chance.random() < 0.7 else {}
            scans.append(scan(code, number + step, at=at.isoformat(), decided=decided, counter=len(scans), **way))
    sent = Senders(fair)
    for _ in range(3):
        sent.put(chance.sample(scans, len(scans)), 50)
    with Serving(fair) as port:
        sent.run(port)
    told = judged(fair, sent, [one["id"] for one in scans])
    return told | contradictions_proven(fair)


def contradictions_proven(fair: BigFair) -> dict[str, object]:
    """The contradictions that are kept are those that follow from all passages in order."""
    with create_app(fair.settings()).app_context():
        inside = ScanConflict.reason == Decision.ALREADY_INSIDE
        query = select(ScanConflict.id, ScanConflict.other_id).where(ScanConflict.fair_id == fair.fair_id, inside)
        kept = {row.id: row.other_id for row in db.session.execute(query)}
        afresh: dict[UUID, UUID] = {}
        for person in list_counted_people(fair.fair_id):
            afresh.update({late.id: early.id for late, early in rules.double_entries(person.passages).items()})
        db.session.remove()
        db.engine.dispose()
    if kept != afresh:
        raise AssertionError({"kept": len(kept), "afresh": len(afresh)})
    return {"contradictions": len(kept)}


@runs(1)
def chaos_queues_shuffled_sqlite() -> Figures:
    return _shuffled("sqlite")


@runs(1)
def chaos_queues_shuffled_postgresql() -> Figures:
    return _shuffled("postgresql")


@runs(1)
def chaos_disk_full_sqlite() -> Figures:
    """No file may grow any more in the middle of the load; with room again, everything goes on."""
    fair = a_fair("sqlite")
    scans = [scan(code, number) for number, code in enumerate(fair.fresh_codes(3000))]
    sent = Senders(fair)
    sent.put(scans, 10)
    empty_log(fair)
    with Serving(fair, most_bytes=ROOM) as port:
        for thread in sent.start(port, gives_up=True):
            thread.join()
    refused = sent.failures
    with Serving(fair) as port:
        sent.run(port)
    if not refused:
        raise AssertionError("the disk was never full")
    return {"refused_while_full": refused} | judged(fair, sent, [one["id"] for one in scans])


def empty_log(fair: BigFair) -> None:
    """Take SQLite's log over into the database, so that new scans need room for it."""
    with sqlite.connect(str(fair.folder / "instance" / "fair.db")) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    connection.close()


@runs(1)
def chaos_clocks() -> Figures:
    """Devices ten minutes slow and fast, and one whose clock jumps between scanning and sending."""
    fair = a_fair("sqlite")
    codes = iter(fair.fresh_codes(300))
    decided = {"decision": "admitted", "admitted": True, "mode": "device"}
    worst, flagged = 0.0, 0
    with Serving(fair) as port:
        for minutes, jump in ((-10, 0), (10, 0), (0, 12), (0, -12), (-10, 20), (0, 0)):
            off, then = timedelta(minutes=minutes), datetime.now(UTC) - timedelta(minutes=30)
            batch = [scan(next(codes), n, at=(then + off).isoformat(), decided=decided) for n in range(50)]
            answers = send_once(fair, port, batch, datetime.now(UTC) + off + timedelta(minutes=jump))
            flagged += sum(told["skewed"] for told in answers)
            assert all(told["admitted"] for told in answers)
            assert all(datetime.fromisoformat(told["at"]) <= datetime.now(UTC) for told in answers)
            if not jump:
                worst = max(
                    worst, *(abs((datetime.fromisoformat(told["at"]) - then).total_seconds()) for told in answers)
                )
    assert worst < 2, worst
    assert flagged == 5 * 50, flagged
    return {"scans": 300, "flagged": flagged, "worst_correction_s": worst, "lost": 0}


def send_once(fair: BigFair, port: int, scans: list[dict[str, Any]], sent_at: datetime, lang: str = "en") -> list[Told]:
    """One batch, and the answers to it."""
    body = json.dumps({"scans": scans, "sent_at": sent_at.isoformat()}).encode()
    headers = {"Authorization": f"Bearer {fair.token}", "Content-Type": "application/json", "Accept-Language": lang}
    request = urllib.request.Request(f"http://127.0.0.1:{port}/api/v1/fairs/{fair.code}/scans", body, headers)
    with urllib.request.urlopen(request, timeout=60) as answer:
        told: list[Told] = json.load(answer)["scans"]
    return told


def mutated(code: str, chance: random.Random) -> str:
    """The code with one to three letters changed; never the code itself."""
    letters = list(code)
    while "".join(letters) == code:
        for _ in range(chance.randint(1, 3)):
            letters[chance.randrange(len(letters))] = chance.choice(ALPHABET)
    return "".join(letters)


@runs(1)
def chaos_forged_codes() -> Figures:
    """100,000 changed codes at the gates: not one opens, each is told why in both languages."""
    fair, chance = a_fair("sqlite"), random.Random(4)
    true = fair.fresh_codes(500)
    found: Counter[str] = Counter()
    reasons: dict[str, set[str]] = {}
    with Serving(fair) as port:
        for start in range(0, FORGED, 500):
            batch = [scan(mutated(code, chance), number) for number, code in enumerate(true)]
            lang = "en" if start % 1000 else "zh"
            for told in send_once(fair, port, batch, datetime.now(UTC), lang):
                found[told["decision"]] += 1
                reasons.setdefault(told["decision"], set()).add(told["reason"])
                assert not told["admitted"], told
    assert set(found) <= {"unknown", "bad_signature"}, found
    assert all(len(words) == 2 for words in reasons.values()), reasons
    return {"codes": FORGED, "admitted": 0, **found}


def _other_codes(engine: str) -> Figures:
    """Codes of another fair, withdrawn, reissued, and for tomorrow; with their reasons in both languages."""
    fair, foreign = a_fair(engine), big_fair("sqlite" if engine == "postgresql" else "postgresql", 100)
    codes = special_codes(fair) | {"foreign": foreign.fresh_codes(1)[0]}
    wanted = {
        "foreign": "bad_signature" if foreign.fair_id == fair.fair_id else "unknown",
        "withdrawn": "revoked",
        "replaced": "revoked",
        "reissued": "admitted",
        "tomorrow": "wrong_day",
    }
    told = {}
    with Serving(fair) as port:
        for name, code in codes.items():
            answers = [send_once(fair, port, [scan(code, 0)], datetime.now(UTC), lang)[0] for lang in ("zh", "en")]
            assert answers[0]["decision"] == wanted[name], (name, answers)
            assert len({answer["reason"] for answer in answers}) == 2, answers
            told[name] = answers[0]["decision"]
    return told


def special_codes(fair: BigFair) -> dict[str, str]:
    """Codes that are genuine and yet not good today, and one that is."""
    with create_app(fair.settings()).app_context():
        record, actor = db.session.get_one(Fair, fair.fair_id), system(fair.fair_id)
        with transaction():
            people, badges = zip(*(someone(record, f"Special {number}") for number in range(3)), strict=True)
            revoke_badge(actor=actor, visitor=people[0], reason="sold")
            fresh = reprint_badge(actor=actor, visitor=people[1], reason="lost")
            tomorrow = reprint_badge(actor=actor, visitor=people[2], reason="one day", days=0b10)
        write = CodeWriter(db.session.get_one(Fair, fair.fair_id))
        named = {"withdrawn": badges[0], "replaced": badges[1], "reissued": fresh, "tomorrow": tomorrow}
        codes = {name: write(badge) for name, badge in named.items()}
        db.session.remove()
        db.engine.dispose()
    return codes


def someone(fair: Fair, name: str) -> tuple[Visitor, Badge]:
    """A new person with a badge."""
    moment = clock.now().timestamp()
    new = NewVisitor(category="PRO", name=f"{name} {moment}", email=f"{moment}@example.com")
    return register_visitor(actor=system(fair.id), fair=fair, new=new)


@runs(1)
def chaos_codes_that_are_not_good_sqlite() -> Figures:
    return _other_codes("sqlite")


@runs(1)
def chaos_codes_that_are_not_good_postgresql() -> Figures:
    return _other_codes("postgresql")
