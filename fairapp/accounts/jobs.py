"""What the operator's commands do about accounts."""

from fairapp.accounts import services
from fairapp.accounts.models import LinkPurpose
from fairapp.accounts.sign_in.single_use_links import issue_link
from fairapp.core.data.db import transaction
from fairapp.core.web.access import system


def create_person(*, email: str, name: str, locale: str = "zh_Hans", may_create_fairs: bool = False) -> str:
    """Make an account (`flask users create`); return the address where its password is set within seven days.

    DomainError: email_taken.
    """
    with transaction():
        user = services.create_user(
            actor=system(label="command line"), email=email, name=name, locale=locale, may_create_fairs=may_create_fairs
        )
        return issue_link(user, LinkPurpose.INVITATION)
