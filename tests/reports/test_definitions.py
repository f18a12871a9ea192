"""What a definition version says does not change: a moved word or cell is a new version beside the old one."""

import hashlib
from io import BytesIO
from typing import Any

import pytest
from apiflask import APIFlask

from fairapp.core.data.db import snapshot
from fairapp.core.data.ids import seeded
from fairapp.deals.draft import Side
from fairapp.reports.fair_workbook import DEFINITIONS, collect_facts
from fairapp.reports.workbook.serialization import canonical_json
from tests.factories.deals import confirm, declare, verified_deal
from tests.factories.foundation import make_fair

# SHA-256 of every sheet of the fair below as canonical JSON. If a published workbook was made by the version, do not
# write another hash here: leave its code as it is and add a version.
GOLDEN = {1: "d714d8beeac079a95b5009ad4580b6dd5928fc56f72eb996714ab7a7457c036b"}


# The content hash of the file made of them: cells, styles, charts, everything but the compression.
GOLDEN_CONTENT = {1: "92833a4c60b5cc705ba0f7e36f36b524daa1d6e4266827e08eb5541ceca20252"}


@pytest.mark.parametrize("version", DEFINITIONS)
def test_the_same_fair_makes_the_same_sheets_and_the_same_file(app: APIFlask, clock: Any, version: int) -> None:
    with seeded(1):
        fair = make_fair("golden", id=9_001)
        verified_deal(fair, amount_minor=1_000_000)
        confirm(declare(fair, amount_minor=300_000, currency="EUR", buyer=Side(name="Osaka Shokai", country="JP")))
        declare(fair, amount_minor=9_000_000, currency="VND", buyer=Side(name="Saigon", country="VN"))
        declare(fair, nature="investment", buyer=Side(name="Builders", country="DE"))
    with snapshot():
        facts, reading = collect_facts(fair)
        sheets = DEFINITIONS[version].sheets(fair.id, facts, reading)
        text = canonical_json({str(number): sheet for number, sheet in sheets.items()})
    assert hashlib.sha256(text.encode()).hexdigest() == GOLDEN[version]
    content = DEFINITIONS[version].write(iter(sheets.values()), facts["stamp"], BytesIO(), lambda _done: None)
    assert content == GOLDEN_CONTENT[version]
