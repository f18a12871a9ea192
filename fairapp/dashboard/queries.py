"""What the home pages ask: each feature counts its own, here it comes together."""

from fairapp.accounts.permissions import Permission
from fairapp.core.access import Actor
from fairapp.core.waiting import Waiting
from fairapp.deals import queries as deals
from fairapp.exhibitors import queries as exhibitors
from fairapp.fairs.models import Fair
from fairapp.gates import queries as gates

SOURCES = (exhibitors.waiting_for, gates.waiting_for, deals.waiting_for)


def waiting_for(actor: Actor, fair: Fair) -> list[Waiting]:
    """What waits for this person, the urgent first; nothing that is done."""
    found = [one for source in SOURCES for one in source(actor, fair) if one.count]
    return sorted(found, key=lambda one: not one.urgent)


def rooms_now(actor: Actor, fair: Fair) -> list[gates.Room]:
    """The fair and its zones with their crowds, for those who watch the gates."""
    return gates.rooms(fair, gates.today(fair)) if actor.may(Permission.SEE_GATES) else []
