"""What is done about signing in outside a page: by the queue, and by the operator's commands."""

from fairapp.accounts import queries
from fairapp.accounts.sign_in import services
from fairapp.core.data.db import transaction
from fairapp.core.jobs.queue import job


@job
def send_reset(email: str) -> None:
    """Mail a reset link if there is such an account; out of the request, so that its time tells nothing."""
    with transaction():
        services.send_reset(email=email)


def remove_second_factor(*, email: str) -> bool:
    """Let the password alone count again (`flask users reset-second-factor`); return whether there is such a person."""
    with transaction():
        user = queries.user_by_email(email)
        if user is not None:
            services.remove_second_factor(user=user, by="command line")
        return user is not None
