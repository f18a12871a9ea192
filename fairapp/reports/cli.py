"""`flask figures`, `flask workbook`, `flask audit-pack` and `flask publications …`."""

import json
import shutil
from dataclasses import replace
from pathlib import Path
from uuid import UUID

import click

from fairapp.accounts.permissions import Permission
from fairapp.accounts.queries import actor_of, user_by_email
from fairapp.core.data.db import snapshot, transaction
from fairapp.core.errors import DomainError
from fairapp.core.web.access import Actor
from fairapp.fairs.cli import FAIR, NEW_FILE, command_actor, exit_refused, print_json, write_whole
from fairapp.fairs.models import Fair
from fairapp.gates.counting.profiles import PROFILES
from fairapp.reports.audit_pack.jobs import write_pack_file
from fairapp.reports.fair_workbook import SHEETS, write_fair_workbook
from fairapp.reports.figures import current_figures
from fairapp.reports.publications import services
from fairapp.reports.publications.build import draw_up, make_again
from fairapp.reports.publications.labels import MAX_LABEL_LENGTH, usual_labels
from fairapp.reports.publications.models import Publication
from fairapp.reports.publications.queries import Published, all_publications, people_of, publication_numbered
from fairapp.reports.rules import TOTALS
from fairapp.reports.verify_workbook import __file__ as VERIFIER

NUMBER = click.IntRange(1, 2**31 - 1)  # of a publication, as its column can hold it


@click.command()
@click.argument("fair", type=FAIR)
@click.option("--json", "as_json", is_flag=True, help="One line of JSON instead of lines to read.")
@click.option("--profile", type=click.Choice(sorted(PROFILES)), help="Count under this profile, not the fair's own.")
def figures(fair: Fair, as_json: bool, profile: str | None) -> None:
    """Print the published figures of a fair as they stand now."""
    with snapshot():
        found = current_figures(fair, profile)
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
    with write_whole(output) as file:
        stamp = write_fair_workbook(fair, file)
    shutil.copyfile(VERIFIER, output.with_name("verify_workbook.py"))
    click.echo(f"{output}: {stamp.ledger_entries} ledger entries, head {stamp.ledger_head}")


@click.command("audit-pack")
@click.argument("fair", type=FAIR)
@click.option("-o", "--output", type=NEW_FILE, required=True)
def audit_pack(fair: Fair, output: Path) -> None:
    """Write what an auditor counts again: register, scans, merged records, exclusions, exhibitors, a sample."""
    with write_whole(output) as file:
        write_pack_file(actor=command_actor(fair, "audit-pack"), fair=fair, file=file)
    click.echo(f"{output}: {output.stat().st_size} bytes")


@click.group("publications")
def publications_group() -> None:
    """Figures that left the house: prepared by one person, approved by another, made again byte for byte."""


BY = click.option("--by", "address", help="Who does it, by e-mail address; else the first person who may.")


@publications_group.command("prepare")
@click.argument("fair", type=FAIR)
@click.option("--label-zh", default="", help="What it is called in Chinese; else the day and hour of the fair.")
@click.option("--label-en", default="", help="What it is called in English.")
@BY
def prepare(fair: Fair, label_zh: str, label_en: str, address: str | None) -> None:
    """Cut the figures off now, draw up the workbook and keep both."""
    actor = somebody(fair, Permission.PREPARE_PUBLICATIONS, address)
    usual = usual_labels(fair)
    zh, en = label_zh or label_en or usual["label_zh"], label_en or label_zh or usual["label_en"]
    if max(len(zh), len(en)) > MAX_LABEL_LENGTH:
        raise click.UsageError(f"a label has at most {MAX_LABEL_LENGTH} characters")
    try:
        drawn = draw_up(fair, zh, en, told_on_terminal)
        with transaction():
            made = services.prepare_publication(actor=actor, fair=fair, drawn=drawn)
    except DomainError as error:
        exit_refused(error)
    click.echo(line_of(made, "prepared"))


