"""The page: facts and templates to one HTML text that needs nothing beside it."""

from jinja2 import Environment, PackageLoader, StrictUndefined

from movalytics_warehouse import words
from movalytics_warehouse.report import certainty, formats, headlines, plots, release
from movalytics_warehouse.report.accounts import large_losses
from movalytics_warehouse.report.basis import allowed, grounds
from movalytics_warehouse.report.cards import cards
from movalytics_warehouse.report.facts import Facts
from movalytics_warehouse.report.timeline import timeline
from movalytics_warehouse.report.verdicts import by_stage

FILMS_SHOWN = 10


def render(facts: Facts) -> str:
    """The whole page as HTML, every value escaped."""
    films = facts.answers.films[:FILMS_SHOWN]
    losses = large_losses(facts.accounts)
    accounts = [account for account in facts.accounts if not account.is_mart]
    return (
        environment()
        .get_template("page.html")
        .render(
            facts=facts,
            grounds=grounds(facts),
            allowed=allowed(facts),
            cards=cards(facts),
            headlines=headlines.all_four(facts),
            certainty=certainty.all_four(facts),
            films=films,
            scale=plots.rating_scale(films),
            accounts=accounts,
            reasons=any(account.outcomes for account in accounts),
            losses=losses,
            # The answers are the published run's: what another run lost says nothing of them.
            lost_ratings=[loss for loss in losses if loss.table_name == "ratings" and facts.is_current],
            published=[account for account in facts.accounts if account.is_mart or account.is_table],
            stages=by_stage(facts.checks),
            timeline=timeline(facts.steps, facts.earlier.usual, facts.after),
            words=words,
        )
    )


def templates() -> Environment:
    """The templates of our pages: every value escaped, an unknown name an error."""
    return Environment(
        loader=PackageLoader("movalytics_warehouse.report"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )


def environment() -> Environment:
    """The templates with our words for numbers, days and names."""
    environment = templates()
    filters = (
        *(formats.number, formats.stars, formats.money, formats.percent, formats.short_month, formats.month_of_year),
        *(formats.day, formats.moment, formats.clock, formats.duration, formats.sentence_case),
    )
    helpers = (plots.share, release.by_number, formats.plural, formats.month, formats.months_of)
    environment.filters |= {function.__name__: function for function in filters}
    environment.globals |= {function.__name__: function for function in helpers}
    return environment
