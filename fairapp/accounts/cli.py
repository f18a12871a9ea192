"""`flask users …`."""

import sys

import click

from fairapp.accounts.jobs import create_person
from fairapp.accounts.sign_in import jobs as sign_in_jobs
from fairapp.core.errors import DomainError


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
        click.echo(create_person(email=email, name=name, locale=locale, may_create_fairs=may_create_fairs))
    except DomainError as error:
        click.echo(str(error.message), err=True)
        sys.exit(1)


@users.command("reset-second-factor")
@click.argument("email")
def reset_second_factor(email: str) -> None:
    """Remove the second factor of a person who lost phone and recovery codes: they set it up anew."""
    if not sign_in_jobs.remove_second_factor(email=email):
        click.echo(f"nobody has the address {email}", err=True)
        sys.exit(1)
