"""Who may open the pages of fairs."""

from typing import Any

from fairapp.core.data.db import transaction
from fairapp.core.data.files import StoredFile
from fairapp.fairs.booths import file as booth_file
from tests.access import Case, Side
from tests.factories.foundation import actor

CSV = b"hall,number\nH1,H1-Q001\n"
LIST = "halls"


def make_file(side: Side) -> StoredFile:
    """A list of booths that the side's organiser handed in."""
    with transaction():
        by = actor(side.people["organiser"], side.fair)
        return booth_file.store_list(actor=by, fair=side.fair, name="booths.csv", content=CSV)


def part(side: Side) -> dict[str, Any]:
    return {"part": LIST, "part_id": side.ground.halls[0].id}


def booth(side: Side) -> dict[str, Any]:
    return {"booth_id": side.ground.booths[0].id}


RECORDS = {"booth file": make_file}
CASES = {
    "fairs.front": Case("everyone"),
    "fairs.home": Case("everyone"),
    "fairs.accent": Case("everyone"),
    "fairs.new_fair": Case("creator"),
    "fairs.settings": Case("organiser"),
    "fairs.notices": Case("organiser"),
    "fairs.states": Case("organiser"),
    "fairs.set_state": Case("organiser"),
    "fairs.parts": Case("organiser", args=lambda side: {} if side.name == "foreign" else {"part": LIST}),
    "fairs.change_part": Case("organiser", args=part),
    "fairs.remove_part": Case("organiser", args=part),
    "fairs.turn_gate": Case("organiser", args=lambda side: {"part_id": side.ground.gates[0].id, "verb": "close"}),
    "fairs.booths": Case("organiser"),
    "fairs.booth": Case("organiser", args=booth),
    "fairs.turn_booth": Case("organiser", args=lambda side: {**booth(side), "verb": "withdraw"}),
    "fairs.add_booths": Case("organiser"),
    "fairs.booth_file": Case("organiser"),
    "fairs.booth_preview": Case("organiser", args=lambda side: {"file_id": side["booth file"].id}),
}
