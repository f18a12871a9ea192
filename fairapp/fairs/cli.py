"""What every command of a fair shares: how it is named, who acts, how it fails."""

import json
import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, BinaryIO

import click

from fairapp.core.data.db import transaction
from fairapp.core.errors import DomainError
from fairapp.core.web import access
from fairapp.fairs.models import Fair
from fairapp.fairs.queries import all_fairs, fair_by_code


class FairCode(click.ParamType[Fair]):
    """A fair named by its code."""

    name = "fair"

    def convert(self, value: str, param: click.Parameter | None, ctx: click.Context | None) -> Fair:
        return fair_by_code(value) or self.fail(f"there is no fair {value!r}; `flask fairs` lists the codes")


class NewFile(click.Path):
    """A file to be written into an existing folder: refused before anything is done, not after."""

    def convert(
        self, value: str | os.PathLike[str], param: click.Parameter | None, ctx: click.Context | None
    ) -> str | bytes | os.PathLike[str]:
        folder = Path(value).parent
        if not folder.is_dir() or not os.access(folder, os.W_OK | os.X_OK):
            self.fail(f"nothing can be written into the folder {str(folder)!r}", param, ctx)
        return super().convert(value, param, ctx)


FAIR = FairCode()
NEW_FILE = NewFile(dir_okay=False, writable=True, path_type=Path)
OLD_FILE = click.Path(exists=True, dir_okay=False, path_type=Path)


def command_actor(fair: Fair, command: str) -> access.Actor:
    """Return the actor of a command, which the trail names."""
    return access.system(fair.id, f"flask {command}")


def exit_refused(error: DomainError) -> None:
    """Print why a rule refused, and exit 1."""
    click.echo(str(error.message), err=True)
    sys.exit(1)


def print_json(value: object) -> None:
    """Print a value as one line of JSON."""
    click.echo(json.dumps(value, ensure_ascii=False))


def import_command(
    take_in: Callable[..., Any], write_report: Callable[[Path, Any], None], *options: Callable[..., Any]
) -> click.Command:
    """Return a command `import FAIR FILE`: it prints the rows with problems and ends with one JSON line of counts.

    `options` are click's; what they say goes to `take_in` by name.
    """

    @click.command("import")
    @click.argument("fair", type=FAIR)
    @click.argument("file", type=OLD_FILE)
    @click.option("--dry-run", is_flag=True, help="Say what would happen and change nothing.")
    @click.option("--report", type=NEW_FILE, help="Write every row with what became of it to this XLSX file.")
    @click.pass_context
    def import_list(
        context: click.Context, /, fair: Fair, file: Path, dry_run: bool, report: Path | None, **said: Any
    ) -> None:
        actor = command_actor(fair, " ".join(context.command_path.split()[-2:]))
        try:
            with transaction():
                content = file.read_bytes()
                outcome = take_in(actor=actor, fair=fair, content=content, filename=file.name, dry_run=dry_run, **said)
        except DomainError as error:
            click.echo(str(error.message), err=True)
            sys.exit(2)
        for row in outcome.with_problems:
            click.echo(f"row {row.number} {row.name}: {row.problem_text}", err=True)
        if report:
            write_report(report, outcome)
        print_json(outcome.counts)

    for option in options:
        import_list = option(import_list)
    return import_list


@contextmanager
def write_whole(output: Path) -> Iterator[BinaryIO]:
    """Open a file that appears at its place only once it is complete."""
    partial = output.with_name(f"{output.name}.{os.getpid()}")
    try:
        with open(partial, "wb") as file:
            yield file
        os.replace(partial, output)
    finally:
        partial.unlink(missing_ok=True)


@click.command()
def fairs() -> None:
    """List the fairs: code, first day, name."""
    for fair in all_fairs():
        click.echo(f"{fair.code}\t{fair.starts_on}\t{fair.name_zh}\t{fair.name_en}")


COMMANDS = (fairs,)
