"""Forms about oneself and one's team."""

from collections.abc import Iterable
from typing import Any

import wtforms
from wtforms.fields import SelectChoice
from wtforms.validators import InputRequired, Length

from fairapp.accounts import rules
from fairapp.accounts.labels import ROLE_NAMES
from fairapp.accounts.permissions import Role
from fairapp.core.text.i18n import LOCALES, _l
from fairapp.core.web.forms import Choice, EmailField, Form, TextField

LANGUAGES = [SelectChoice(code, name) for code, name in LOCALES.items()]
DAYS = [
    SelectChoice(value="7", label=_l("7 days")),
    SelectChoice(value="30", label=_l("30 days")),
    SelectChoice(value="90", label=_l("90 days")),
    SelectChoice(value="365", label=_l("365 days")),
]


def role_choices(roles: Iterable[Role]) -> list[SelectChoice]:
    """Return roles as the choices of a field."""
    return [SelectChoice(role.value, ROLE_NAMES[role]) for role in roles]


class PasswordField(wtforms.PasswordField):  # type: ignore[misc]  # WTForms has no types
    """A password as typed: nothing is cut off, at most 200 characters."""

    def __init__(self, label: Any = None, **options: Any):
        long = Length(max=rules.MAX_PASSWORD_LENGTH, message=_l("Use at most %(max)d characters."))
        super().__init__(label, [InputRequired(_l("Fill this in.")), long], **options)


class SignInForm(Form):
    email = EmailField(_l("Mail address"), render_kw={"autocomplete": "username"})
    password = PasswordField(_l("Password"), render_kw={"autocomplete": "current-password"})


class SecondStepForm(Form):
    code = TextField(
        _l("One-time code"),
        max_length=40,
        description=_l("The six figures your app shows now, or one of your recovery codes."),
        render_kw={"autocomplete": "one-time-code", "class": "input-code"},
    )


class ForgottenForm(Form):
    email = EmailField(_l("Mail address"), render_kw={"autocomplete": "username"})


class NewPasswordForm(Form):
    password = PasswordField(
        _l("New password"),
        description=_l("At least 10 characters. Several words are easy to keep in mind."),
        render_kw={"autocomplete": "new-password"},
    )


class InvitationForm(Form):
    name = TextField(_l("Your name"), render_kw={"autocomplete": "name"})
    password = PasswordField(
        _l("Choose a password"),
        description=_l("At least 10 characters. Several words are easy to keep in mind."),
        render_kw={"autocomplete": "new-password"},
    )


class ChangePasswordForm(NewPasswordForm):
    current = PasswordField(_l("Present password"), render_kw={"autocomplete": "current-password"})


class PresentPasswordForm(Form):
    current = PasswordField(_l("Present password"), render_kw={"autocomplete": "current-password"})


class SetUpForm(Form):
    code = TextField(
        _l("Code from the app"),
        max_length=20,
        description=_l("The six figures it shows now."),
        render_kw={"autocomplete": "one-time-code", "inputmode": "numeric", "class": "input-code"},
    )


class PersonForm(Form):
    name = TextField(_l("Your name"), render_kw={"autocomplete": "name"})
    locale = Choice(_l("Language of your mails and pages"), choices=LANGUAGES)


class InviteForm(Form):
    email = EmailField(_l("Mail address"), render_kw={"autocomplete": "off"})
    name = TextField(_l("Full name"), render_kw={"autocomplete": "off"})
    role = Choice(_l("Role"), choices=role_choices(rules.STAFF_ROLES))
    locale = Choice(_l("Language of the invitation"), choices=LANGUAGES)


class TokenForm(Form):
    label = TextField(
        _l("What it is for"), max_length=100, description=_l("For example: turnstiles of hall 3, ticket shop.")
    )
    role = Choice(_l("Role"), choices=role_choices(rules.TOKEN_ROLES))
    days = Choice(_l("Works for"), choices=DAYS, default="30")
