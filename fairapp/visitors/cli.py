"""`flask badges` and `flask visitors …`."""

from pathlib import Path

import click

from fairapp.core.data import clock
from fairapp.core.data.db import transaction
from fairapp.core.web.access import system
from fairapp.fairs.cli import FAIR, NEW_FILE, write_whole
from fairapp.fairs.models import Fair
from fairapp.visitors.badges.jobs import first_badges_pdf
from fairapp.visitors.erasure.services import purge_expired


@click.command()
@click.argument("fair", type=FAIR)
@click.option("--limit", type=click.IntRange(1, 100_000), default=1_000)
@click.option("-o", "--output", type=NEW_FILE, required=True)
def badges(fair: Fair, limit: int, output: Path) -> None:
    """Print badges of a fair into one PDF."""
    with write_whole(output) as file:
        file.write(first_badges_pdf(fair, limit))
    click.echo(f"{output}: {output.stat().st_size} bytes")


@click.group("visitors")
def visitors_group() -> None:
    """Visitors: erase what retention no longer covers."""


@visitors_group.command("purge")
@click.argument("fair", type=FAIR)
def purge(fair: Fair) -> None:
    """Erase personal data whose retention has ended."""
    with transaction():
        erased = purge_expired(actor=system(fair.id), fair=fair, today=clock.now().date())
    click.echo(f"{erased} erased")


COMMANDS = (badges, visitors_group)
