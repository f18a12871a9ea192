"""Registers visitors beside whatever goes on: `python -m bench.importing FAIR_ID ROWS REPORT`, settings as ever."""

import sys
import time
from pathlib import Path
from uuid import uuid4

from sqlalchemy import select

from fairapp.app import create_app
from fairapp.core.data.db import db, transaction
from fairapp.core.web.access import system
from fairapp.fairs.models import Fair, VisitorCategory
from fairapp.visitors.registration.bulk import register_visitors
from fairapp.visitors.rules import NewVisitor

AT_ONCE = 500
PAUSE_S = 0.005


def register(fair_id: int, rows: int, report: Path) -> None:
    """Register new people, a few hundred in one transaction, and tell how far it is."""
    category = db.session.scalars(select(VisitorCategory.code).where(VisitorCategory.kind == "visitor")).first()
    lot = uuid4().hex[:8]
    for start in range(0, rows, AT_ONCE):
        people = [
            NewVisitor(category=str(category), name=f"Import {lot} {n}", email=f"{lot}-{n}@example.com")
            for n in range(start, min(start + AT_ONCE, rows))
        ]
        with transaction():
            fair = db.session.get_one(Fair, fair_id)
            register_visitors(actor=system(fair_id), fair=fair, rows=people)
        db.session.expunge_all()
        report.write_text(str(start + len(people)))
        time.sleep(PAUSE_S)


if __name__ == "__main__":
    with create_app().app_context():
        register(int(sys.argv[1]), int(sys.argv[2]), Path(sys.argv[3]))
