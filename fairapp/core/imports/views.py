"""The steps by which a list comes in, whatever it lists: choose a file, say what its columns mean, carry it out."""

from collections.abc import Callable
from typing import Any, TypeVar
from uuid import UUID

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from fairapp.core.data.db import transaction
from fairapp.core.data.files import StoredFile, open_file
from fairapp.core.data.private_files import LIST_TYPE, REPORT_TYPE, keep_file
from fairapp.core.documents.spreadsheet import read_rows
from fairapp.core.errors import DomainError
from fairapp.core.web.forms import Form

Rows = list[list[str]]
Mapping = TypeVar("Mapping")


def choose_page(form: Any, template: str, preview: str) -> ResponseReturnValue:
    """Take the file, if it can be read, and go on to the page `preview`."""
    if form.validate_on_submit():
        content, name = form.file.data.read(), form.file.data.filename or "list"
        with form.saving() as saved:
            read_rows(content, name)
            file = keep_file(content, name, LIST_TYPE)
        if saved.ok:
            return redirect(url_for(preview, file_id=file.id))
    return render_template(template, form=form)


def read_with_mapping(
    file: StoredFile,
    guessed: Callable[[Rows], Mapping],
    form_of: Callable[[Rows, Mapping, Any], Form],
    chosen: Callable[[Any, Mapping], Mapping],
) -> tuple[Rows, Mapping, Form]:
    """Return the rows, the mapping that the address or else the headings say, and its form."""
    with open_file(file) as source:
        rows = read_rows(source.read(), file.name)
    guess = guessed(rows)
    answers = request.form if request.method == "POST" else request.args
    is_answered = any(key.startswith("column_") for key in answers)
    form = form_of(rows, guess, answers if is_answered else None)
    if is_answered and not form.validate():
        return rows, guess, form
    return rows, chosen(form, guess), form


def run_import(
    form: Form, file: StoredFile, take_in: Callable[[], bytes], *, preview: str, done: str
) -> ResponseReturnValue:
    """Take the list in and store the report that `take_in` returns; the page `done` shows it."""
    if form.errors:
        abort(400)
    file_id, name = file.id, file.name
    try:
        with transaction():
            report_id: UUID = keep_file(take_in(), name, REPORT_TYPE).id
    except DomainError as error:
        flash(str(error.message), "stop")
        return redirect(url_for(preview, file_id=file_id))
    return redirect(url_for(done, file_id=report_id))
