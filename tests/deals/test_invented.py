"""A small fair with invented and mistaken deals among honest ones: `make bench` tells one of full size."""

from collections import Counter

from bench.bench_fraud import Ground, figures_of, tell, with_sectors
from fairapp.core.data.db import transaction
from fairapp.deals.ledger.verification import ledger_report
from tests.factories.foundation import make_fair


def test_what_is_invented_is_held_and_what_is_honest_counts(app) -> None:
    fair = make_fair()
    ground = Ground(7, with_sectors(fair.id), sellers=16)
    honest = list(ground.honest(120))
    told = sorted([*honest, *ground.invented(honest, each=7, rings=1)], key=lambda one: one.at)
    kinds: dict[int, str] = {}
    refused: Counter[str] = Counter()
    with transaction():
        for one in told:
            tell(fair, one, kinds, refused)
    figures = figures_of(kinds, refused, fair.id)
    assert figures["invented"] == 35
    assert figures["invented_held_percent"] >= 95
    assert figures["honest_held_percent"] <= 2
    assert ledger_report(fair.id).ok
