"""`flask exhibitors …`."""

import click

from fairapp.core.data.db import transaction
from fairapp.exhibitors.booths.services import release_expired_holds
from fairapp.exhibitors.imports.report import write_report
from fairapp.exhibitors.imports.services import import_file
from fairapp.fairs.cli import FAIR, command_actor, import_command
from fairapp.fairs.models import Fair


@click.group("exhibitors")
def exhibitors_group() -> None:
    """Exhibitors: import a list, release holds."""


import_list = import_command(import_file, write_report)
import_list.help = "Take in a list of exhibitors; ends with one JSON line of counts. A second run changes nothing."
exhibitors_group.add_command(import_list)


@exhibitors_group.command("release-holds")
@click.argument("fair", type=FAIR)
def release_holds(fair: Fair) -> None:
    """End the booth holds whose days have run out."""
    with transaction():
        click.echo(
            f"{release_expired_holds(actor=command_actor(fair, 'exhibitors release-holds'), fair=fair)} released"
        )


COMMANDS = (exhibitors_group,)
