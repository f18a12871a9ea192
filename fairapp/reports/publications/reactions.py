"""What events on the left cause in publications."""

from fairapp.accounts.appointments.services import ask_contacts
from fairapp.accounts.events import RoleWaits
from fairapp.accounts.models import RoleGrant
from fairapp.core.data.db import db
from fairapp.core.web.access import system
from fairapp.fairs.models import Fair
from fairapp.reports.publications.queries import mailing_of
from fairapp.reports.rules import parse_addresses


def ask_authorities(event: RoleWaits) -> None:
    """Mail the contacts of the authorities a link by which they release the role."""
    mailing = mailing_of(event.fair_id)
    if mailing is None:
        return
    ask_contacts(
        actor=system(event.fair_id),
        fair=db.session.get_one(Fair, event.fair_id),
        grant=db.session.get_one(RoleGrant, (event.fair_id, event.grant_id)),
        addresses=parse_addresses(mailing.addresses),
        locale=mailing.locale,
    )
