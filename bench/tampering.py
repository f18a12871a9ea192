"""Ways to tamper with a ledger behind the program's back: each changes one random place and says where."""

import io
import random
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import UUID

from PIL import Image
from sqlalchemy import text

from fairapp.core.data.db import db, dialect, transaction
from fairapp.core.data.files import folder
from fairapp.core.web import access
from fairapp.deals.enums import EvidenceKind
from fairapp.deals.evidence.services import add_evidence
from fairapp.deals.ledger import chain as ledger
from fairapp.deals.ledger.services import record_published_head
from fairapp.deals.ledger.verification import ledger_head, ledger_rows
from fairapp.deals.services.confirm import Answer, confirm_deal
from fairapp.deals.services.declare import declare_deal
from fairapp.fairs.models import Fair

COLUMNS = (*ledger.FIELDS, "prev_hash", "row_hash")
SEEN = "seen"  # named by a head that left the house, not by a place of its own


@dataclass
class Ground:
    """A fair with a ledger: how many entries, which of them say an amount, and its files of evidence."""

    fair_id: int
    entries: int
    rng: random.Random

    def seq(self) -> int:
        return self.rng.randint(1, self.entries)

    def scalar(self, statement: str, **values: Any) -> Any:
        return db.session.execute(text(statement), values).scalar()

    def do(self, statement: str, **values: Any) -> None:
        db.session.execute(text(statement), values)


def tell(fair_id: int, draft: Callable[[int], Any], deals: int, rng: random.Random) -> Ground:
    """Deals declared, most confirmed, some with a file of evidence; the head is published, and verified once."""
    actor = access.system(fair_id, "trial")
    for number in range(deals):
        with transaction() as session:
            fair = session.get_one(Fair, fair_id)
            deal = declare_deal(actor=actor, fair=fair, draft=draft(number))
            if number % 3:
                confirm_deal(actor=actor, deal=deal, answer=Answer(deal.amount_minor, deal.currency))
            if number % 4 == 0:
                add_evidence(actor=actor, deal=deal, kind=EvidenceKind.CONTRACT, content=a_proof(number), name="c.png")
    entries, _head = ledger_head(fair_id)
    with transaction() as session:
        fair, words = session.get_one(Fair, fair_id), {"number": 1, "label_zh": "一", "label_en": "One"}
        record_published_head(actor=actor, fair=fair, seq=entries, **words)
    return Ground(fair_id, entries, rng)


def a_proof(number: int) -> bytes:
    """A picture like no other."""
    out = io.BytesIO()
    Image.new("RGB", (16, 16), (number % 256, 80, 160)).save(out, "PNG")
    return out.getvalue()


def without_triggers() -> None:
    """Who owns the database can take its triggers away; the chain must still tell."""
    with transaction() as session:
        if dialect() == "sqlite":
            for verb in ("update", "delete"):
                session.execute(text(f"DROP TRIGGER deal_entries_is_append_only_{verb}"))
        else:
            session.execute(text("ALTER TABLE deal_entries DISABLE TRIGGER USER"))


def _set(change: str) -> Callable[[Ground], int]:
    def tamper(ground: Ground) -> int:
        seq = ground.seq()
        ground.do(f"UPDATE deal_entries SET {change} WHERE seq = :seq", seq=seq)
        return seq

    return tamper


def _uuid(number: int) -> str:
    value = UUID(int=number)
    return f"'{value.hex}'" if dialect() == "sqlite" else f"'{value}'"


def _actor(ground: Ground) -> int:
    return _set(f"actor_id = {_uuid(ground.rng.getrandbits(100))}")(ground)


def _deletion(ground: Ground) -> int:
    seq = ground.seq()
    ground.do("DELETE FROM deal_entries WHERE seq = :seq", seq=seq)
    return seq


def _insertion(ground: Ground) -> int:
    """A copy of an entry pushed in behind it, all later ones renumbered, the head moved on."""
    seq, names = ground.seq(), ", ".join(name for name in COLUMNS if name not in {"seq", "id", "client_id"})
    for shift in (1_000_000, -999_999):
        ground.do("UPDATE deal_entries SET seq = seq + :shift WHERE seq > :seq", shift=shift, seq=seq)
    new = _uuid(ground.rng.getrandbits(100))
    copied = f"SELECT {seq + 1}, {new}, {new}, {names} FROM deal_entries WHERE seq = {seq}"
    ground.do(f"INSERT INTO deal_entries (seq, id, client_id, {names}) {copied}")
    ground.do("UPDATE ledger_heads SET entries = entries + 1")
    return seq + 1


def _swap(ground: Ground) -> int:
    one = ground.rng.randint(1, ground.entries - 1)
    for old, new in ((one, 900_000), (one + 1, one), (900_000, one + 1)):
        ground.do("UPDATE deal_entries SET seq = :new WHERE seq = :old", old=old, new=new)
    return one


