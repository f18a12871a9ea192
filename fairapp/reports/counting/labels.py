"""The names of figures and shares in the reader's language."""

from decimal import Decimal

from fairapp.reports.workbook.layout import Words
from fairapp.reports.workbook.vocabulary import FIGURES, KINDS, TOTALS, localised_words


def percent_text(share: Decimal | None) -> str:
    """Return a fraction of one in per cent; a dash for none."""
    return "–" if share is None else f"{share * 100:.1f} %"


def figure_names() -> dict[str, str]:
    """Return the names of the headline's figures and of the five of the visitors, by code, in the reader's language."""
    deals = {
        f"deals.{name}.{what}": Words(f"{words.zh}{zh}", f"{words.en}: {en}")
        for name, words in TOTALS.items()
        for what, zh, en in (("count", "笔数", "deals"), ("usd", "金额（美元）", "USD"))
    }
    kinds = {
        "suppliers": KINDS["supplier"],
        "platforms": KINDS["platform"],
        "service_providers": KINDS["service_provider"],
        "associations": KINDS["association"],
        "booths_assigned": Words("已安排展位", "Booths assigned"),
    }
    others = {"space.net_m2": Words("净面积（m²）", "Net m²"), "meetings.held": Words("已举行洽谈", "Meetings held")}
    names = {f"exhibitors.{name}": words for name, words in kinds.items()} | others | deals
    names |= FIGURES | {f"visitors.{name}": words for name, words in FIGURES.items()}
    return {name: localised_words(words) for name, words in names.items()}
