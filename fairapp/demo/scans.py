"""The demo's scans at the gates, with the mishaps of real ones."""

from collections.abc import Iterator, Sequence
from datetime import timedelta
from itertools import islice
from random import Random

from fairapp.core.data import clock
from fairapp.core.data.db import transaction
from fairapp.core.data.ids import new_id
from fairapp.core.web import access
from fairapp.core.web.access import Actor
from fairapp.demo.venue import Venue
from fairapp.demo.visitors import Passage
from fairapp.fairs.venue.queries import gates
from fairapp.gates.models import Method
from fairapp.gates.scanning.scans import NewScan
from fairapp.gates.scanning.services import record_scans
from fairapp.visitors.badges import code as badge_code
from fairapp.visitors.badges import signing
from fairapp.visitors.badges.issue import current_signing_key
from fairapp.visitors.models import EVERY_DAY
from fairapp.visitors.registration.bulk import RegisteredVisitor

BATCH = 1_000
# One in so many entries is scanned again at another door, by a code somebody made up, or by a torn one.
CLONED, FORGED, TORN = 400, 1_800, 600
# The turnstiles of the south gate read and check a badge by themselves and hand over whose it was.
TURNSTILES = frozenset("S")


class DemoScans:
    """Scans of the badges of `people`, as they pass the gates."""

    def __init__(self, random: Random, venue: Venue, people: Sequence[RegisteredVisitor]) -> None:
        self.random, self.venue, self.people = random, venue, people
        self.gates = {gate.code: gate.id for gate in gates(venue.fair)}
        key = signing.private_key(current_signing_key(venue.fair.id))
        if key is None:
            raise RuntimeError("the fair's signing key cannot be opened")
        self.key_number, self.sign = current_signing_key(venue.fair.id).number, key.sign
        self.codes: dict[int, str] = {}

    def record_day(self, passages: Sequence[Passage]) -> int:
        """Record the passages in batches, each at the moment of its last scan; return how many scans."""
        actor = Actor("闸口 Gates", access.system().user_id, self.venue.fair.id)
        scans, recorded = self._scans(passages), 0
        while batch := list(islice(scans, BATCH)):
            last = max(scan.at for scan in batch if scan.at) + timedelta(seconds=2)
            with clock.frozen_at(last), transaction():
                record_scans(actor=actor, fair=self.venue.fair, scans=batch)
            recorded += len(batch)
        return recorded

    def _scans(self, passages: Sequence[Passage]) -> Iterator[NewScan]:
        for passage in passages:
            if passage.gate in TURNSTILES:
                yield self._turnstile_scan(passage)
                continue
            code = self._code(passage.person)
            yield self._scan(passage, code)
            if passage.direction == "entry":
                yield from self._mishaps(passage, code)

    def _turnstile_scan(self, passage: Passage) -> NewScan:
        badge = self.people[passage.person].badge_id
        gate = self.gates[passage.gate]
        return NewScan(new_id(), gate, passage.direction, badge_id=badge, at=passage.at, method=Method.IMPORT)

    def _mishaps(self, passage: Passage, code: str) -> Iterator[NewScan]:
        if self.random.randrange(CLONED) == 0:
            other = "E" if passage.gate != "E" else "S"
            later = passage.at + timedelta(seconds=self.random.randrange(30, 180))
            yield self._scan(Passage(later, passage.person, other, "entry"), code)
        if self.random.randrange(TORN) == 0:
            yield self._scan(passage, code[: self.random.randrange(8, 40)])
        if self.random.randrange(FORGED) == 0:
            yield self._scan(passage, code[:-3] + ("00." if code[-3:] != "00." else "11."))

    def _scan(self, passage: Passage, code: str) -> NewScan:
        gate = self.gates[passage.gate]
        return NewScan(new_id(), gate, passage.direction, code=code, at=passage.at, method=Method.SCANNER)

    def _code(self, person: int) -> str:
        if person not in self.codes:
            registered = self.people[person]
            content = badge_code.BadgeCode(
                self.venue.fair.id, self.key_number, registered.code_id, EVERY_DAY, 1, registered.category_code
            )
            self.codes[person] = badge_code.encode(content, self.sign)
        return self.codes[person]
