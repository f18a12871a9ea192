"""Fields and forms that several rooms share."""

from typing import Any
from uuid import UUID

from fairapp.core.text.i18n import _, _l, localised
from fairapp.core.web.forms import Form, TextArea


def label_choices(words: dict[Any, Any], none: str = "") -> list[tuple[str, str]]:
    listed = [(str(code), str(word)) for code, word in words.items()]
    return [("", none or _("– not said –")), *listed] if none != "-" else listed


def record_choices(records: list[Any]) -> list[tuple[str, str]]:
    return [("", _("– not said –")), *((str(one.id), localised(one)) for one in records)]


def uuid_or_none(text: Any) -> UUID | None:
    try:
        return UUID(text) if text else None
    except ValueError:
        return None


class TypedForm(Form):
    """A form whose fields are a service's arguments."""

    def typed(self) -> dict[str, str]:
        """What was typed, by field; empty text for what was left out."""
        return {field.name: field.data or "" for field in self if field.name != "csrf_token"}


class ReasonForm(Form):
    """Why something is refused; the other side reads it."""

    reason = TextArea(_l("Reason"), max_length=1000)
