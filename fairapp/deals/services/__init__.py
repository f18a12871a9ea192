"""Every change of a deal: each appends one entry to the ledger."""

from fairapp.deals.services.amending import (
    Change,
    amend_deal,
)
from fairapp.deals.services.checking import (
    record_check,
    record_published_head,
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
    Source,
    declare_deal,
)
from fairapp.deals.services.following import (
    Sent,
    answer_follow_up,
    ask_what_became,
)
from fairapp.deals.services.merging import (
    merge_deals,
    undo_merge,
)
from fairapp.deals.services.pricing import (
    add_rate,
    correct_rate,
    lock_rates,
)
from fairapp.deals.services.proving import (
    add_evidence,
)
from fairapp.deals.services.slips import (
    hand_out_slips,
    print_slips,
    restore_slip,
    spoil_slip,
)

__all__ = [
    "Answer",
    "Change",
    "Sent",
    "Source",
    "add_evidence",
    "add_rate",
    "amend_deal",
    "answer_follow_up",
    "ask_what_became",
    "confirm_deal",
    "correct_rate",
    "declare_deal",
    "dispute_deal",
    "hand_out_slips",
    "hold_deal",
    "lock_rates",
    "merge_deals",
    "print_slips",
    "record_check",
    "record_published_head",
    "refuse_verification",
    "release_deal",
    "restore_slip",
    "screen_deal",
    "send_confirmation",
    "spoil_slip",
    "undo_merge",
    "verify_deal",
    "void_deal",
]
