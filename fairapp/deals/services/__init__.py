"""Every change of a deal: each appends one entry to the ledger."""

from fairapp.deals.services.amending import (
    Change,
    amend_deal,
    speaking_side,
)
from fairapp.deals.services.checking import (
    record_check,
    verify_ledger,
)
from fairapp.deals.services.confirming import (
    Answer,
    confirm_deal,
    dead_link,
    dispute_deal,
    is_live,
    link_address,
    link_behind,
    other_side,
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
    rates_in_use,
)
from fairapp.deals.services.proving import (
    add_evidence,
    picture,
)

__all__ = [
    "Answer",
    "Change",
    "add_evidence",
    "add_rate",
    "amend_deal",
    "confirm_deal",
    "dead_link",
    "declare_deal",
    "dispute_deal",
    "hold_deal",
    "is_live",
    "link_address",
    "link_behind",
    "lock_rates",
    "other_side",
    "picture",
    "rates_in_use",
    "record_check",
    "refuse_verification",
    "release_deal",
    "screen_deal",
    "send_confirmation",
    "speaking_side",
    "verify_deal",
    "verify_ledger",
    "void_deal",
]
