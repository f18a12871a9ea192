"""Every change of a deal: each appends one entry to the ledger."""

from fairapp.deals.services.amending import (
    Change,
    amend_deal,
)
from fairapp.deals.services.checking import (
    record_check,
)
from fairapp.deals.services.confirming import (
    Answer,
    confirm_deal,
    dispute_deal,
    send_confirmation,
)
from fairapp.deals.services.deciding import (
    hold_deal,
    refuse_verification,
    release_deal,
    screen_deal,
    verify_deal,
    void_deal,
)
from fairapp.deals.services.declaring import (
    declare_deal,
)
from fairapp.deals.services.pricing import (
    add_rate,
    lock_rates,
)
from fairapp.deals.services.proving import (
    add_evidence,
)

__all__ = [
    "Answer",
    "Change",
    "add_evidence",
    "add_rate",
    "amend_deal",
    "confirm_deal",
    "declare_deal",
    "dispute_deal",
    "hold_deal",
    "lock_rates",
    "record_check",
    "refuse_verification",
    "release_deal",
    "screen_deal",
    "send_confirmation",
    "verify_deal",
    "void_deal",
]
