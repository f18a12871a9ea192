"""The demo is told through the services, and one seed always tells one fair."""

from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from fairapp.core.data.db import db
from fairapp.deals.ledger.verification import ledger_report
from fairapp.deals.models import Deal
from fairapp.deals.totals.queries import totals_by_sum
from fairapp.exhibitors.models import Exhibitor, ExhibitorStatus
from fairapp.fairs.queries import fair_by_code
from fairapp.gates.counting.queries import recount_checks, refusals
from fairapp.reports.figures import current_figures
from fairapp.visitors.models import Visitor, VisitorStatus
from tests.demo_fair import TINY, told_program


def told_figures(request: pytest.FixtureRequest, folder: Path, seed: int) -> dict[str, Any]:
    program = told_program(request, folder, seed)
    with program.app_context():
        fair = fair_by_code("cbec2021")
        assert fair is not None
        found = current_figures(fair) | {"as_of": ""}
        found["whole"] = ledger_report(fair.id).ok
        found["recounted"] = all(reported == afresh for _, reported, afresh in recount_checks(fair.id))
        found["refused"] = {str(reason) for reason, _ in refusals(fair.id)}
        found["apart"] = {name: row["declared_count"] for name, row in totals_by_sum(fair.id).items()}
        found["statuses"] = set(db.session.scalars(select(Exhibitor.status)))
        found["merged"] = len(
            db.session.scalars(select(Visitor.id).where(Visitor.status == VisitorStatus.MERGED)).all()
        )
        found["currencies"] = set(db.session.scalars(select(Deal.currency)))
        db.session.remove()
        db.engine.dispose()
    return found


def test_one_seed_tells_one_fair(request: pytest.FixtureRequest, tmp_path: Path) -> None:
    first = told_figures(request, tmp_path / "first", seed=7)
    second = told_figures(request, tmp_path / "second", seed=7)
    other = told_figures(request, tmp_path / "other", seed=8)
    assert first == second
    assert first["ledger"]["head"] != other["ledger"]["head"]
    assert_is_a_whole_fair(first)
    assert_is_a_whole_fair(other)


def assert_is_a_whole_fair(found: dict[str, Any]) -> None:
    assert found["whole"] and found["recounted"]
    assert found["exhibitors"]["suppliers"] == TINY.suppliers
    assert found["visitors"]["unique_visitors"] == TINY.visitors
    assert found["visitors"]["registrations"] > TINY.visitors
    assert found["statuses"] == {ExhibitorStatus.APPLIED, ExhibitorStatus.APPROVED, ExhibitorStatus.REFUSED}
    assert found["merged"] == TINY.no_shows // 60
    assert len(found["currencies"]) >= 4
    assert found["meetings"]["held"] > 0
