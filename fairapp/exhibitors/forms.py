"""Fields and forms that several rooms share."""

from typing import Any
from uuid import UUID

from fairapp.core.text.i18n import _, _l, localised
from fairapp.core.web.forms import Form, TextArea


def label_choices(labels: dict[Any, Any], none: str = "") -> list[tuple[str, str]]:
    """Return (code, label) of a table of labels; the first means none and says `none`, and is left out for '-'."""
    choices = [(str(code), str(word)) for code, word in labels.items()]
    return [("", none or _("– not said –")), *choices] if none != "-" else choices


def record_choices(records: list[Any]) -> list[tuple[str, str]]:
    """Return (id, name) of records in the reader's language; the first means none."""
    return [("", _("– not said –")), *((str(record.id), localised(record)) for record in records)]


def uuid_or_none(text: Any) -> UUID | None:
    """Return the UUID that a field holds; None for an empty field or any other text."""
    try:
        return UUID(text) if text else None
    except ValueError:
        return None


class ArgumentsForm(Form):
    """A form whose fields are a service's arguments."""

    def arguments(self) -> dict[str, str]:
        """Return what was typed, by field; empty text for what was left out."""
        return {field.name: field.data or "" for field in self if field.name != "csrf_token"}


class ReasonForm(Form):
    """Why something is refused; the other side reads it."""

    reason = TextArea(_l("Reason"), max_length=1000)
