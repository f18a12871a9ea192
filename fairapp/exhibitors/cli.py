"""`flask exhibitors …`."""

import sys
from pathlib import Path

import click

from fairapp.core.db import transaction
from fairapp.core.errors import DomainError
from fairapp.exhibitors.booths import release_expired_holds
from fairapp.exhibitors.importing import import_file, write_report
from fairapp.fairs.cli import FAIR, NEW_FILE, OLD_FILE, actor_for, print_json
from fairapp.fairs.models import Fair


@click.group("exhibitors")
def exhibitors_group() -> None:
    """Who exhibits."""


@exhibitors_group.command("import")
@click.argument("fair", type=FAIR)
@click.argument("file", type=OLD_FILE)
@click.option("--dry-run", is_flag=True, help="Say what would happen and change nothing.")
@click.option("--report", type=NEW_FILE, help="Write every row with what became of it to this XLSX file.")
def import_exhibitors(fair: Fair, file: Path, dry_run: bool, report: Path | None) -> None:
    """Take in a list of exhibitors; ends with one JSON line of counts. A second run changes nothing."""
    actor = actor_for(fair, "exhibitors import")
    try:
        with transaction():
            done = import_file(actor=actor, fair=fair, content=file.read_bytes(), filename=file.name, dry_run=dry_run)
    except DomainError as error:
        click.echo(str(error.message), err=True)
        sys.exit(2)
    for row in done.with_problems:
        click.echo(f"row {row.number} {row.name}: {' '.join(map(str, row.problems))}", err=True)
    if report:
        write_report(report, done)
    print_json(done.counts)


@exhibitors_group.command("release-holds")
@click.argument("fair", type=FAIR)
def release_holds(fair: Fair) -> None:
    """End the booth holds whose days have run out."""
    with transaction():
        click.echo(f"{release_expired_holds(actor=actor_for(fair, 'exhibitors release-holds'), fair=fair)} released")


COMMANDS = (exhibitors_group,)
