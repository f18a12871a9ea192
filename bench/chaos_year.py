"""A year later: what was published comes out again, whatever happened to the fair since."""

import hashlib
import json
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from decimal import Decimal
from itertools import islice
from pathlib import Path
from typing import Any

from sqlalchemy import select

from bench import Figures, runs
from bench.bench_deals import a_draft
from bench.bench_desk import flask, full_fair
from fairapp.accounts.queries import actor_of, user_by_email
from fairapp.accounts.rules import DEMO_DOMAIN
from fairapp.app import create_app
from fairapp.config import ROOT, Settings
from fairapp.core.data.db import db, transaction
from fairapp.core.web import access
from fairapp.core.web.access import Actor
from fairapp.deals.ledger.models import LedgerHead
from fairapp.deals.models import Deal
from fairapp.deals.rates.enums import Quotation
from fairapp.deals.rates.proposal_services import prepare_rate, preview_release, release_rate
from fairapp.deals.rates.queries import rate_by_day
from fairapp.deals.services.confirm import Answer, confirm_deal
from fairapp.deals.services.declare import declare_deal
from fairapp.deals.services.review import hold_deal, void_deal
from fairapp.fairs.models import Fair
from fairapp.reports.publications.models import Publication
from fairapp.visitors.erasure.services import purge_expired

ENTRIES = 10_000
MANY_YEARS_LATER = date(2099, 1, 1)
MIGRATION = '''"""Tables written anew with a column more, as a later version of FairApp may do."""

import sqlalchemy as sa
from alembic import op

revision = "trial"
down_revision = "{newest}"


def upgrade():
    for name in ("deals", "exhibitors", "visitors"):
        with op.batch_alter_table(name, recreate="always") as table:
            table.add_column(sa.Column("later", sa.String(20), nullable=False, server_default="later"))
    op.add_column("deal_entries", sa.Column("later", sa.String(20)))
'''


@runs(1)
def chaos_published_then_a_year() -> Figures:
    """The full demo fair was published three times; then late deals, answers, holds, withdrawals, a corrected
    rate, everybody's erasure and a migration. Each publication is the same file, and its verifier agrees."""
    with tempfile.TemporaryDirectory(prefix="fairapp-year-") as name:
        folder = Path(name) / "fair"
        shutil.copytree(full_fair()[0], folder)
        with open_fair(folder) as fair:
            before = published_hashes(fair)
            figures = change_for_a_year(fair)
        migrate(folder)
        for number, (sha256, head) in before.items():
            path = folder / f"again-{number}.xlsx"
            flask(folder, "publications", "workbook", "cbec2021", str(number), "-o", str(path))
            assert hashlib.sha256(path.read_bytes()).hexdigest() == sha256, number
            verify(path, head)
        flask(folder, "ledger", "verify", "cbec2021")
    return {"publications": len(before), "same_bytes": True, "verified": True} | figures


@contextmanager
def open_fair(folder: Path) -> Iterator[Fair]:
    """The program over a folder."""
    app = create_app(Settings(instance_path=folder, database_url="", demo=True))
    with app.app_context():
        yield db.session.scalars(select(Fair).where(Fair.code == "cbec2021")).one()
        db.session.remove()
        db.engine.dispose()


def published_hashes(fair: Fair) -> dict[int, tuple[str, str]]:
    """Return the SHA-256 of the file and the head of the ledger, by number."""
    publications = db.session.scalars(
        select(Publication).where(Publication.fair_id == fair.id, Publication.number.is_not(None))
    )
    return {publication.number: (publication.workbook_sha256, publication.head_hash) for publication in publications}


def change_for_a_year(fair: Fair) -> dict[str, object]:
    """Add ENTRIES entries and more; return how many of what."""
    actor, first = access.system(fair.id, "trial"), entries(fair)
    late = declare_late_deals(actor, fair, ENTRIES // 4)
    withdraw_deals(actor, fair, ENTRIES // 4)
    correct_euro(fair)
    with transaction():
        erased = purge_expired(actor=actor, fair=fair, today=MANY_YEARS_LATER)
    return {"entries_before": first, "entries_later": entries(fair) - first, "late_deals": late, "erased": erased}


def correct_euro(fair: Fair) -> None:
    """Put another rate of the euro in force, prepared by the organiser and released by the verifier."""
    people = [user_by_email(f"{mailbox}@{DEMO_DOMAIN}") for mailbox in ("organiser", "verifier")]
    organiser, verifier = (actor_of(person, fair.id) for person in people if person is not None)
    euro = rate_by_day(fair.id, "EUR", fair.starts_on)
    assert euro is not None
    values: dict[str, Any] = {"currency": "EUR", "source": "trial", "reason": "A year later", "replaces_id": euro.id}
    with transaction():
        rate = prepare_rate(actor=organiser, fair=fair, quotation=Quotation.PER_USD, stated=Decimal(50), **values)
    with transaction():
        effect = preview_release(actor=verifier, fair=fair, proposal_id=rate.id)
        assert effect is not None
        release_rate(actor=verifier, fair=fair, proposal_id=rate.id, effect=effect.digest)


def declare_late_deals(actor: Actor, fair: Fair, count: int) -> int:
    """Declare and confirm deals after everything was published; return how many."""
    for start in range(0, count, 500):
        with transaction():
            for number in range(start, min(start + 500, count)):
                deal = declare_deal(actor=actor, fair=fair, draft=a_draft(number))
                confirm_deal(actor=actor, deal=deal, answer=Answer(deal.amount_minor, deal.currency))
        db.session.expunge_all()
    return count


def withdraw_deals(actor: Actor, fair: Fair, count: int) -> None:
    """Hold and withdraw deals that were published."""
    standing = select(Deal.id).where(Deal.fair_id == fair.id, Deal.held.is_(None), Deal.status != "void")
    ids = iter(db.session.scalars(standing.order_by(Deal.number).limit(count)).all())
    while batch := list(islice(ids, 500)):
        with transaction() as session:
            for deal in session.scalars(select(Deal).where(Deal.fair_id == fair.id, Deal.id.in_(batch))):
                hold_deal(actor=actor, deal=deal, note="Looked at again")
                void_deal(actor=actor, deal=deal, reason="withdrawn", note="Never came about")
        db.session.expunge_all()


def entries(fair: Fair) -> int:
    return db.session.scalars(select(LedgerHead.entries).where(LedgerHead.fair_id == fair.id)).one()


def migrate(folder: Path) -> None:
    """Carry out one more migration than there is."""
    scripts, migrations = folder / "fairapp/core/alembic", folder / "fairapp/migrations"
    shutil.copytree(ROOT / "fairapp/core/alembic", scripts)
    shutil.copytree(ROOT / "fairapp/migrations", migrations)
    newest = max(path.stem for path in migrations.glob("[0-9]*.py"))
    (migrations / "9999_trial.py").write_text(MIGRATION.format(newest=newest))
    flask(folder, "db", "upgrade", "-d", str(scripts))


def verify(path: Path, head: str) -> None:
    """Check that the verifier that lies beside the workbook agrees."""
    words = [sys.executable, str(path.with_name("verify_workbook.py")), str(path), "--head", head]
    done = subprocess.run(words, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, json.dumps(done.stdout[-500:] + done.stderr[-500:])
