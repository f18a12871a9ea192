"""Each law turns red where it is broken: an offence is planted in a copy of the program, in a room of any feature."""

import shutil
from pathlib import Path

import pytest

from fairapp.config import ROOT
from tests.architecture import laws
from tests.architecture.source import Source

LONG = "\n".join(f"    step_{number} = {number}" for number in range(40))
OFFENCES = [
    (laws.every_module_has_a_role, "gates/control_room/corrections.py", "def correct() -> None:\n    pass\n"),
    (laws.imports_go_down, "deals/slips/queries.py", "from fairapp.deals.slips import views\n"),
    (laws.rooms_stand_in_a_line, "audit/catalogue.py", "from fairapp.audit import views\n"),
    (laws.packages_define_nothing, "deals/slips/__init__.py", "from fairapp.deals.slips.queries import slip_counts\n"),
    (laws.modules_are_small, "deals/slips/labels.py", "\n" * 501),
    (laws.functions_are_short, "gates/control_room/views.py", f"def overview():\n{LONG}\n"),
    (laws.functions_are_short, "visitors/badges/rules.py", f"def decide():\n{LONG}\n{LONG}\n"),
    (laws.services_say_who_acts, "exhibitors/booths/services.py", "def free_booths(fair):\n    audit.record()\n"),
    (laws.services_leave_a_trail, "meetings/services.py", "def cancel(*, actor):\n    return actor\n"),
    (laws.only_edges_know_the_request, "deals/rates/services.py", "from flask import request\n"),
    (laws.only_services_write, "gates/counting/queries.py", "from sqlalchemy import delete\ndelete(Scan)\n"),
    (laws.only_services_write, "fairs/views.py", "db.session.add(Hall())\n"),
    (laws.one_place_commits, "deals/slips/services.py", "db.session.commit()\n"),
    (laws.one_place_commits, "reports/publications/services.py", "with transaction():\n    pass\n"),
    (laws.rules_are_pure, "gates/devices/rules.py", "from fairapp.core.data.db import db\n"),
    (laws.queries_read, "visitors/queries.py", "def update_badge():\n    pass\n"),
    (laws.names_are_plain, "reports/publications/rules.py", "def told():\n    pass\n"),
    (laws.names_are_plain, "deals/enums.py", "MOST_DEALS = 9\n"),
    (laws.names_are_plain, "deals/slips/utils.py", ""),
    (
        laws.docstrings_tell_what_to_expect,
        "deals/queries/lists.py",
        'def deals():\n    """What waits for a person."""\n',
    ),
    (laws.one_clock, "gates/devices/queries.py", "now = datetime.now()\n"),
    (laws.one_source_of_chance, "visitors/services.py", "import random\n"),
]


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    shutil.copytree(
        ROOT / "fairapp", tmp_path / "fairapp", ignore=shutil.ignore_patterns("__pycache__", "*.mo", "*.po")
    )
    return tmp_path


@pytest.mark.parametrize(("law", "place", "offence"), OFFENCES, ids=lambda value: getattr(value, "__name__", None))
def test_a_planted_offence_is_found(copy: Path, law: laws.Law, place: str, offence: str) -> None:
    before = set(law(Source(copy)))
    path = copy / "fairapp" / place
    path.write_text((path.read_text(encoding="utf-8") if path.exists() else "") + "\n\n" + offence, encoding="utf-8")
    assert {breach for breach in law(Source(copy)) if place in breach or place[:4] in breach} - before


def test_a_room_that_grows_too_full_is_found(copy: Path) -> None:
    for number in range(20):
        (copy / "fairapp" / "deals" / "slips" / f"thing_{number}.py").touch()
    assert list(laws.rooms_are_small(Source(copy)))
