"""Pages: signing in, one's own account, and the people and tokens of a fair."""

from fairapp.accounts.views import account, people, second_factor, sign_in, tokens
from fairapp.accounts.views.blueprint import blueprint

__all__ = ["account", "blueprint", "people", "second_factor", "sign_in", "tokens"]
