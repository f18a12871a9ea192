"""Pages about deals: an exhibitor's phone, the other side's link, the desk, the verifiers, rates and ledger."""

from fairapp.deals.views import desk, ledger, mine, public, steps, verification
from fairapp.deals.views.blueprint import blueprint

__all__ = ["blueprint", "desk", "ledger", "mine", "public", "steps", "verification"]
