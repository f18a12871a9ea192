"""What is done about accounts outside a page: by the queue, and by the operator's commands."""

from fairapp.accounts import queries, services
from fairapp.accounts.models import LinkPurpose
from fairapp.accounts.sign_in import services as credentials
from fairapp.core.data.db import transaction
from fairapp.core.jobs.queue import job
from fairapp.core.web.access import system


@job
def send_reset(email: str) -> None:
    """Mail a reset link if there is such an account; out of the request, so that its time tells nothing."""
    with transaction():
        credentials.send_reset(email=email)


def create_person(*, email: str, name: str, locale: str = "zh_Hans", may_create_fairs: bool = False) -> str:
    """`flask users create`: a person, and the address where they set their password within seven days.

    Refuses: email_taken.
    """
    with transaction():
        user = services.create_user(
            actor=system(label="command line"), email=email, name=name, locale=locale, may_create_fairs=may_create_fairs
        )
        return credentials.issue_link(user, LinkPurpose.INVITATION)


def remove_second_factor(*, email: str) -> bool:
    """`flask users reset-second-factor`: the password alone counts again; False when there is no such person."""
    with transaction():
        user = queries.user_by_email(email)
        if user is not None:
            credentials.remove_second_factor(user=user, by="command line")
        return user is not None
