"""Where the settings stand, and what the tests of fairs read afterwards."""

import pytest
from sqlalchemy import select

from fairapp.audit.models import FairEvent
from fairapp.core.data.db import db
from fairapp.core.errors import DomainError
from fairapp.fairs.models import Fair

SECRET = "JBSWY3DPEHPK3PXP"  # organisers have a second factor


def settings(part: str = "", fair: str = "here") -> str:
    return f"/fairs/{fair}/desk/settings{'/' if part else ''}{part}"


def trail(fair: Fair) -> list[str]:
    return list(db.session.scalars(select(FairEvent.event).where(FairEvent.fair_id == fair.id).order_by(FairEvent.id)))


def refused(code: str, field: str | None = None):
    """A context that expects this refusal, at this field."""

    def check(error: DomainError) -> bool:
        return error.code == code and error.field == field

    return pytest.raises(DomainError, check=check)