@publications_group.command("approve")
@click.argument("fair", type=FAIR)
@click.argument("number", type=NUMBER, required=False)
@BY
def approve(fair: Fair, number: int | None, address: str | None) -> None:
    """Publish what another person prepared (NUMBER, or the newest): the head is kept, the authorities are told."""
    waiting = [found.publication.number for found in all_publications(fair.id) if found.state == "prepared"]
    if number is None and not waiting:
        raise click.UsageError(f"nothing waits for approval in {fair.code}")
    made = numbered(fair, waiting[0] if number is None else number)
    actor = somebody(fair, Permission.APPROVE_PUBLICATIONS, address, but=made.prepared_by_id)
    try:
        with transaction():
            services.approve_publication(actor=actor, fair=fair, publication=numbered(fair, made.number))
    except DomainError as error:
        exit_refused(error)
    click.echo(line_of(made, "approved"))


@publications_group.command("list")
@click.argument("fair", type=FAIR)
@click.option("--json", "as_json", is_flag=True, help="One line of JSON a publication.")
def list_publications(fair: Fair, as_json: bool) -> None:
    """List the publications, oldest first: number, state, label, entries, head, SHA-256 of the workbook."""
    for found in reversed(all_publications(fair.id)):
        if as_json:
            print_json(json_of(found))
        else:
            click.echo(line_of(found.publication, found.state))


@publications_group.command("workbook")
@click.argument("fair", type=FAIR)
@click.argument("number", type=NUMBER)
@click.option("-o", "--output", type=NEW_FILE, required=True)
def workbook_again(fair: Fair, number: int, output: Path) -> None:
    """Make a publication's workbook again: the same bytes, or exit 1 and a word on what differs."""
    made = numbered(fair, number)
    try:
        with make_again(made, told_on_terminal) as file, write_whole(output) as written:
            shutil.copyfileobj(file, written)
    except DomainError as error:
        exit_refused(error)
    shutil.copyfile(VERIFIER, output.with_name("verify_workbook.py"))
    click.echo(f"{output}: SHA-256 {made.workbook_sha256}, as published")


def numbered(fair: Fair, number: int) -> Publication:
    """A publication of a fair; wrong usage when there is none."""
    found = publication_numbered(fair.id, number)
    if found is None:
        raise click.UsageError(f"there is no publication {number}; `flask publications list {fair.code}` lists them")
    return found.publication


def somebody(fair: Fair, permission: Permission, address: str | None, but: UUID | None = None) -> Actor:
    """The person of that address, or the first by address who may and is not `but`; the trail says that it was done
    by a command, and whether a person was named. Wrong usage when there is none."""
    people = [user_by_email(address)] if address else people_of(fair.id)
    able = [actor_of(user, fair.id) for user in people if user is not None and (address or user.id != but)]
    found = next((actor for actor in able if actor.may(permission)), None)
    if found is None:
        raise click.UsageError(f"{address or 'nobody else'} may do this in {fair.code}; name a person with --by")
    click.echo(f"as {found.label}", err=True)
    how = "flask publications" if address else "flask publications, nobody named"
    return replace(found, label=f"{found.label} ({how})")


def line_of(made: Publication, state: str) -> str:
    """A publication for a terminal."""
    words = (made.number, state, f"{made.label_zh} {made.label_en}", made.watermark, made.head_hash)
    return "\t".join(map(str, (*words, made.workbook_sha256)))


def json_of(found: Published) -> dict[str, object]:
    """A publication for a program."""
    made, decision = found.publication, found.decision
    names = (
        "number",
        "label_zh",
        "label_en",
        "watermark",
        "head_hash",
        "content_hash",
        "workbook_sha256",
        "prepared_by",
    )
    return {name: getattr(made, name) for name in names} | {
        "state": found.state,
        "as_of": made.as_of.isoformat(),
        "decided_by": decision.decided_by if decision else None,
        "published_at": found.published_at.isoformat() if found.published_at else None,
        "totals": {f"{total}_usd": made.totals["trade"][f"{total}_usd"] for total in TOTALS},
    }


def told_on_terminal(done: int) -> None:
    """One word a sheet, on the error stream."""
    click.echo(f"sheet {done} of {len(SHEETS)}", err=True)


COMMANDS = (figures, workbook, audit_pack, publications_group)
