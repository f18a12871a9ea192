"""Forms about a record that others may change while the page is open: what this person left alone stays as it is now."""

from hashlib import sha256
from typing import Any, Self

from wtforms import HiddenField

from fairapp.core.errors import DomainError
from fairapp.core.text.i18n import _
from fairapp.core.web.forms import Form


class OpenedForm(Form):
    """Keeps a mark of each value as the page showed it. Draw `opened`; store `changes()`."""

    opened = HiddenField()

    @classmethod
    def about(cls, *args: Any, obj: Any) -> Self:
        """The form of a record, filled in with what is asked for and with what the record holds now."""
        form, held = cls(*args, obj=obj), cls(*args, formdata=None, obj=obj)
        form.now = {name: _mark(value) for name, value in held.values().items()}
        form.then = form.now | _marks_in(form.opened.data or "", form.now)
        form.opened.data = _text_of(form.then)
        return form

    def values(self) -> dict[str, Any]:
        """Columns of the record."""
        return {name: value for name, value in self.data.items() if name not in {"csrf_token", "opened"}}

    def changes(self) -> dict[str, Any]:
        """Columns that the person changed. DomainError `changed_meanwhile` at one that somebody else changed too."""
        mine = {name: value for name, value in self.values().items() if _mark(value) != self.then[name]}
        for name, value in mine.items():
            if self.then[name] != self.now[name] != _mark(value):
                self.opened.data = _text_of(self.then | {name: self.now[name]})
                message = _("Somebody else changed this while the page was open. Save again to put yours in its place.")
                raise DomainError("changed_meanwhile", message, field=name)
        return mine


def _mark(value: object) -> str:
    return sha256(repr(value).encode("utf-8", "surrogatepass")).hexdigest()[:12]


def _text_of(marks: dict[str, str]) -> str:
    return " ".join(f"{name}:{mark}" for name, mark in marks.items())


def _marks_in(text: str, known: dict[str, str]) -> dict[str, str]:
    marks = dict(pair.split(":", 1) for pair in text.split() if ":" in pair)
    return {name: mark for name, mark in marks.items() if name in known}
