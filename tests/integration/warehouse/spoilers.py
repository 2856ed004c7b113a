"""For every check: how a bad row gets in that turns it red, and where needed first what makes the world pass it."""

from collections.abc import Callable, Mapping

from movalytics_common.declaration import Rule, tables_and_marts
from movalytics_warehouse.derived import staging, target

LEDGER = "movies_ops.load_table"
RUN = (
    "insert into movies_ops.load_run "
    "(run_id, attempt, movies_version, cpi_version, code_digest, forced, planned_at, published_at, sample) values"
)


def _history(table: str, metric: str, *values: float) -> list[str]:
    """Earlier published runs with these measures."""
    statements = []
    for number, value in enumerate(values):
        statements += [
            f"{RUN} ('h{number}', 0, '6', '', '', false, '2020-01-01', '2020-01-0{number + 1}', '')",
            f"insert into movies_ops.quality_metric values ('h{number}', '{table}', '{metric}', {value})",
        ]
    return statements


def lost(account: str, kind: str, reason: str, rows: int, run: str = "good") -> list[str]:
    """So many of the account's 1,000 rows by this reason, and by no other of its kind."""
    key = f"run_id = '{run}' and table_name = '{account}'"
    return [
        f"update {LEDGER} set rows_in = 1000 where {key}",
        f"delete from movies_ops.load_rejected where {key} and kind = '{kind}'",
        _reason(account, kind, reason, rows, run),
    ]


def _reason(account: str, kind: str, reason: str, rows: int, run: str = "good") -> str:
    columns = "run_id, table_name, kind, reason, row_count"
    values = f"'{run}', '{account}', '{kind}', '{reason}', {rows}"
    return f"insert into movies_ops.load_rejected ({columns}) values ({values})"


def _before(account: str, rows_out: int) -> list[str]:
    """A run published before, with an account of 1,000 rows."""
    values = f"'before', '{account}', 1000, {rows_out}"
    return [
        f"{RUN} ('before', 0, '6', '', '', false, '2020-01-01', '2020-01-01', '')",
        f"insert into {LEDGER} (run_id, table_name, rows_in, rows_out) values ({values})",
    ]


# The tables hold the rows of an earlier run, which are those of staging.
AN_EARLIER_RUN = [f"{RUN} ('before', 0, '6', '', '', false, '2020-01-01', '2999-01-01', '')"]

# What a check must still accept: at the edge of the rule, or what the small world has on purpose.
FINE = {
    "movies/published_rows_stay": [
        *AN_EARLIER_RUN,
        "update movies_staging.movies set popularity = popularity * (1 + 0.1 * (movie_id % 7))",
    ],
    "movie_genre/published_rows_stay": AN_EARLIER_RUN,
    "ratings/published_rows_stay": AN_EARLIER_RUN,
    "cpi/published_rows_stay": [
        *AN_EARLIER_RUN,
        "update movies_staging.cpi set consumer_price_index = consumer_price_index * 1.01",
    ],
    "ratings/rating_is_an_accepted_value": ["update movies_staging.ratings set rating = 0.5 where user_id = 1"],
    "movies/title_fits_its_column": ["update movies_staging.movies set title = repeat('é', 150)"],
    "movies/vote_average_is_between_0_and_10": ["update movies_staging.movies set vote_average = 10"],
    "cpi/index_is_at_most_75_days_old": ["insert into movies_staging.cpi values (current_date, 100)"],
    "ratings/ratings_reach_over_their_years": [
        "update movies_staging.ratings set rated_at = '1996-12-31' where user_id = 1",
        "update movies_staging.ratings set rated_at = '2016-01-01' where user_id = 2",
    ],
    "cpi/no_month_is_missing": ["insert into movies_staging.cpi values ('2022-05-01', 181), ('1998-12-01', 149)"],
    "cpi/prices_change_little_in_a_month": [
        "update movies_staging.cpi set consumer_price_index = 181.4 where date = '2022-04-01'"
    ],
    "movies_ops/losses_are_below_their_ceilings": [
        *lost("ratings", "rejected", "film_not_in_catalogue", 10),
        _reason("ratings", "rejected", "malformed", 10),
        *lost("links", "rejected", "no_tmdb_id", 50),
        *lost("movies", "merged", "duplicate_film", 900),
    ],
    "movies_ops/repairs_are_below_their_ceilings": lost("movies", "repaired", "invalid_budget", 10),
    "movies_ops/losses_are_near_history": [
        *_before("ratings", 1000),
        *lost("ratings", "rejected", "malformed", 4, run="before"),
        *lost("ratings", "rejected", "malformed", 4),
    ],
    "movies_ops/rows_do_not_shrink": [
        *_before("ratings", 1000),
        f"update {LEDGER} set rows_out = 999 where run_id = 'good' and table_name = 'ratings'",
    ],
    "cpi/every_month_has_a_value": ["delete from movies_staging.cpi where consumer_price_index is null"],
    "movies/tiny_revenues_are_rare": ["update movies_staging.movies set revenue = 1000 where movie_id = 597"],
    "movies_ops/row_counts_are_near_history": _history("ratings", "row_count", 1, 6, 100),
    "movies_ops/null_shares_are_near_history": _history("movies", "revenue_null_share", 0.3, 0.34, 1),
    "ratings/mean_rating_is_near_history": _history("ratings", "mean_rating", 1, 3.45, 5),
}

