"""Every event there is. A name here is a promise: its meaning never changes.

Three read it: the trail keeps the events; `fairapp/reactions.py` says which of them cause something in the same
transaction, and who reads them from the outbox once they are stored.
"""

from enum import StrEnum
from typing import ClassVar


class Event(StrEnum):
    # accounts
    USER_INVITED = "user.invited"
    USER_JOINED = "user.joined"
    USER_CHANGED = "user.changed"
    INVITATION_SENT_AGAIN = "user.invitation_sent_again"
    SIGNED_IN = "user.signed_in"
    SIGN_IN_FAILED = "user.sign_in_failed"
    SIGNED_OUT = "user.signed_out"
    PASSWORD_CHANGED = "user.password_changed"
    PASSWORD_RESET_ASKED = "user.password_reset_asked"
    SECOND_FACTOR_ADDED = "user.second_factor_added"
    SECOND_FACTOR_REMOVED = "user.second_factor_removed"
    RECOVERY_CODE_USED = "user.recovery_code_used"
    RECOVERY_CODES_RENEWED = "user.recovery_codes_renewed"
    ORGANISATIONS_CREATED = "organisations.created"
    ROLE_GRANTED = "role.granted"
    ROLE_WAITS = "role.waits"  # for a second person, before it verifies or approves
    RELEASE_ASKED = "role.release_asked"  # contacts of the authorities were mailed a link
    ROLE_RELEASED = "role.released"
    ROLE_WITHDRAWN = "role.withdrawn"
    TOKEN_CREATED = "token.created"
    TOKEN_REVOKED = "token.revoked"
    # fairs
    FAIR_CREATED = "fair.created"
    FAIR_CHANGED = "fair.changed"
    FAIR_TIMES_CHANGED = "fair.times_changed"
    FAIR_STATE_SET = "fair.state_set"
    HALL_ADDED = "hall.added"
    HALL_CHANGED = "hall.changed"
    HALL_REMOVED = "hall.removed"
    ZONE_ADDED = "zone.added"
    ZONE_CHANGED = "zone.changed"
    ZONE_REMOVED = "zone.removed"
    BOOTHS_ADDED = "booths.added"
    BOOTH_CHANGED = "booth.changed"
    BOOTH_WITHDRAWN = "booth.withdrawn"
    BOOTH_RESTORED = "booth.restored"
    GATE_ADDED = "gate.added"
    GATE_CHANGED = "gate.changed"
    GATE_REMOVED = "gate.removed"
    GATE_CLOSED = "gate.closed"
    GATE_OPENED = "gate.opened"
    CATEGORY_ADDED = "category.added"
    CATEGORY_CHANGED = "category.changed"
    CATEGORY_REMOVED = "category.removed"
    PRODUCT_CATEGORY_ADDED = "product_category.added"
    PRODUCT_CATEGORY_CHANGED = "product_category.changed"
    PRODUCT_CATEGORY_REMOVED = "product_category.removed"
    DELEGATION_ADDED = "delegation.added"
    DELEGATION_CHANGED = "delegation.changed"
    DELEGATION_REMOVED = "delegation.removed"
    # exhibitors
    APPLICATION_SUBMITTED = "exhibitor.applied"
    EXHIBITOR_APPROVED = "exhibitor.approved"
    EXHIBITOR_REFUSED = "exhibitor.refused"
    EXHIBITOR_WITHDRAWN = "exhibitor.withdrawn"
    EXHIBITOR_CHANGED = "exhibitor.changed"
    EXHIBITORS_IMPORTED = "exhibitors.imported"
    PRODUCT_ADDED = "product.added"
    PRODUCT_CHANGED = "product.changed"
    PRODUCT_REMOVED = "product.removed"
    BOOTH_HELD = "booth.held"
    BOOTH_ASSIGNED = "booth.assigned"
    BOOTH_RELEASED = "booth.released"
    # visitors
    VISITOR_REGISTERED = "visitor.registered"
    VISITORS_REGISTERED = "visitors.registered"
    VISITOR_CHANGED = "visitor.changed"
    VISITORS_MERGED = "visitors.merged"
    BADGE_ISSUED = "badge.issued"
    BADGE_REPRINTED = "badge.reprinted"
    BADGE_REVOKED = "badge.revoked"
    CONTACT_REVEALED = "visitor.contact_revealed"
    VISITOR_ERASED = "visitor.erased"
    DETAILS_SHARED = "details.shared"
    DETAILS_WITHDRAWN = "details.withdrawn"
    CONTACT_REQUESTED = "contact.requested"
    CONTACT_REQUEST_MAILED = "contact.request_mailed"
    CONTACT_REQUEST_ANSWERED = "contact.request_answered"
    NUMBERS_GUESSED = "numbers.guessed"
    VISITORS_PURGED = "visitors.purged"
    VISITOR_EXPORTED = "visitor.exported"
    RETENTION_ENDED = "retention.ended"
    # gates
    SCANS_RECORDED = "scans.recorded"
    SCAN_OVERRIDDEN = "scan.overridden"
    FAIR_RECOUNTED = "fair.recounted"
    DEVICE_ADDED = "device.added"
    DEVICE_ENROLLED = "device.enrolled"
    DEVICE_RENAMED = "device.renamed"
    DEVICE_SET_UP_AGAIN = "device.set_up_again"
    DEVICE_PIN_REFUSED = "device.pin_refused"
    DEVICE_REVOKED = "device.revoked"
    CONFLICT_RESOLVED = "conflict.resolved"
    STAY_CLOSED = "stay.closed"
    MANUAL_COUNT_ADDED = "manual_count.added"
    MANUAL_COUNT_WITHDRAWN = "manual_count.withdrawn"
    COUNTS_PROVEN = "counts.proven"
    HARD_STOP_TURNED = "hard_stop.turned"
    # meetings
    MEETING_LOGGED = "meeting.logged"
    MEETING_CHANGED = "meeting.changed"
    MEETING_CONFIRMED = "meeting.confirmed"
    MEETING_HELD = "meeting.held"
    MEETING_NO_SHOW = "meeting.no_show"
    MEETING_CANCELLED = "meeting.cancelled"
    MEETINGS_LOGGED = "meetings.logged"
    MEETING_PROOF_READ = "meeting.proof_read"
    MEETING_DISPUTED = "meeting.disputed"
    MEETING_DISPUTE_DECIDED = "meeting.dispute_decided"
    # deals
    DEAL_DECLARED = "deal.declared"
    DEAL_CONFIRMED = "deal.confirmed"
    DEAL_AMENDED = "deal.amended"
    DEAL_DISPUTED = "deal.disputed"
    DEAL_ANSWER_DIFFERED = "deal.answer_differed"  # the other side typed another amount than was declared
    DEAL_SCREENED = "deal.screened"
    DEAL_VERIFIED = "deal.verified"
    DEAL_HELD = "deal.held"
    DEAL_RELEASED = "deal.released"
    DEAL_VOIDED = "deal.voided"
    DEALS_MERGED = "deal.merged"
    DEALS_UNMERGED = "deal.unmerged"
    DEALS_IMPORTED = "deals.imported"
    SLIPS_PRINTED = "slips.printed"
    SLIPS_HANDED_OUT = "slips.handed_out"
    SLIP_SPOILED = "slip.spoiled"
    SLIP_RESTORED = "slip.restored"
    EVIDENCE_ADDED = "deal.evidence_added"
    CONFIRMATION_SENT = "deal.confirmation_sent"
    FOLLOW_UPS_SENT = "deals.follow_ups_sent"
    FOLLOW_UP_ANSWERED = "deal.follow_up_answered"
    RATE_SET_LOCKED = "rates.locked"
    RATE_PREPARED = "rates.prepared"
    RATE_RELEASED = "rates.released"
    RATE_REFUSED = "rates.refused"
    RATE_WITHDRAWN = "rates.withdrawn"
    RATE_DIFFERENT = "rates.different"  # typed unseen, the second person's was another one
    RATE_CHANGED = "rate.changed"
    LEDGER_VERIFIED = "ledger.verified"
    HEAD_PUBLISHED = "ledger.head_published"
    # reports
    WORKBOOK_MADE = "workbook.made"
    AUDIT_PACK_MADE = "audit_pack.made"
    COUNTING_CHANGED = "counting.changed"
    COUNTRY_GROUP_CHANGED = "country_group.changed"
    COUNTRY_NAMED = "country.named"
    LAST_EDITION_RECORDED = "last_edition.recorded"
    PUBLICATION_PREPARED = "publication.prepared"
    PUBLICATION_APPROVED = "publication.approved"
    PUBLICATION_REFUSED = "publication.refused"
    PUBLICATION_MAILING_CHANGED = "publication.mailing_changed"
    LIST_EXPORTED = "list.exported"


class TypedEvent:
    """Facts of an event that causes something in the same transaction; a subclass is a frozen dataclass.

    It is not `in_trail` where another event of the transaction tells people the same.
    """

    event: ClassVar[Event]
    in_trail: ClassVar[bool]

    def __init_subclass__(cls, *, event: Event, in_trail: bool = True) -> None:
        cls.event, cls.in_trail = event, in_trail
        TYPED_EVENTS[event] = cls


TYPED_EVENTS: dict[Event, type[TypedEvent]] = {}  # such an event is recorded by its class alone


def is_in_trail(event: Event) -> bool:
    """Return whether the trail may hold the event."""
    typed = TYPED_EVENTS.get(event)
    return typed is None or typed.in_trail
