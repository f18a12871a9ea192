"""The demo is made through the services, and one seed always makes one fair."""

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
from fairapp.gates.counting.figures import recount_checks
from fairapp.gates.counting.queries import refusals
from fairapp.reports.figures import current_figures
from fairapp.visitors.models import Visitor, VisitorStatus
from tests.demo_fair import TINY, demo_program


def demo_figures(request: pytest.FixtureRequest, folder: Path, seed: int) -> dict[str, Any]:
    program = demo_program(request, folder, seed)
    with program.app_context():
        fair = fair_by_code("cbec2021")
        assert fair is not None
        facts = current_figures(fair) | {"as_of": ""}
        facts["whole"] = ledger_report(fair.id).ok
        facts["recounted"] = all(reported == afresh for _, reported, afresh in recount_checks(fair.id))
        facts["refused"] = {str(reason) for reason, _ in refusals(fair.id)}
        facts["apart"] = {name: row["declared_count"] for name, row in totals_by_sum(fair.id).items()}
        facts["statuses"] = set(db.session.scalars(select(Exhibitor.status)))
        facts["merged"] = len(
            db.session.scalars(select(Visitor.id).where(Visitor.status == VisitorStatus.MERGED)).all()
        )
        facts["currencies"] = set(db.session.scalars(select(Deal.currency)))
        db.session.remove()
        db.engine.dispose()
    return facts


def test_one_seed_makes_one_fair(request: pytest.FixtureRequest, tmp_path: Path) -> None:
    first = demo_figures(request, tmp_path / "first", seed=7)
    second = demo_figures(request, tmp_path / "second", seed=7)
    other = demo_figures(request, tmp_path / "other", seed=8)
    assert first == second
    assert first["ledger"]["head"] != other["ledger"]["head"]
    assert_is_a_whole_fair(first)
    assert_is_a_whole_fair(other)


def assert_is_a_whole_fair(facts: dict[str, Any]) -> None:
    assert facts["whole"] and facts["recounted"]
    assert facts["exhibitors"]["suppliers"] == TINY.suppliers
    assert facts["visitors"]["unique_visitors"] == TINY.visitors
    assert facts["visitors"]["registrations"] > TINY.visitors
    assert facts["statuses"] == {ExhibitorStatus.APPLIED, ExhibitorStatus.APPROVED, ExhibitorStatus.REFUSED}
    assert facts["merged"] == TINY.no_shows // 60
    assert len(facts["currencies"]) >= 4
    assert facts["meetings"]["held"] > 0