WRITTEN = {
    "movies/published_rows_stay": ["update movies_staging.movies set release_date = null where movie_id = 597"],
    "movie_genre/published_rows_stay": ["delete from movies_staging.movie_genre where movie_id = 597"],
    "ratings/published_rows_stay": ["update movies_staging.ratings set rating = 1 where user_id = 1"],
    "cpi/published_rows_stay": [
        "update movies_staging.cpi set consumer_price_index = 1.03 * consumer_price_index where date = '2022-04-01'"
    ],
    # staged: movies
    "movies/tiny_revenues_are_rare": ["update movies_staging.movies set revenue = 12 where movie_id = 597"],
    "movies/release_date_is_plausible": ["update movies_staging.movies set release_date = '0194-01-01'"],
    # staged: genre, movie_genre, date
    "genre/genres_are_at_most_30": ["insert into movies_staging.genre select * from movies_staging.genre"] * 4,
    "genre/genres_are_at_most_63": ["insert into movies_staging.genre select * from movies_staging.genre"] * 5,
    "date/parts_match_the_date": ["update movies_staging.date set week = week + 1 where year = 2009"],
    "date/every_date_has_a_movie": ["insert into movies_staging.date (release_date) values ('2000-01-01')"],
    # staged: ratings
    "ratings/user_movie_id_is_made_of_its_parts": ["update movies_staging.ratings set user_movie_id = 1"],
    "ratings/rated_at_is_plausible": ["update movies_staging.ratings set rated_at = '47000-01-01' where user_id = 1"],
    # staged: cpi
    "cpi/there_is_an_index": ["update movies_staging.cpi set consumer_price_index = null"],
    "cpi/date_is_a_months_first_day": ["insert into movies_staging.cpi values ('2010-04-15', 181)"],
    "cpi/every_month_has_a_value": ["insert into movies_staging.cpi values ('2022-05-01', null)"],
    "cpi/no_month_is_missing": ["delete from movies_staging.cpi where date = '2005-05-01'"],
    "cpi/prices_change_little_in_a_month": [
        "update movies_staging.cpi set consumer_price_index = 16.5 where date = '2011-01-01'"
    ],
    "cpi/index_is_at_most_75_days_old": ["delete from movies_staging.cpi where date > '2020-01-01'"],
    "ratings/ratings_reach_over_their_years": ["update movies_staging.ratings set rated_at = '2015-12-31'"],
    # staged: the ledger
    "movies_ops/losses_are_below_their_ceilings": [_reason("ratings", "rejected", "invalid_rating", 1)],
    "movies_ops/repairs_are_below_their_ceilings": lost("movies", "repaired", "invalid_budget", 11),
    "movies_ops/losses_are_near_history": lost("ratings", "rejected", "malformed", 5),
    "movies_ops/rows_do_not_shrink": [
        f"update {LEDGER} set rows_out = 998 where run_id = 'good' and table_name = 'ratings'"
    ],
    "movies_ops/rows_in_equal_rows_out_merged_and_rejected": [
        f"update {LEDGER} set rows_in = 9 where table_name = 'links'"
    ],
    "movies_ops/rejected_and_merged_rows_have_reasons": [
        "delete from movies_ops.load_rejected where table_name = 'ratings'"
    ],
    "movies_ops/staged_rows_equal_the_manifest": [f"update {LEDGER} set staged_rows = 4 where table_name = 'ratings'"],
    # marts
    "movies_ops/published_rows_equal_staged_rows": [
        f"update {LEDGER} set published_rows = 4 where table_name = 'ratings'"
    ],
    "movie_rating/rating_counts_add_up": ["delete from movies.movie_rating where movie_id = 597"],
    "movie_rating/bayesian_rating_is_drawn_to_the_overall_mean": [
        "update movies.movie_rating set bayesian_rating = 5 where movie_id = 597"
    ],
    "box_office_by_release_month/real_revenue_adds_up": [
        "update movies.box_office_by_release_month set real_revenue = real_revenue + 0.01 where real_movie_count > 0"
    ],
    "box_office_by_release_month/real_figures_are_consistent": [
        "update movies.box_office_by_release_month set median_real_revenue = null where real_movie_count > 0"
    ],
    "box_office_by_release_month/base_month_is_the_latest": [
        "update movies.box_office_by_release_month set base_month = '1999-01-01'"
    ],
    "genre_popularity/every_rated_genre_is_there": ["delete from movies.genre_popularity where genre_name = 'Drama'"],
    "genre_popularity/counts_are_consistent": ["update movies.genre_popularity set user_count = rating_count + 1"],
    "box_office_by_release_month/there_are_twelve_months": [
        "delete from movies.box_office_by_release_month where month = 2"
    ],
    "box_office_by_release_month/revenue_adds_up": ["update movies.box_office_by_release_month set revenue = 1"],
    "genre_box_office_real/base_month_is_the_latest": ["delete from movies.cpi where date = '2022-04-01'"],
    "genre_box_office_real/nominal_revenue_adds_up": [
        "delete from movies.genre_box_office_real where genre_name = 'Action'"
    ],
    "genre_box_office_real/real_revenue_is_positive": ["update movies.genre_box_office_real set real_revenue = -1"],
    # published
    "movies_ops/this_run_is_the_published_one": [
        f"{RUN} ('later', 9, '8', '', '', false, '2099-01-01', '2099-01-01', '')"
    ],
    "movies_ops/rows_equal_the_ledger": ["delete from movies.movie_genre where movie_id = 597"],
    "movies_ops/published_rows_equal_the_manifest": [f"update {LEDGER} set rows_out = 6 where table_name = 'ratings'"],
    "movies_ops/row_counts_are_near_history": ["update movies_ops.quality_metric set value = 7 where run_id = 'h1'"],
    "movies_ops/null_shares_are_near_history": [
        "update movies_ops.quality_metric set value = 0.28 where run_id <> 'good'"
    ],
    "ratings/mean_rating_is_near_history": ["update movies_ops.quality_metric set value = 3.3 where run_id = 'h1'"],
}


