"""The names of figures and shares in the reader's language."""

from decimal import Decimal

from fairapp.reports.workbook.layout import Words
from fairapp.reports.workbook.vocabulary import FIGURES, KINDS, TOTALS, localised_words


def percent_text(share: Decimal | None) -> str:
    """A fraction of one in per cent; a dash for none."""
    return "–" if share is None else f"{share * 100:.1f} %"


def figure_names() -> dict[str, str]:
    """The figures of the headline and the five of the visitors, by name, in the reader's language."""
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
    rest = {"space.net_m2": Words("净面积（m²）", "Net m²"), "meetings.held": Words("已举行洽谈", "Meetings held")}
    named = {f"exhibitors.{name}": words for name, words in kinds.items()} | rest | deals
    named |= FIGURES | {f"visitors.{name}": words for name, words in FIGURES.items()}
    return {name: localised_words(words) for name, words in named.items()}
