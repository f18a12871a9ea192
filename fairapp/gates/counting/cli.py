"""`flask recount`."""

import click

from fairapp.core.data.db import transaction
from fairapp.fairs.cli import FAIR, command_actor
from fairapp.fairs.models import Fair
from fairapp.gates.counting.recount import recount_fair


@click.command()
@click.argument("fair", type=FAIR)
def recount(fair: Fair) -> None:
    """Make the kept counts of a fair anew from every scan."""
    with transaction():
        wrong = recount_fair(actor=command_actor(fair, "recount"), fair=fair)
    click.echo(f"{wrong} counts put right")


COMMANDS = (recount,)
