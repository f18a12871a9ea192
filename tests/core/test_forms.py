import pytest
from apiflask import APIFlask
from flask_babel import force_locale
from werkzeug.datastructures import MultiDict
from werkzeug.exceptions import BadRequest

from fairapp.core.errors import DomainError
from fairapp.core.web import forms


class Company(forms.Form):
    class Meta(forms.Form.Meta):
        csrf = False

    name = forms.TextField("Name", max_length=20)
    note = forms.TextArea("Note", required=False)
    booths = forms.WholeNumber("Booths", required=False, minimum=1, maximum=9)
    amount = forms.AmountField("Amount", required=False)
    currency_code = "USD"


def sent(app: APIFlask, **fields: str) -> Company:
    with app.test_request_context("/", method="POST", data=MultiDict(fields)):
        form = Company()
        form.ok = form.validate()
        return form


@pytest.mark.parametrize(
    "name",
    ["", "   ", "x" * 21, "a\x00b", "a\x1bb", "a\ufffeb", "abc\u202edef", "a\u200fb", "line\nline", "x" * 1_000_000],
)
def test_text_that_no_name_needs_is_refused_at_its_field(app: APIFlask, name: str) -> None:
    form = sent(app, name=name)
    assert not form.ok
    assert len(form.name.errors) == 1


def test_half_a_letter_is_no_text() -> None:
    """JSON can carry a lone surrogate, which no database can store."""
    assert forms.has_forbidden_characters("\ud800")


@pytest.mark.parametrize("name", ["=cmd()", "<script>alert(1)</script>"[:20], "王喆 堃 䶮", "Łódź", "محمد", "👩‍💻 Ltd"])
def test_odd_but_honest_names_pass(app: APIFlask, name: str) -> None:
    form = sent(app, name=f"  {name} ")
    assert form.ok, form.errors
    assert form.name.data == name


def test_letters_have_one_form(app: APIFlask) -> None:
    assert sent(app, name="Cafe\u0301").name.data == "Café"


def test_lines_are_welcome_where_lines_are_asked_for(app: APIFlask) -> None:
    assert sent(app, name="A", note="one\r\ntwo").note.data == "one\ntwo"
    assert not sent(app, name="A", note="one\x07").ok


def test_a_key_nobody_asked_for_is_refused(app: APIFlask) -> None:
    with pytest.raises(BadRequest, match="verified"):
        sent(app, name="A", verified="1")


@pytest.mark.parametrize("number", ["0", "10", "-1", "1.5", "x", "9" * 400, "1_0", "٣", "1e0", "1.000", "0x5"])
def test_numbers_out_of_bounds_are_refused(app: APIFlask, number: str) -> None:
    assert not sent(app, name="A", booths=number).ok


@pytest.mark.parametrize("number", ["7", " 7 ", "７", "7.0", "7,0", "+7"])
def test_a_whole_number_is_read_as_people_write_it(app: APIFlask, number: str) -> None:
    form = sent(app, name="A", booths=number)
    assert (form.ok, form.booths.data) == (True, 7)


def test_an_amount_with_two_meanings_is_asked_about_with_both(app: APIFlask) -> None:
    with force_locale("en"):
        form = sent(app, name="A", amount="1.200")
        assert form.amount.errors == ["“1.200” can mean 1.20 or 1200. Write 1.20 or 1200."]
    assert (form.amount.data, form.amount._value()) == (None, "1.200")


@pytest.mark.parametrize("amount", ["-1", "0", "1e30", "99999999999999999", "12 apples", "NaN"])
def test_absurd_amounts_are_refused(app: APIFlask, amount: str) -> None:
    assert not sent(app, name="A", amount=amount).ok


def test_a_rule_that_says_no_stands_at_its_field(app: APIFlask) -> None:
    with app.test_request_context("/", method="POST", data={"name": "A"}):
        form = Company()
        with form.saving() as saved:
            raise DomainError("name_taken", "This name is taken.", field="name")
        assert not saved.ok
        assert form.name.errors == ["This name is taken."]
        with form.saving() as saved:
            raise DomainError("closed", "Applications are closed.")
        assert form.form_errors == ["Applications are closed."]


@pytest.mark.parametrize("typed", ["0", "-5", "1e13", "9e999999", "1e1000000", "sNaN", "1e-999999999"])
def test_an_amount_that_is_refused_leaves_nothing_behind(app: APIFlask, typed: str) -> None:
    form = sent(app, name="A", amount=typed)
    assert (form.ok, form.amount.data, len(form.amount.errors)) == (False, None, 1)
