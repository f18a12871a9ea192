"""`flask demo`."""

from datetime import datetime

import click

from fairapp.accounts.queries import demo_log_ins
from fairapp.accounts.rules import DEMO_PASSWORD
from fairapp.demo.build_demo_fair import build_demo_fair
from fairapp.demo.scale import SCALES
from fairapp.demo.venue import CODE as DEMO_CODE
from fairapp.fairs.queries import fair_by_code


@click.command()
@click.option("--scale", type=click.Choice(sorted(SCALES)), default="small")
@click.option("--seed", type=click.IntRange(0), default=1)
@click.option("--second-day", type=click.DateTime(["%Y-%m-%d"]), help="Of the demo fair; today by default: it is on.")
def demo(scale: str, seed: int, second_day: datetime | None) -> None:
    """Make the demo fair and print one log-in for each role."""
    if fair_by_code(DEMO_CODE) is None:
        build_demo_fair(SCALES[scale], seed, click.echo, second_day.date() if second_day else None)
    else:
        click.echo(f"the demo fair {DEMO_CODE} is there already")
    click.echo("Log in with one of these (role, address, password):")
    for grant in demo_log_ins():
        click.echo(f"{grant.role:<12}{grant.user.email:<32}{DEMO_PASSWORD}")


COMMANDS = (demo,)
