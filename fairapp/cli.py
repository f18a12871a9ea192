"""The `flask …` commands: each feature's own, and those of the house.

Exit 0: what it says holds; 1: a check failed; 2: wrong usage.
"""

from pathlib import Path

import click
from flask import Flask

from fairapp.core.data import files
from fairapp.core.data.backup import back_up
from fairapp.core.data.db import transaction
from fairapp.core.errors import DomainError
from fairapp.core.jobs import mail, queue
from fairapp.deals.cli import COMMANDS as DEALS
from fairapp.demo.cli import COMMANDS as DEMO
from fairapp.exhibitors.cli import COMMANDS as EXHIBITORS
from fairapp.fairs.appoint_cli import COMMANDS as ACCOUNTS
from fairapp.fairs.cli import COMMANDS as FAIRS
from fairapp.fairs.cli import NEW_FILE, exit_refused
from fairapp.gates.counting.cli import COMMANDS as GATES
from fairapp.reports.cli import COMMANDS as REPORTS
from fairapp.visitors.cli import COMMANDS as VISITORS


def init_app(app: Flask) -> None:
    """Add the commands to `flask`."""
    features = (*ACCOUNTS, *FAIRS, *EXHIBITORS, *VISITORS, *GATES, *DEALS, *REPORTS, *DEMO)
    for command in (*features, backup, files_group, jobs_group, mail_group):
        app.cli.add_command(command)


@click.group("jobs")
def jobs_group() -> None:
    """Work that may wait."""


@jobs_group.command("work")
def work() -> None:
    """Run the queue until stopped."""
    queue.work()


@click.group("mail")
def mail_group() -> None:
    """Outgoing mail."""


@mail_group.command("send")
def send() -> None:
    """Send again what has not gone."""
    click.echo(f"{mail.send_waiting()} sent")


@click.group("files")
def files_group() -> None:
    """Files people handed in or had made."""


@files_group.command("purge")
def purge() -> None:
    """Remove the files whose time is over."""
    with transaction():
        click.echo(f"{files.remove_expired()} removed")


@click.command()
@click.argument("file", type=NEW_FILE)
def backup(file: Path) -> None:
    """Copy the SQLite database, consistent even while it is written to."""
    try:
        back_up(file)
    except DomainError as error:
        exit_refused(error)
    click.echo(f"{file}: {file.stat().st_size} bytes")
