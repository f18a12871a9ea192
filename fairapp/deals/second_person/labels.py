"""The words of the signs beside a decision."""

from typing import Any

from fairapp.core.text.i18n import _l
from fairapp.deals.second_person.rules import Sign

SIGNS: dict[Sign, Any] = {
    Sign.NEW_ROLE: _l("The role to verify was given less than 24 hours before."),
    Sign.SAME_BROWSER: _l("The same browser was used to declare or change this deal."),
    Sign.SAME_OFFICE: _l("Mail address and network are those of somebody who declared or changed this deal."),
}
