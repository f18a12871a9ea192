"""Absolute addresses for mails and commands, which know no request."""

from flask import current_app


def public_address(endpoint: str, **values: object) -> str:
    """Return the address of a page as the outside sees it, by PUBLIC_URL."""
    path = current_app.url_map.bind("").build(endpoint, values)
    return f"{str(current_app.config['PUBLIC_URL']).rstrip('/')}{path}"
