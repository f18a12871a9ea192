"""The components keep their promises in real HTML: labels, descriptions, tokens, no inline code."""

from collections.abc import Iterator

import lxml.html
import pytest
import wtforms
from apiflask import APIFlask
from flask import g, get_template_attribute, render_template, render_template_string
from werkzeug.datastructures import MultiDict
from wtforms.fields import SelectChoice
from wtforms.widgets import CheckboxInput, ListWidget

from fairapp.core.web import forms
from fairapp.core.web.access import ANONYMOUS
from fairapp.core.web.listing import Page


class Sample(forms.Form):
    class Meta:
        csrf = False

    name = forms.TextField("Company", description="As on the licence.")
    email = forms.EmailField("Mail", required=False)
    amount = forms.AmountField("Amount")
    currency_code = "USD"
    kind = wtforms.RadioField("Kind", choices=[SelectChoice("a", "Contract"), SelectChoice("b", "Intent")])
    goods = wtforms.SelectMultipleField(
        "Goods",
        choices=[SelectChoice("t", "Tea"), SelectChoice("l", "Lacquer")],
        widget=ListWidget(prefix_label=False),
        option_widget=CheckboxInput(),
    )
    notes = forms.TextArea("Notes", required=False)
    consent = wtforms.BooleanField("Companies may write to me")
    secret = wtforms.HiddenField()


@pytest.fixture
def page(app: APIFlask) -> Iterator[None]:
    with app.test_request_context("/?lang=en"):
        g.fair, g.actor = None, ANONYMOUS
        yield


def parsed(html: str) -> lxml.html.HtmlElement:
    return lxml.html.fromstring(f"<div>{html}</div>")


def drawn(name: str, data: dict[str, str] | None = None) -> lxml.html.HtmlElement:
    form = Sample(formdata=MultiDict(data) if data is not None else None)
    if data is not None:
        form.validate()
    return parsed(form[name]())


def test_a_field_has_a_label_a_hint_and_points_to_it(page: None) -> None:
    tree = drawn("name")
    entry = tree.find(".//input")
    assert tree.find(".//label").get("for") == entry.get("id")
    assert entry.get("aria-describedby") == "name-hint"
    assert tree.get_element_by_id("name-hint").text_content() == "As on the licence."
    assert entry.get("maxlength") == "200"


def test_a_wrong_field_says_what_to_do_and_is_announced(page: None) -> None:
    tree = drawn("name", {"name": ""})
    entry = tree.find(".//input")
    assert entry.get("aria-invalid") == "true"
    assert entry.get("aria-describedby") == "name-hint name-error"
    assert "Fill this in." in tree.get_element_by_id("name-error").text_content()


def test_only_what_may_be_left_out_is_marked(page: None) -> None:
    assert "(optional)" in drawn("email").text_content()
    assert "(optional)" not in drawn("name").text_content()


def test_text_typed_by_people_is_escaped_in_its_field(page: None) -> None:
    tree = drawn("name", {"name": '"><script>alert(1)</script>'})
    assert tree.findall(".//script") == []
    assert tree.find(".//input").get("value") == '"><script>alert(1)</script>'


@pytest.mark.parametrize(("name", "boxes"), [("kind", 2), ("goods", 2), ("consent", 1)])
def test_choices_each_have_a_label(page: None, name: str, boxes: int) -> None:
    tree = drawn(name)
    inputs = tree.findall(".//input")
    assert len(inputs) == boxes
    assert {entry.get("id") for entry in inputs} <= {label.get("for") for label in tree.findall(".//label")}


def test_a_wrong_group_of_choices_is_announced(page: None) -> None:
    group = drawn("kind", {"kind": "other"}).find(".//fieldset")
    assert (group.get("aria-invalid"), group.get("aria-describedby")) == ("true", "kind-error")


def test_a_group_of_choices_has_a_legend(page: None) -> None:
    assert drawn("kind").find(".//legend").text_content().strip().startswith("Kind")


def test_a_hidden_field_is_an_input_and_nothing_else(page: None) -> None:
    assert [child.tag for child in drawn("secret")] == ["input"]


def test_the_summary_of_errors_links_to_each_field(page: None) -> None:
    form = Sample(formdata=MultiDict({"amount": "many"}))
    form.validate()
    tree = parsed(get_template_attribute("components/form.html", "error_summary")(form))
    links = {link.get("href") for link in tree.findall(".//a")}
    assert {"#name", "#amount"} <= links
    assert "#email" not in links


def test_a_badge_has_a_picture_and_a_word(page: None) -> None:
    tree = parsed(get_template_attribute("components/badge.html", "badge")("Held", "attention"))
    assert tree.text_content() == "Held"
    assert tree.find(".//use").get("href").endswith("#attention")


def test_a_confirmation_is_a_form_of_its_own_with_a_token(page: None) -> None:
    source = '{% from "components/confirm.html" import confirm %}{% call confirm("x", "Void", "/v", "Void it?", "Void deal") %}<p>Why</p>{% endcall %}'
    tree = parsed(render_template_string(source))
    form = tree.find(".//form")
    assert (form.get("method"), form.get("action")) == ("post", "/v")
    assert form.find(".//input[@name='csrf_token']").get("value")
    assert tree.find(".//button").get("popovertarget") == "x"


def test_a_chart_is_a_table_with_plain_numbers(page: None) -> None:
    rows = [("09", 1200, None), ("10", {"value": 2.5, "text": "USD 2.50 million"}, 3)]
    tree = parsed(get_template_attribute("components/chart.html", "chart")("bar", "Flow", ["Hour", "In", "Out"], rows))
    cells = [(cell.get("data-value"), cell.text_content()) for cell in tree.findall(".//td")]
    assert cells == [("1200", "1,200"), ("", "–"), ("2.5", "USD 2.50 million"), ("3", "3")]


def test_pages_of_a_list_link_to_their_neighbours(page: None, app: APIFlask) -> None:
    middle = Page([], 2, 130, per_page=50)
    with app.test_request_context("/healthz?q=tea&lang=en"):
        g.fair, g.actor = None, ANONYMOUS
        tree = parsed(get_template_attribute("components/pagination.html", "pagination")(middle))
    assert "51–100 of 130" in tree.text_content()
    assert [(link.get("rel"), link.get("href")) for link in tree.findall(".//a")] == [
        ("prev", "/healthz?q=tea&page=1"),
        ("next", "/healthz?q=tea&page=3"),
    ]


@pytest.mark.parametrize("status", [400, 403, 404, 409, 413, 429, 500])
def test_an_error_page_says_what_to_do_next(page: None, status: int) -> None:
    html = render_template("errors/error.html", status=status, detail="", reference="1f2e3d" if status == 500 else "")
    tree = lxml.html.fromstring(html)
    assert len(tree.findall(".//h1")) == 1
    assert tree.find(".//main").findall(".//a")
    assert ("1f2e3d" in html) is (status == 500)
