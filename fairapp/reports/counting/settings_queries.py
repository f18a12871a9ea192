"""The settings of a fair's reports."""

from sqlalchemy import select

from fairapp.core.data.db import db
from fairapp.reports.counting.models import CountingSettings


def counting_settings(fair_id: int) -> CountingSettings | None:
    """Return the row of a fair, or None where nothing was ever set."""
    return db.session.scalar(select(CountingSettings).where(CountingSettings.fair_id == fair_id))


def small_cells(fair_id: int) -> int:
    """Return the number below which people are kept back; 0: every number is shown."""
    settings = counting_settings(fair_id)
    return settings.small_cells if settings else 0


def sample_seed(fair_id: int) -> str:
    """Return the seed (hex) of the auditor's sample; '' before the first audit pack."""
    settings = counting_settings(fair_id)
    return settings.sample_seed if settings else ""
