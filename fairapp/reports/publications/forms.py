"""Forms of publications."""

from typing import Any

from wtforms import BooleanField
from wtforms.fields import SelectChoice

from fairapp.core.text.i18n import _l
from fairapp.core.web.forms import Choice, Form, TextArea, TextField
from fairapp.reports.publications.labels import MAX_LABEL_LENGTH


class PrepareForm(Form):
    """The publication's name."""

    label_zh = TextField(
        _l("Label in Chinese"), required=True, max_length=MAX_LABEL_LENGTH, description=_l("For example: 第2天 18:00")
    )
    label_en = TextField(
        _l("Label in English"), required=True, max_length=MAX_LABEL_LENGTH, description=_l("For example: day 2, 18:00")
    )


class RefuseForm(Form):
    """The reason why it is not published."""

    reason = TextArea(_l("Reason"), required=True, max_length=500)


class MailingForm(Form):
    """The addresses of those who are told."""

    addresses = TextArea(_l("E-mail addresses"), max_length=4000, description=_l("One a line, at most 20."))
    locale = Choice(
        _l("Language of the mail"), choices=[SelectChoice("zh_Hans", "中文"), SelectChoice("en", "English")]
    )
    attaches = BooleanField(_l("Attach the workbook (below 15 MB; else the mail has the link alone)"))

    names_people = BooleanField(
        _l("Name the preparer and the approver on covers (else their role and initials)"), default=True
    )

    def values(self) -> dict[str, Any]:
        """Return what `change_mailing` takes."""
        return {name: field.data for name, field in self._fields.items() if name != "csrf_token"}
