"""The fair's day in words."""

from fairapp.core.text.i18n import _, day_text
from fairapp.fairs import queries, rules
from fairapp.fairs.models import Fair


def day_words(fair: Fair) -> str:
    """Return 'Day 2 of 3 · Friday, 19 March 2021', or how far the opening is, or when it closed."""
    today = queries.today_at(fair)
    number = rules.day_number(fair.starts_on, fair.ends_on, today)
    words: str
    if number is not None:
        days = (fair.ends_on - fair.starts_on).days + 1
        words = _("Day %(number)s of %(days)s", number=number, days=days) + " · " + day_text(today, "full")
    elif today < fair.starts_on:
        away = (fair.starts_on - today).days
        words = _("Opens in %(away)s days, on %(day)s", away=away, day=day_text(fair.starts_on, "full"))
    else:
        words = _("Closed on %(day)s", day=day_text(fair.ends_on, "full"))
    return words
