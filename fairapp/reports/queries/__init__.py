"""Questions about the figures, what was published, and the ledger as it stood."""

from fairapp.reports.queries.figures import figures, stamp

__all__ = ["figures", "stamp"]
