"""`flask ledger …` and `flask deals …`."""

import sys
from contextlib import nullcontext
from datetime import datetime, time

import click

from fairapp.core.data import clock
from fairapp.core.data.db import transaction
from fairapp.core.text.numbers import Style
from fairapp.deals.follow_ups.jobs import send_all_due
from fairapp.deals.imports.columns import UNITS
from fairapp.deals.imports.report import write_report
from fairapp.deals.imports.services import import_file
from fairapp.deals.ledger.services import record_check
from fairapp.deals.ledger.verification import ledger_report
from fairapp.fairs.cli import FAIR, command_actor, import_command
from fairapp.fairs.models import Fair


@click.group("ledger")
def ledger_group() -> None:
    """Check the chain of deal entries."""


@ledger_group.command("verify")
@click.argument("fair", type=FAIR)
def verify(fair: Fair) -> None:
    """Recompute the chain, name every broken entry, and keep the result; exit 1 when one is broken."""
    report = ledger_report(fair.id)
    with transaction():
        record_check(actor=command_actor(fair, "ledger verify"), fair=fair, report=report)
    click.echo(report.text())
    sys.exit(0 if report.ok else 1)


@click.group("deals")
def deals_group() -> None:
    """Take in deals and ask what became of them."""


import_list = import_command(
    import_file,
    write_report,
    click.option("--currency", help="Code of the currency, where the list names none."),
    click.option("--unit", type=click.Choice(list(UNITS)), help="Amounts are in so many units."),
    click.option(
        "--style",
        type=click.Choice([str(style) for style in Style]),
        help="Decimal sign, where the cells leave it open.",
    ),
)
import_list.help = "Take in a list of deals; ends with one JSON line of counts. A second run changes nothing."
deals_group.add_command(import_list)


@deals_group.command("follow-up")
@click.argument("fair", type=FAIR)
@click.option("--today", type=click.DateTime(["%Y-%m-%d"]), help="As if it were this day.")
def follow_up(fair: Fair, today: datetime | None) -> None:
    """Ask by mail what became of the deals, as far as it is due, and remind once; run it every day."""
    noon = today and clock.from_zone(datetime.combine(today, time(12)), fair.time_zone)
    with clock.frozen_at(noon) if noon else nullcontext():
        sent = send_all_due(fair, command_actor(fair, "deals follow-up"))
    click.echo(f"asked about {sent.asked} deals, reminded of {sent.reminded}, in {sent.mails} mails")


COMMANDS = (ledger_group, deals_group)
