"""The `flask …` commands. Exit 0: what it says holds; 1: a check failed; 2: wrong usage."""

import json
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

import click
from flask import Flask

from fairapp.accounts import jobs as account_jobs
from fairapp.accounts.queries import demo_log_ins
from fairapp.accounts.rules import DEMO_PASSWORD
from fairapp.core import access, jobs, mail
from fairapp.core.backup import back_up
from fairapp.core.db import snapshot, transaction
from fairapp.core.errors import DomainError
from fairapp.deals.queries import ledger_report
from fairapp.deals.services import record_check
from fairapp.demo.ground import CODE as DEMO_CODE
from fairapp.demo.scale import SCALES
from fairapp.demo.story import tell
from fairapp.exhibitors.booths import release_expired_holds
from fairapp.exhibitors.importing import import_file, write_report
from fairapp.fairs.models import Fair
from fairapp.fairs.queries import all_fairs, fair_by_code
from fairapp.reports.fair_workbook import write_fair_workbook
from fairapp.reports.queries import figures as report_figures
from fairapp.visitors.jobs import badge_pile, purge_expired


class FairCode(click.ParamType):
    """A fair named by its code."""

    name = "fair"

    def convert(self, value: str, param: click.Parameter | None, ctx: click.Context | None) -> Fair:
        return fair_by_code(value) or self.fail(f"there is no fair {value!r}; `flask fairs` lists the codes")


FAIR = FairCode()
NEW_FILE = click.Path(dir_okay=False, writable=True, path_type=Path)
OLD_FILE = click.Path(exists=True, dir_okay=False, path_type=Path)


def init_app(app: Flask) -> None:
    """Add the commands to `flask`."""
    groups = (users, exhibitors_group, visitors_group, ledger_group, jobs_group, mail_group)
    for command in (fairs, demo, figures, workbook, badges, backup, *groups):
        app.cli.add_command(command)


def actor_for(fair: Fair, command: str) -> access.Actor:
    """Who the trail names: the command itself."""
    return access.system(fair.id, f"flask {command}")


def fail(error: DomainError) -> None:
    """Say why a rule refused, and exit 1."""
    click.echo(str(error.message), err=True)
    sys.exit(1)


def print_json(value: object) -> None:
    """One line of JSON."""
    click.echo(json.dumps(value, ensure_ascii=False))


@click.command()
def fairs() -> None:
    """List the fairs: code, first day, name."""
    for fair in all_fairs():
        click.echo(f"{fair.code}\t{fair.starts_on}\t{fair.name_zh}\t{fair.name_en}")


@click.group()
def users() -> None:
    """People who sign in."""


@users.command("create")
@click.argument("email")
@click.option("--name", required=True)
@click.option("--may-create-fairs", is_flag=True)
@click.option("--locale", type=click.Choice(["zh_Hans", "en"]), default="zh_Hans")
def create_user(email: str, name: str, may_create_fairs: bool, locale: str) -> None:
    """Make an account and print the address of its invitation."""
    try:
        click.echo(account_jobs.create_person(email=email, name=name, locale=locale, may_create_fairs=may_create_fairs))
    except DomainError as error:
        fail(error)


@users.command("reset-second-factor")
@click.argument("email")
def reset_second_factor(email: str) -> None:
    """For a person who lost phone and recovery codes: they set it up anew."""
    if not account_jobs.remove_second_factor(email=email):
        click.echo(f"nobody has the address {email}", err=True)
        sys.exit(1)


@click.command()
@click.argument("fair", type=FAIR)
@click.option("--json", "as_json", is_flag=True, help="One line of JSON instead of lines to read.")
def figures(fair: Fair, as_json: bool) -> None:
    """Print the published figures of a fair as they stand now."""
    with snapshot():
        found = report_figures(fair)
    if as_json:
        print_json(found)
        return
    for group, values in found.items():
        click.echo(f"{group}: {json.dumps(values, ensure_ascii=False)}")


@click.command()
@click.argument("fair", type=FAIR)
@click.option("-o", "--output", type=NEW_FILE, required=True)
def workbook(fair: Fair, output: Path) -> None:
    """Write the government workbook of a fair."""
    with beside(output) as file:
        stamp = write_fair_workbook(fair, file)
    click.echo(f"{output}: {stamp.ledger_entries} ledger entries, head {stamp.ledger_head}")


@click.command()
@click.argument("fair", type=FAIR)
@click.option("--limit", type=click.IntRange(1, 100_000), default=1_000)
@click.option("-o", "--output", type=NEW_FILE, required=True)
def badges(fair: Fair, limit: int, output: Path) -> None:
    """Print badges of a fair into one PDF."""
    with beside(output) as file:
        file.write(badge_pile(fair, limit))
    click.echo(f"{output}: {output.stat().st_size} bytes")


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


@click.group("visitors")
def visitors_group() -> None:
    """Everyone who wears a badge."""


@visitors_group.command("purge")
@click.argument("fair", type=FAIR)
def purge(fair: Fair) -> None:
    """Erase personal data whose retention has ended."""
    click.echo(f"{purge_expired(fair)} erased")


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


@click.command()
@click.option("--scale", type=click.Choice(sorted(SCALES)), default="small")
@click.option("--seed", type=click.IntRange(0), default=1)
def demo(scale: str, seed: int) -> None:
    """Tell the demo fair and print one log-in for each role."""
    if fair_by_code(DEMO_CODE) is None:
        tell(SCALES[scale], seed, click.echo)
    else:
        click.echo(f"the demo fair {DEMO_CODE} is there already")
    click.echo("Log in with one of these (role, address, password):")
    for grant in demo_log_ins():
        click.echo(f"{grant.role:<12}{grant.user.email:<32}{DEMO_PASSWORD}")


@contextmanager
def beside(output: Path) -> Iterator[BinaryIO]:
    """A file that appears at its place only once it is whole."""
    partial = output.with_name(f"{output.name}.{os.getpid()}")
    try:
        with open(partial, "wb") as file:
            yield file
        os.replace(partial, output)
    finally:
        partial.unlink(missing_ok=True)


@click.group("jobs")
def jobs_group() -> None:
    """Work that may wait."""


@jobs_group.command("work")
def work() -> None:
    """Run the queue until stopped."""
    jobs.work()


@click.group("mail")
def mail_group() -> None:
    """Outgoing mail."""


@mail_group.command("send")
def send() -> None:
    """Send again what has not gone."""
    click.echo(f"{mail.send_waiting()} sent")


@click.command()
@click.argument("file", type=NEW_FILE)
def backup(file: Path) -> None:
    """Copy the SQLite database, consistent even while it is written to."""
    try:
        back_up(file)
    except DomainError as error:
        fail(error)
    click.echo(f"{file}: {file.stat().st_size} bytes")
