"""Questions about deals and their ledger."""

from typing import Any


def last_ledger_checks() -> list[dict[str, Any]]:
    """For each fair with a ledger: `{"fair", "ok", "at"}`; `ok` is None before the first verification."""
    return []