def _cut_tail(ground: Ground) -> int:
    """The last entries gone, and the head set back as if they had never been."""
    seq = ground.rng.randint(2, ground.entries)
    head = ground.scalar("SELECT row_hash FROM deal_entries WHERE seq = :seq", seq=seq - 1)
    ground.do("DELETE FROM deal_entries WHERE seq >= :seq", seq=seq)
    ground.do("UPDATE ledger_heads SET entries = :entries, head_hash = :head", entries=seq - 1, head=head)
    return ground.entries


def _rehashed_tail(ground: Ground) -> int:
    """An amount changed, every later hash made anew, and the head with them."""
    seq = ground.seq()
    ground.do("UPDATE deal_entries SET amount_minor = amount_minor + 1 WHERE seq = :seq", seq=seq)
    prev = ground.scalar("SELECT prev_hash FROM deal_entries WHERE seq = :seq", seq=seq)
    for row in list(ledger_rows(ground.fair_id))[seq - 1 :]:
        hashed = ledger.row_hash(prev, row[:-2])
        statement = "UPDATE deal_entries SET prev_hash = :prev, row_hash = :hashed WHERE seq = :seq"
        ground.do(statement, prev=prev, hashed=hashed, seq=int(row[1]))
        prev = hashed
    ground.do("UPDATE ledger_heads SET head_hash = :head", head=prev)
    return ground.entries


def _deal(change: str) -> Callable[[Ground], int]:
    def tamper(ground: Ground) -> int:
        seq = int(ground.scalar("SELECT last_seq FROM deals WHERE number = :n", n=_number(ground)))
        ground.do(f"UPDATE deals SET {change} WHERE last_seq = :seq", seq=seq)
        return seq

    return tamper


def _flag(ground: Ground) -> int:
    """A flag put on a deal that has none."""
    seq = int(ground.scalar("SELECT last_seq FROM deals WHERE number = :n", n=_number(ground)))
    columns, new = "fair_id, id, deal_id, position, flag, number", _uuid(ground.rng.getrandbits(100))
    flag = f"SELECT fair_id, {new}, id, 99, 'like', 7 FROM deals WHERE last_seq = :seq"
    ground.do(f"INSERT INTO deal_flags ({columns}) {flag}", seq=seq)
    return seq


def _number(ground: Ground) -> int:
    return ground.rng.randint(1, int(ground.scalar("SELECT max(number) FROM deals")))


def _total(ground: Ground) -> int:
    column = ground.rng.choice(["declared_usd", "declared_count", "confirmed_usd", "declared_cny"])
    dimension = ground.rng.choice(["all", "country", "day", "category", "nature"])
    ground.do(f"UPDATE deal_totals SET {column} = {column} + 1 WHERE dimension = :dimension", dimension=dimension)
    return ground.entries


def _proof(ground: Ground) -> tuple[int, str]:
    query = "SELECT d.last_seq, e.sha256 FROM deal_evidence e JOIN deals d ON d.id = e.deal_id ORDER BY d.number"
    rows = db.session.execute(text(query)).all()
    seq, sha256 = ground.rng.choice([tuple(row) for row in rows])
    return int(seq), str(sha256)


def _evidence_row(ground: Ground) -> int:
    seq, sha256 = _proof(ground)
    ground.do("UPDATE deal_evidence SET sha256 = :new WHERE sha256 = :old", old=sha256, new="ab" * 32)
    return seq


def path_of(sha256: str) -> Path:
    return folder() / sha256[:2] / sha256


def changed_file(ground: Ground, check: Callable[[], set[int]]) -> tuple[int, set[int]]:
    """A byte of a stored file changed while `check` looks, or the file gone; then as before."""
    seq, sha256 = _proof(ground)
    path = path_of(sha256)
    kept = path.with_suffix(".kept")
    shutil.copy(path, kept)
    content = bytearray(path.read_bytes())
    content[ground.rng.randrange(len(content))] ^= 1
    path.unlink()
    if ground.rng.random() < 0.7:
        path.write_bytes(content)
    try:
        return seq, check()
    finally:
        shutil.move(kept, path)


KINDS: dict[str, Callable[[Ground], int]] = {
    "amount": _set("amount_minor = amount_minor + 1"),
    "dollars": _set("usd_minor = usd_minor * 10"),
    "rate": _set("rate_usd = '1.5'"),
    "time": _set("at = '2020-01-01 00:00:00.000001'"),
    "actor": _actor,
    "country": _set("country = 'XX'"),
    "row_hash": _set(f"row_hash = '{'0' * 64}'"),
    "deletion": _deletion,
    "insertion": _insertion,
    "swap": _swap,
    "cut_tail": _cut_tail,
    "rehashed_tail": _rehashed_tail,
    "kept_total": _total,
    "deal_status": _deal("status = 'verified'"),
    "deal_amount": _deal("amount_minor = amount_minor + 1"),
    "deal_flag": _flag,
    "deal_name": _deal("seller_name = 'Somebody else'"),
    "evidence_row": _evidence_row,
}
