"""The page: facts and templates to one HTML text that needs nothing beside it."""

from jinja2 import Environment, PackageLoader, StrictUndefined

from movalytics_warehouse.report import formats, headlines, plots, words
from movalytics_warehouse.report.facts import Facts
from movalytics_warehouse.report.losses import large_losses
from movalytics_warehouse.report.verdicts import by_stage

FILMS_SHOWN = 10
GENRES_PLOTTED = 10


def render(facts: Facts) -> str:
    """The whole page as HTML, every value escaped."""
    return (
        _environment()
        .get_template("page.html")
        .render(
            facts=facts,
            headlines=headlines.all_four(facts),
            films=facts.answers.films[:FILMS_SHOWN],
            genres_plotted=GENRES_PLOTTED,
            scale=plots.rating_scale(facts.answers.films[:FILMS_SHOWN]),
            losses=large_losses(facts.tables),
            stages=by_stage(facts.checks),
            words=words,
        )
    )


def _environment() -> Environment:
    environment = Environment(
        loader=PackageLoader("movalytics_warehouse.report"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    filters = (
        *(formats.number, formats.stars, formats.money, formats.short_money, formats.percent, formats.month),
        *(formats.short_month, formats.month_of_year, formats.moment, formats.duration, formats.sentence_case),
    )
    environment.filters |= {function.__name__: function for function in filters}
    environment.globals |= {"share": plots.share, "by_number": plots.by_number, "plural": formats.plural}
    return environment
