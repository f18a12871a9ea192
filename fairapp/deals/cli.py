"""`flask ledger …`."""

import sys

import click

from fairapp.core.db import transaction
from fairapp.deals.queries import ledger_report
from fairapp.deals.services import record_check
from fairapp.fairs.cli import FAIR, actor_for
from fairapp.fairs.models import Fair


@click.group("ledger")
def ledger_group() -> None:
    """The chain of deal entries."""


@ledger_group.command("verify")
@click.argument("fair", type=FAIR)
def verify(fair: Fair) -> None:
    """Recompute the chain, name every broken entry, and keep the result; exit 1 when one is broken."""
    report = ledger_report(fair.id)
    with transaction():
        record_check(actor=actor_for(fair, "ledger verify"), fair=fair, report=report)
    click.echo(report.text())
    sys.exit(0 if report.ok else 1)


COMMANDS = (ledger_group,)
