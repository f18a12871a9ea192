"""One HTML answer: what every page of FairApp promises, and easy questions about it."""

from functools import cached_property
from typing import Any

import html5lib
import lxml.html
from werkzeug.test import TestResponse

LABELLED = "self::input[not(@type='hidden' or @type='submit' or @type='button' or @type='image')] or self::select or self::textarea"
# html5lib is older than these; the standard allows them.
HARMLESS = {"invalid-codepoint"}


class Page:
    """An answer with HTML. `tree` is lxml's: `page.tree.xpath(…)`."""

    def __init__(self, response: TestResponse) -> None:
        self.response = response
        self.status = response.status_code
        self.url = response.request.full_path.rstrip("?")
        self.path = response.request.path
        self.html = response.get_data(as_text=True)

    @cached_property
    def tree(self) -> lxml.html.HtmlElement:
        return lxml.html.document_fromstring(self.html, parser=lxml.html.HTMLParser(encoding="utf-8"))

    def __contains__(self, words: str) -> bool:
        return words in self.words

    @property
    def words(self) -> str:
        """What a person reads, in one line."""
        body = self.tree.find("body")
        pieces = body.xpath(".//text()[not(ancestor::script or ancestor::style or ancestor::template)]")
        return " ".join(" ".join(pieces).split())

    @property
    def title(self) -> str:
        """The heading of the page."""
        return text(self.tree.xpath("//h1")[0])

    @property
    def links(self) -> dict[str, str]:
        """Address by link text."""
        return {text(link): link.get("href", "") for link in self.tree.xpath("//a[@href]")}

    def rows(self, number: int = 0) -> list[list[str]]:
        """The body of the page's table number `number`, as text."""
        table = self.tree.xpath("//table")[number]
        return [[text(cell) for cell in row.xpath("./td | ./th")] for row in table.xpath("./tbody/tr")]

    def errors(self) -> dict[str, str]:
        """Refusals by field name, as `aria-describedby` ties them to their fields."""
        found = {}
        for field in self.tree.xpath("//*[@aria-invalid='true'][@name]"):
            texts = [text(part) for key in field.get("aria-describedby", "").split() for part in by_id(self.tree, key)]
            found[field.get("name")] = " ".join(texts)
        return found

    def forms(self) -> list[lxml.html.FormElement]:
        return list(self.tree.forms)

    def form_for(self, names: set[str], action: str | None = None) -> lxml.html.FormElement:
        """The form that has all these fields (and posts to `action`)."""
        posting = [form for form in self.forms() if form.get("method", "get").lower() == "post"]
        if action is not None:
            posting = [form for form in posting if (form.get("action") or self.url).split("#")[0] == action]
        for form in posting:
            if names <= field_names(form):
                return form
        seen = [(form.get("action"), sorted(field_names(form))) for form in posting]
        raise AssertionError(f"{self.url} has no form to {action or 'anywhere'} with {sorted(names)}; forms: {seen}")

    # --- promises --------------------------------------------------------------------------

    def check(self) -> None:
        """Every promise a full page makes; raises AssertionError with all that is broken."""
        problems = [*self.broken_markup(), *self.broken_structure(), *self.broken_fields(), *self.broken_policy()]
        assert not problems, f"{self.url}:\n  " + "\n  ".join(problems)

    def broken_markup(self) -> list[str]:
        parser = html5lib.HTMLParser(strict=False)
        parser.parse(self.html)
        lines = self.html.splitlines()
        return [
            f"line {position[0]}: {code} {data} in {lines[position[0] - 1].strip()[:90]!r}"
            for position, code, data in parser.errors
            if code not in HARMLESS
        ]

    def broken_structure(self) -> list[str]:
        tree = self.tree
        problems = []
        if len(headings := tree.xpath("//h1")) != 1:
            problems.append(f"{len(headings)} h1 instead of one")
        if not tree.get("lang"):
            problems.append("<html> has no lang")
        if not text(tree.find("head/title")):
            problems.append("no <title>")
        if not tree.xpath("//main"):
            problems.append("no <main>")
        ids = tree.xpath("//@id")
        problems += [f"id {name!r} is used {ids.count(name)} times" for name in sorted(set(ids)) if ids.count(name) > 1]
        problems += [f"template code left: {mark}" for mark in ("{{", "{%", "None</", "Undefined") if mark in self.html]
        problems += [f"image without alt: {tag(image)}" for image in tree.xpath("//img[not(@alt)]")]
        problems += [f"link without words: {tag(a)}" for a in tree.xpath("//a[@href] | //button") if not named(a)]
        return problems

    def broken_fields(self) -> list[str]:
        labelled = set(self.tree.xpath("//label/@for"))
        problems = []
        for field in self.tree.xpath(f"//*[{LABELLED}]"):
            inside = field.xpath("ancestor::label")
            if not (field.get("id") in labelled or inside or field.get("aria-label") or field.get("aria-labelledby")):
                problems.append(f"no label: {tag(field)}")
        ids = set(self.tree.xpath("//@id"))
        problems += [f"label for nothing: {name}" for name in labelled - ids]
        for attribute in ("aria-describedby", "aria-labelledby", "aria-controls"):
            for value in self.tree.xpath(f"//@{attribute}"):
                problems += [f"{attribute} names no element: {key}" for key in value.split() if key not in ids]
        for form in self.forms():
            if form.get("method", "get").lower() == "post" and "csrf_token" not in field_names(form):
                problems.append(f"a form posts without a CSRF token: {tag(form)}")
        return problems

    def broken_policy(self) -> list[str]:
        policy = self.response.headers.get("Content-Security-Policy", "")
        problems = []
        if "'nonce-" not in policy or "frame-ancestors 'none'" not in policy:
            problems.append(f"weak Content-Security-Policy: {policy!r}")
        if "'unsafe-inline'" in policy or "'unsafe-eval'" in policy:
            problems.append("the Content-Security-Policy allows inline code")
        nonce = policy.partition("'nonce-")[2].partition("'")[0]
        for element in self.tree.xpath("//script | //style"):
            data = element.get("type") in {"application/json", "importmap"}
            if element.tag == "style" or (not element.get("src") and not data):
                problems.append(f"inline code: {tag(element)}")
            elif not data and element.get("nonce") != nonce:
                problems.append(f"no nonce: {tag(element)}")
        for element in self.tree.iter():
            if isinstance(element.tag, str):
                names = [name for name in element.attrib if name == "style" or name.startswith("on")]
                problems += [f"inline {name}: {tag(element)}" for name in names]
        problems += [f"script address: {tag(a)}" for a in self.tree.xpath("//a[starts-with(@href, 'javascript:')]")]
        return problems


