"""What an exhibitor types about its team."""

from wtforms import RadioField
from wtforms.fields import SelectChoice
from wtforms.validators import InputRequired

from fairapp.core.text.i18n import LOCALES, _l
from fairapp.core.web.forms import EmailField, TextField
from fairapp.exhibitors.forms import ArgumentsForm


class MemberForm(ArgumentsForm):
    """A person to invite into the team."""

    name = TextField(_l("Name"), max_length=100)
    email = EmailField(_l("E-mail"))
    locale = RadioField(
        _l("Language of the mail"),
        [InputRequired(_l("Choose one."))],
        choices=[SelectChoice(code, name) for code, name in LOCALES.items()],
        default="zh_Hans",
    )