# What a declared rule of each kind does not accept, in a column of this type.
CELLS: Mapping[str, Callable[[Rule], str]] = {
    "not_null": lambda _: "null",
    "not_empty": lambda _: "'  '",
    "accepted_values": lambda rule: f"{max(rule.argument)} + 0.2",
    "accepted_range": lambda rule: f"{rule.argument['min_value']} - 1",
    "matches": lambda _: "'104.0'",
    "relationships": lambda rule: "'1871-03-21'" if rule.argument.endswith("date") else "-1",
    "fits": lambda rule: (
        f"repeat('é', {rule.argument.size // 2 + 1})"
        if rule.argument.name == "varchar"
        else f"{10 ** (rule.argument.size - rule.argument.scale)}"
    ),
}
DECLARED = {table.name: table for table in tables_and_marts()}
RULES = {f"{table.name}/{rule.name}": rule for table in DECLARED.values() for rule in table.rules}


def _against(name: str) -> list[str]:
    """A bad row for a check that the declarations imply."""
    table = DECLARED[name.partition("/")[0]]
    place = target(table) if table.is_mart else staging(table)
    if name.endswith("_unique"):
        return [f"insert into {place} select * from {place}"]
    if name.endswith("/there_are_rows"):
        return [f"delete from {place}"]
    rule = RULES[name]
    return [f"update {place} set {rule.column} = {CELLS[rule.test](rule)}"]


def bad(name: str) -> list[str]:
    """How a bad row gets in that turns the check red."""
    return WRITTEN[name] if name in WRITTEN else _against(name)
