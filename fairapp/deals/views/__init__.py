"""Pages about deals: an exhibitor's phone, the other side's link, the desk, the verifiers, rates and ledger."""

from fairapp.deals.views import (
    declaring,
    desk,
    follow,
    ledger,
    lists,
    merging,
    mine,
    pages,
    public,
    rates,
    receipts,
    slips,
    steps,
    verification,
)
from fairapp.deals.views.blueprint import blueprint

__all__ = [
    "blueprint",
    "declaring",
    "desk",
    "follow",
    "ledger",
    "lists",
    "merging",
    "mine",
    "pages",
    "public",
    "rates",
    "receipts",
    "slips",
    "steps",
    "verification",
]
