"""Filling in forms as a person does."""

from playwright.sync_api import FilePayload, Page


def send(page: Page, **values: str) -> str:
    """Fill in the form that has these fields, send it, and say where that led."""
    form = page.locator(f"main form:has([name={next(iter(values))}])").first
    for name, value in values.items():
        field = form.locator(f":is(input, select, textarea)[name={name}]:not([type=hidden])").first
        kind = field.evaluate("element => element.type")
        if kind in ("radio", "checkbox"):
            form.locator(f"[name={name}][value='{value}']").first.check(force=True)
        elif kind.startswith("select"):
            field.select_option(value)
        else:
            field.fill(value)
    form.locator("button[type=submit]").first.click()
    page.wait_for_load_state()
    assert page.locator(".error-summary").count() == 0, page.locator(".error-summary").inner_text()
    return page.url


def upload(page: Page, field: str, name: str, kind: str, content: bytes) -> str:
    form = page.locator(f"main form:has([type=file][name={field}])").first
    hidden = page.locator(f"main details:has([type=file][name={field}]):not([open]) > summary")
    if hidden.count():
        hidden.first.click()
    form.locator(f"[name={field}]").set_input_files(FilePayload(name=name, mimeType=kind, buffer=content))
    form.locator("button[type=submit]").first.click()
    page.wait_for_load_state()
    return page.url
