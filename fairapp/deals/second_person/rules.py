"""Signs beside a decision that its two persons may be one. They hold nothing back: a verifier and the reader judge."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from uuid import UUID

NEW_ROLE = timedelta(hours=24)


class Sign(StrEnum):
    NEW_ROLE = "new_role"  # given less than 24 hours before
    SAME_BROWSER = "same_browser"
    SAME_OFFICE = "same_office"  # mail addresses of one domain, and one network


@dataclass(frozen=True)
class Act:
    """Somebody did something, when and where; `browser` and `network` are keyed digests, empty where not known."""

    by: UUID
    at: datetime
    browser: str = ""
    network: str = ""


def signs(decided: Act, earlier: list[Act], *, role_since: datetime | None, domains: dict[UUID, str]) -> list[Sign]:
    """List the signs beside a decision, against what others did before it; `domains` are those of mail addresses.

    Law 5 of "what goes in must be true": a role given within 24 hours, the same browser, one office.
    """
    others = [act for act in earlier if act.by != decided.by]
    found = []
    if role_since is not None and decided.at - role_since < NEW_ROLE:
        found.append(Sign.NEW_ROLE)
    if decided.browser and any(act.browser == decided.browser for act in others):
        found.append(Sign.SAME_BROWSER)
    if any(_share_an_office(act, decided, domains) for act in others):
        found.append(Sign.SAME_OFFICE)
    return found


def _share_an_office(first: Act, second: Act, domains: dict[UUID, str]) -> bool:
    domain = domains.get(first.by, "")
    return bool(domain) and domain == domains.get(second.by) and first.network != "" and first.network == second.network
