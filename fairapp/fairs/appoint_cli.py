"""`flask users grant`: a role in a fair, given at the server where no second person exists."""

import click

from fairapp.accounts import services as accounts
from fairapp.accounts.cli import users
from fairapp.accounts.permissions import Role
from fairapp.accounts.rules import STAFF_ROLES
from fairapp.core.data.db import transaction
from fairapp.core.errors import DomainError
from fairapp.fairs.cli import FAIR, command_actor, exit_refused
from fairapp.fairs.models import Fair


@users.command("grant")
@click.argument("email")
@click.argument("fair", type=FAIR)
@click.argument("role", type=click.Choice([role.value for role in STAFF_ROLES]))
@click.option("--name", default="", help="Of somebody who has no account yet.")
@click.option("--locale", type=click.Choice(["zh_Hans", "en"]), default="zh_Hans")
def grant(email: str, fair: Fair, role: str, name: str, locale: str) -> None:
    """Give a role in a fair. A verifier or organiser given here is shown as appointed by one person."""
    try:
        with transaction():
            actor = command_actor(fair, "users grant")
            accounts.invite_member(
                actor=actor, fair=fair, email=email, name=name or email, role=Role(role), locale=locale
            )
    except DomainError as error:
        exit_refused(error)
    click.echo(f"{email}: {role} of {fair.code}")


COMMANDS = (users,)
