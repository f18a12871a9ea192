"""Questions about the fair and its ground."""

from sqlalchemy import select

from fairapp.core.db import db
from fairapp.fairs.models import Fair


def fair_by_code(code: str) -> Fair | None:
    return db.session.scalar(select(Fair).where(Fair.code == code))


def all_fairs() -> list[Fair]:
    return list(db.session.scalars(select(Fair).order_by(Fair.starts_on.desc(), Fair.code)))
