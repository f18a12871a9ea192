"""The `flask …` commands. Exit 0: what it says holds; 1: a check failed; 2: wrong usage."""

import json
import sys
from pathlib import Path

import click
from flask import Flask

from fairapp.accounts import jobs as account_jobs
from fairapp.core import access, jobs, mail
from fairapp.core.backup import back_up
from fairapp.core.errors import DomainError
from fairapp.fairs.models import Fair
from fairapp.fairs.queries import all_fairs, fair_by_code


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
    for command in (fairs, users, jobs_group, mail_group, backup):
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
