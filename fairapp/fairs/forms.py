"""What an organiser types about the fair."""

from collections.abc import Iterable
from datetime import date, time
from functools import cache
from typing import Any
from zoneinfo import available_timezones

from wtforms import BooleanField, ColorField, DateField, TimeField
from wtforms.fields import SelectChoice
from wtforms.validators import InputRequired

from fairapp.core.data import clock
from fairapp.core.text.currencies import list_currencies
from fairapp.core.text.i18n import _, _l, current_locale, localised
from fairapp.core.web.edit_form import ConcurrentEditForm
from fairapp.core.web.forms import Choice, TextArea, TextField, WholeNumber
from fairapp.fairs.models import Fair, LeadMode

NEW_FAIR = {
    "time_zone": "Asia/Shanghai",
    "reporting_currency": "USD",
    "opens_at_local": time(9),
    "closes_at_local": time(17),
}
NEEDED = InputRequired(_l("Fill this in."))


@cache
def time_zone_choices() -> list[tuple[str, str]]:
    """List the time zones by name."""
    names = [
        name for name in available_timezones() if "/" in name and not name.startswith(("Etc/", "posix/", "right/"))
    ]
    return [("UTC", "UTC"), *((name, name.replace("_", " ")) for name in sorted(names))]


def currency_choices(first: date | None, last: date | None) -> list[SelectChoice]:
    """List the currencies valid on the days of a fair, or today, by code and name: the most traded ones first."""
    today = clock.now().date()
    groups = {True: _("Most traded"), False: _("All others")}
    return [
        SelectChoice(code, name, optgroup=groups[is_traded])
        for code, name, is_traded in list_currencies(first or today, last or first or today, current_locale())
    ]


class FairForm(ConcurrentEditForm):
    """The form of a fair, as its organiser starts it."""

    name_zh = TextField(_l("Name in Chinese"))
    name_en = TextField(_l("Name in English"))
    starts_on = DateField(_l("First day"), [NEEDED])
    ends_on = DateField(_l("Last day"), [NEEDED])
    opens_at_local = TimeField(_l("Opens at"), [NEEDED])
    closes_at_local = TimeField(_l("Closes at"), [NEEDED])
    time_zone = Choice(_l("Time zone"))
    venue_zh = TextField(_l("Venue in Chinese"), required=False)
    venue_en = TextField(_l("Venue in English"), required=False)
    city_zh = TextField(_l("City in Chinese"), required=False, max_length=100)
    city_en = TextField(_l("City in English"), required=False, max_length=100)
    licence_number = TextField(
        _l("Licence number"), required=False, max_length=100, description=_l("As the approving authority wrote it.")
    )
    approved_capacity = WholeNumber(
        _l("Approved capacity"),
        required=False,
        minimum=1,
        maximum=10_000_000,
        description=_l(
            "People inside at once, by the public-security licence. The gates warn at 80, 90 and 100 percent."
        ),
    )
    reporting_currency = Choice(
        _l("Reporting currency"), description=_l("Totals of intent deals are shown in it, beside CNY.")
    )

    def __init__(self, *args: Any, **options: Any):
        super().__init__(*args, **options)
        self.time_zone.choices = time_zone_choices()
        self.reporting_currency.choices = currency_choices(self.starts_on.data, self.ends_on.data)


class NewFairForm(FairForm):
    code = TextField(
        _l("Code"),
        max_length=40,
        description=_l("Stands in every address of the fair and stays for ever, for example cbec2021."),
    )


class SettingsForm(FairForm):
    """The same, and what an organiser decides later."""

    accent = ColorField(
        _l("Accent colour"), [NEEDED], description=_l("Buttons and links of this fair. Pale colours are refused.")
    )
    is_public = BooleanField(_l("Everybody sees this fair in the list"))
    registration_open = BooleanField(_l("Visitors can register online"))
    applications_open = BooleanField(_l("Companies can apply to exhibit"))
    lead_mode = Choice(
        _l("How exhibitors get visitors' details"),
        choices=[
            SelectChoice(str(LeadMode.ASK), _l("Each visitor is asked for each exhibitor")),
            SelectChoice(str(LeadMode.STANDING), _l("A yes at registration passes when the badge is scanned")),
        ],
        description=_l("Visitors can withdraw at any time in both."),
    )
    previous_fair_id = Choice(
        _l("Edition before"),
        required=False,
        coerce=lambda value: int(value) if value and value != "None" else None,
        description=_l("Its deals stand beside those of this fair in the follow-up. Fairs you may see the figures of."),
    )
    capacity_hard_stop = BooleanField(_l("Gates refuse entry when the approved capacity is reached"))
    booth_hold_days = WholeNumber(
        _l("Days a booth is held"),
        minimum=1,
        maximum=60,
        description=_l("An exhibitor's choice waits so long for your answer."),
    )
    retention_days = WholeNumber(
        _l("Days personal data are kept"),
        minimum=1,
        maximum=3650,
        description=_l("Counted from the last day of the fair."),
    )
    privacy_notice_zh = TextArea(
        _l("Privacy notice in Chinese"), max_length=8000, description=_l("{days} stands for the number of days above.")
    )
    privacy_notice_en = TextArea(
        _l("Privacy notice in English"), max_length=8000, description=_l("{days} stands for the number of days above.")
    )

    def set_edition_choices(self, fairs: Iterable[Fair]) -> None:
        """Fill in the editions that may have come before."""
        self.previous_fair_id.choices = [
            ("", _("No edition named")),
            *((str(fair.id), localised(fair)) for fair in fairs),
        ]
