"""What people read for a row of a breakdown: the name of its country, day, category …"""

from collections.abc import Mapping
from datetime import date
from typing import Any

from fairapp.core.text.i18n import _, country_name, current_locale, day_text
from fairapp.deals.labels import deal
from fairapp.exhibitors.labels import OWNERSHIPS

_WORDS: dict[str, Mapping[str, Any]] = {"customs": deal.CUSTOMS, "nature": deal.NATURES, "ownership": OWNERSHIPS}


def key_label(dimension: str, row: Mapping[str, Any]) -> str:
    """Return the words of a row `{"key", "label_zh", "label_en"}` in the reader's language."""
    key = row["key"]
    if not key:
        return str(_("Not stated"))
    if dimension == "country":
        return country_name(key)
    if dimension == "day":
        return day_text(date.fromisoformat(key))
    if dimension == "hs":
        return str(_("Chapter %(chapter)s", chapter=key))
    if labels := _WORDS.get(dimension):
        return str(labels.get(key, key))
    label = row["label_en"] if current_locale() == "en" else row["label_zh"]
    return str(label or key)
