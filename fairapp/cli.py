"""The `flask …` commands. Exit 0: what it says holds; 1: a check failed; 2: wrong usage."""

import click
from flask import Flask

from fairapp.core import jobs
from fairapp.fairs.models import Fair
from fairapp.fairs.queries import all_fairs, fair_by_code


class FairCode(click.ParamType):
    """A fair named by its code."""

    name = "fair"

    def convert(self, value: str, param: click.Parameter | None, ctx: click.Context | None) -> Fair:
        return fair_by_code(value) or self.fail(f"there is no fair {value!r}; `flask fairs` lists the codes")


FAIR = FairCode()


def init_app(app: Flask) -> None:
    """Add the commands to `flask`."""
    for command in (fairs, jobs_group):
        app.cli.add_command(command)


@click.command()
def fairs() -> None:
    """List the fairs: code, first day, name."""
    for fair in all_fairs():
        click.echo(f"{fair.code}\t{fair.starts_on}\t{fair.name_zh}\t{fair.name_en}")


@click.group("jobs")
def jobs_group() -> None:
    """Work that may wait."""


@jobs_group.command("work")
def work() -> None:
    """Run the queue until stopped."""
    jobs.work()
