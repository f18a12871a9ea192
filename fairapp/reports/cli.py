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
from fairapp.reports.fair_workbook import SHEET_NUMBERS, write_fair_workbook
from fairapp.reports.figures import current_figures
from fairapp.reports.publications import services
from fairapp.reports.publications.build import build_publication, rebuild_publication
from fairapp.reports.publications.labels import MAX_LABEL_LENGTH, usual_labels
from fairapp.reports.publications.models import Publication
from fairapp.reports.publications.queries import (
    DecidedPublication,
    list_all_publications,
    list_people_with_role,
    publication_by_number,
)
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
        groups = current_figures(fair, profile)
    if as_json:
        print_json(groups)
        return
    for group, values in groups.items():
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
    actor = acting_person(fair, Permission.PREPARE_PUBLICATIONS, address)
    defaults = usual_labels(fair)
    label_zh, label_en = label_zh or label_en or defaults["label_zh"], label_en or label_zh or defaults["label_en"]
    if max(len(label_zh), len(label_en)) > MAX_LABEL_LENGTH:
        raise click.UsageError(f"a label has at most {MAX_LABEL_LENGTH} characters")
    try:
        built = build_publication(fair, label_zh, label_en, actor.label, print_progress)
        with transaction():
            publication = services.prepare_publication(actor=actor, fair=fair, built=built)
    except DomainError as error:
        exit_refused(error)
    click.echo(publication_line(publication, "prepared"))


@publications_group.command("approve")
@click.argument("fair", type=FAIR)
@click.argument("number", type=NUMBER, required=False)
@BY
def approve(fair: Fair, number: int | None, address: str | None) -> None:
    """Publish what another person prepared (NUMBER, or the newest): the head is kept, the authorities are told."""
    prepared = [entry.publication.number for entry in list_all_publications(fair.id) if entry.state == "prepared"]
    if number is None and not prepared:
        raise click.UsageError(f"nothing waits for approval in {fair.code}")
    publication = require_publication(fair, prepared[0] if number is None else number)
    actor = acting_person(fair, Permission.APPROVE_PUBLICATIONS, address, other_than=publication.prepared_by_id)
    try:
        with transaction():
            services.approve_publication(
                actor=actor, fair=fair, publication=require_publication(fair, publication.number)
            )
    except DomainError as error:
        exit_refused(error)
    click.echo(publication_line(publication, "approved"))


@publications_group.command("list")
@click.argument("fair", type=FAIR)
@click.option("--json", "as_json", is_flag=True, help="One line of JSON a publication.")
def list_publications(fair: Fair, as_json: bool) -> None:
    """List the publications, oldest first: number, state, label, entries, head, SHA-256 of the workbook."""
    for entry in reversed(list_all_publications(fair.id)):
        if as_json:
            print_json(publication_json(entry))
        else:
            click.echo(publication_line(entry.publication, entry.state))


@publications_group.command("workbook")
@click.argument("fair", type=FAIR)
@click.argument("number", type=NUMBER)
@click.option("-o", "--output", type=NEW_FILE, required=True)
def workbook_again(fair: Fair, number: int, output: Path) -> None:
    """Make a publication's workbook again: the same bytes, or exit 1 and a word on what differs."""
    publication = require_publication(fair, number)
    try:
        with rebuild_publication(publication, print_progress) as file, write_whole(output) as written:
            shutil.copyfileobj(file, written)
    except DomainError as error:
        exit_refused(error)
    shutil.copyfile(VERIFIER, output.with_name("verify_workbook.py"))
    click.echo(f"{output}: SHA-256 {publication.workbook_sha256}, as published")


def require_publication(fair: Fair, number: int) -> Publication:
    """Return a publication of a fair; wrong usage when there is none."""
    entry = publication_by_number(fair.id, number)
    if entry is None:
        raise click.UsageError(f"there is no publication {number}; `flask publications list {fair.code}` lists them")
    return entry.publication


def acting_person(fair: Fair, permission: Permission, address: str | None, other_than: UUID | None = None) -> Actor:
    """Return the person of that address, or the first by address who may and is not `other_than`.

    The trail says that it was done by a command, and whether a person was named. Wrong usage when there is none.
    """
    people = [user_by_email(address)] if address else list_people_with_role(fair.id)
    actors = [actor_of(user, fair.id) for user in people if user is not None and (address or user.id != other_than)]
    actor = next((actor for actor in actors if actor.may(permission)), None)
    if actor is None:
        raise click.UsageError(f"{address or 'nobody else'} may do this in {fair.code}; name a person with --by")
    click.echo(f"as {actor.label}", err=True)
    command = "flask publications" if address else "flask publications, nobody named"
    return replace(actor, label=f"{actor.label} ({command})")


def publication_line(publication: Publication, state: str) -> str:
    """Return a publication for a terminal."""
    label = f"{publication.label_zh} {publication.label_en}"
    proof = (publication.watermark, publication.head_hash, publication.workbook_sha256)
    return "\t".join(map(str, (publication.number, state, label, *proof)))


def publication_json(entry: DecidedPublication) -> dict[str, object]:
    """Return a publication for a program."""
    publication, decision = entry.publication, entry.decision
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
    return {name: getattr(publication, name) for name in names} | {
        "state": entry.state,
        "as_of": publication.as_of.isoformat(),
        "decided_by": decision.decided_by if decision else None,
        "published_at": entry.published_at.isoformat() if entry.published_at else None,
        "totals": {f"{total}_usd": publication.totals["trade"][f"{total}_usd"] for total in TOTALS},
    }


def print_progress(done: int) -> None:
    """Print one word a sheet, on the error stream."""
    click.echo(f"sheet {done} of {len(SHEET_NUMBERS)}", err=True)


COMMANDS = (figures, workbook, audit_pack, publications_group)