def text(element: Any) -> str:
    return "" if element is None else " ".join(element.text_content().split())


def by_id(tree: lxml.html.HtmlElement, key: str) -> list[Any]:
    return list(tree.xpath("//*[@id=$key]", key=key))


def tag(element: lxml.html.HtmlElement) -> str:
    """The opening tag, to find it again."""
    attributes = "".join(f" {name}={value!r}" for name, value in element.attrib.items())
    return f"<{element.tag}{attributes[:120]}>"


def named(element: lxml.html.HtmlElement) -> bool:
    """Whether someone who cannot see it is told what it is."""
    if element.get("aria-label") or element.get("aria-labelledby") or element.get("title") or text(element):
        return True
    return bool(element.xpath(".//img[normalize-space(@alt)] | .//svg/title | .//*[@aria-label]"))


def field_names(form: lxml.html.FormElement) -> set[str]:
    """Names of the fields of a form, those outside it (`form=id`) too."""
    names = set(form.xpath(".//*[@name][self::input or self::select or self::textarea or self::button]/@name"))
    if form.get("id"):
        names |= set(form.getroottree().xpath("//*[@form=$id]/@name", id=form.get("id")))
    return names


def filled_in(form: lxml.html.FormElement) -> dict[str, Any]:
    """What a browser would send if nobody touched the form."""
    values: dict[str, Any] = {}
    for name, value in form.form_values():
        values.setdefault(name, []).append(value)
    return values
