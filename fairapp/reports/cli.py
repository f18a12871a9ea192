"""`flask figures` and `flask workbook`."""

import json
from pathlib import Path

import click

from fairapp.core.db import snapshot
from fairapp.fairs.cli import FAIR, NEW_FILE, beside, print_json
from fairapp.fairs.models import Fair
from fairapp.reports.fair_workbook import write_fair_workbook
from fairapp.reports.queries import figures as report_figures


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


COMMANDS = (figures, workbook)
