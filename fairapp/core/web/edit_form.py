"""Forms about a record that others may change while the page is open: what this person left alone stays as it is now."""

from hashlib import sha256
from typing import Any, Self

from wtforms import HiddenField

from fairapp.core.errors import DomainError
from fairapp.core.text.i18n import _
from fairapp.core.web.forms import Form


class ConcurrentEditForm(Form):
    """A form that marks each value as the page showed it. Draw `opened`; store `changes()`."""

    opened = HiddenField()

    @classmethod
    def for_record(cls, *args: Any, obj: Any) -> Self:
        """Return the form of a record, filled in with what was sent, or with what the record holds now."""
        form, stored = cls(*args, obj=obj), cls(*args, formdata=None, obj=obj)
        form.current = {name: _mark(value) for name, value in stored.values().items()}
        form.shown = form.current | _marks_from_text(form.opened.data or "", form.current)
        form.opened.data = _text_from_marks(form.shown)
        return form

    def values(self) -> dict[str, Any]:
        """Return the columns of the record."""
        return {name: value for name, value in self.data.items() if name not in {"csrf_token", "opened"}}

    def changes(self) -> dict[str, Any]:
        """Return the columns that the person changed. DomainError `changed_meanwhile` at one that somebody else changed too."""
        changed = {name: value for name, value in self.values().items() if _mark(value) != self.shown[name]}
        for name, value in changed.items():
            if self.shown[name] != self.current[name] != _mark(value):
                self.opened.data = _text_from_marks(self.shown | {name: self.current[name]})
                message = _("Somebody else changed this while the page was open. Save again to put yours in its place.")
                raise DomainError("changed_meanwhile", message, field=name)
        return changed


def _mark(value: object) -> str:
    return sha256(repr(value).encode("utf-8", "surrogatepass")).hexdigest()[:12]


def _text_from_marks(marks: dict[str, str]) -> str:
    return " ".join(f"{name}:{mark}" for name, mark in marks.items())


def _marks_from_text(text: str, current: dict[str, str]) -> dict[str, str]:
    marks = dict(pair.split(":", 1) for pair in text.split() if ":" in pair)
    return {name: mark for name, mark in marks.items() if name in current}
