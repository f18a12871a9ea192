"""Deals seen as a whole: the pipeline, and by country, category, delegation, hall or day; each total leads to its lines."""

from math import sqrt
from typing import Any

from flask import Response, abort, g, render_template, request, url_for

from fairapp.accounts.permissions import Permission as P
from fairapp.core.documents.spreadsheet import export_response
from fairapp.core.text.i18n import _, country_name, current_locale
from fairapp.core.text.money import short_money_text
from fairapp.core.web.access import requires
from fairapp.deals import export
from fairapp.deals.blueprint import blueprint
from fairapp.deals.enums import CountsAs
from fairapp.deals.labels import deal
from fairapp.deals.labels.breakdown import key_label
from fairapp.deals.totals import breakdowns, world_map
from fairapp.deals.totals.breakdowns import held_by_reason, overall_totals
from fairapp.deals.totals.conditions import FACETS, NOT_STATED
from fairapp.deals.totals.queries import totals_by_sum, totals_by_tier
from fairapp.deals.totals.rules import COLUMNS
from fairapp.deals.views.context import address_filters, facet_choices, template_context

SHOWN_IN_CHART = 15
LARGEST_CIRCLE = 34.0


@blueprint.get("/desk/deals/pipeline")
@requires(P.SEE_DEALS)
def pipeline() -> str:
    counts_as = chosen_sum()
    return render_template(
        "deals/pipeline.html",
        counts_as=counts_as,
        tiers=totals_by_tier(g.fair.id, counts_as),
        sums=totals_by_sum(g.fair.id),
        holds=held_by_reason(g.fair.id, counts_as),
        **template_context(),
    )


def chosen_sum() -> str:
    """Return trade, investment or strategic; anything else in the address is trade."""
    counts_as = request.args.get("counts_as", "")
    return counts_as if counts_as in set(CountsAs) else str(CountsAs.TRADE)


@blueprint.get("/desk/deals/by/<dimension>")
@requires(P.SEE_DEALS)
def breakdown(dimension: str) -> str:
    chosen, rows = filtered_rows(dimension)
    return render_template(
        "deals/breakdown.html",
        dimension=dimension,
        chosen=chosen,
        rows=rows,
        foot=overall_totals(rows),
        word_of=lambda row: key_label(dimension, row),
        lines_of=lambda row, total: lines_address(dimension, chosen, row, total),
        chart_rows=chart_rows(dimension, rows),
        circles=circles(rows) if dimension == "country" else [],
        land=world_map.land() if dimension == "country" else "",
        filters_of=facet_choices(),
        **template_context(),
    )


@blueprint.get("/desk/deals/by/<dimension>/export")
@requires(P.SEE_DEALS)
def export_breakdown(dimension: str) -> Response:
    _chosen, rows = filtered_rows(dimension)
    named = [(key_label(dimension, row), row) for row in rows]
    return export_response(
        f"{g.fair.code}-deals-by-{dimension}", export.breakdown_headings(dimension), export.breakdown_rows(named)
    )


def filtered_rows(dimension: str) -> tuple[dict[str, str], list[dict[str, Any]]]:
    """Return the facets of the address (trade when it names no sum), and the rows under them."""
    if dimension not in deal.DIMENSIONS:
        abort(404)
    chosen = {name: value for name, value in address_filters().items() if name in FACETS and value}
    chosen["counts_as"] = chosen_sum()
    chosen.pop(dimension, None)
    return chosen, breakdowns.breakdown(g.fair.id, dimension, chosen)


def lines_address(dimension: str, chosen: dict[str, str], row: dict[str, Any] | None, total: str) -> str:
    """Return the address of exactly the deals that a cell of the table adds up; `row` None is the foot."""
    values: dict[str, Any] = {**chosen, "total": total}
    if row is not None:
        values[dimension] = row["key"] or NOT_STATED
    return url_for(".deals", **values)


def chart_rows(dimension: str, rows: list[dict[str, Any]]) -> list[tuple[Any, ...]]:
    """Return the three totals of the largest rows, the rest together; days all."""
    most = len(rows) if dimension == "day" else SHOWN_IN_CHART
    named = [(key_label(dimension, row), row) for row in rows[:most]]
    if rest := rows[most:]:
        both = {name: sum(row[name] for row in rest) for name in COLUMNS}
        named.append((_("%(count)s others", count=len(rest)), both))
    return [(word, *(_dollars(row[f"{total}_usd"]) for total in deal.TOTALS)) for word, row in named]


def _dollars(minor: int) -> dict[str, Any]:
    return {"value": minor // 100, "text": short_money_text(minor, "USD")}


def circles(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return a circle for each country, its area by the declared amount.

    The largest first, so that small ones lie above.
    """
    largest = max((row["declared_usd"] for row in rows), default=0)
    places = world_map.places()
    return [
        {
            "x": places[row["key"]].x,
            "y": places[row["key"]].y,
            "size": round(max(2.5, LARGEST_CIRCLE * sqrt(row["declared_usd"] / largest)), 1),
            "word": f"{country_name(row['key'], current_locale())}: {short_money_text(row['declared_usd'], 'USD')}",
        }
        for row in rows
        if row["declared_usd"] and row["key"] in places
    ]
