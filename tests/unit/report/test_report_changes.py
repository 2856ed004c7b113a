"""What a run changed since the one before it: found, and told on its page."""

from dataclasses import replace

from movalytics_warehouse.partitions import Content, Difference, differences
from movalytics_warehouse.report.changes import Changes, Moved, Replaced, replaced
from movalytics_warehouse.report.facts import Facts
from movalytics_warehouse.report.page import render

from tests.unit.report.test_report_page import text

SAME = Changes("movalytics-0", (), (), (), (), ())


def content(rows: int, digest: str) -> Content:
    return Content(rows, digest, {})


def told(facts: Facts, changes: Changes) -> str:
    """The page's section on changes."""
    return text(render(replace(facts, changes=changes))).partition("What changed")[2].partition("Rows in, rows out")[0]


def test_partitions_differ_by_rows_or_content_and_may_come_and_go() -> None:
    before = {"ratings": {"2016-09": content(3, "a"), "2016-10": content(4, "b"), "2016-11": content(1, "c")}}
    after = {"ratings": {"2016-10": content(4, "other"), "2016-11": content(1, "c"), "2016-12": content(2, "d")}}
    assert differences(before, after) == [
        Difference("ratings", "2016-09", 3, None),
        Difference("ratings", "2016-10", 4, 4),
        Difference("ratings", "2016-12", None, 2),
    ]


def test_nobody_knows_what_differs_from_a_run_that_says_nothing_of_its_partitions() -> None:
    assert differences({}, {"movies": {"": content(1, "a")}}) is None


def test_what_only_one_run_names_is_not_said_to_be_replaced() -> None:
    assert replaced({"old": "1", "same": "2", "films": "7"}, {"same": "2", "films": "8", "new": "3"}) == [
        Replaced("films", "7", "8")
    ]


def test_the_first_run_has_none_before_it(facts: Facts) -> None:
    assert "Nothing was published before this run" in told(facts, Changes())


def test_a_run_that_changed_nothing_says_so(facts: Facts) -> None:
    shown = told(facts, SAME)
    assert shown.strip() == "since movalytics-0 Nothing: sources, rows and answers are what they were."


def test_each_kind_of_change_is_told(facts: Facts) -> None:
    shown = told(
        facts,
        Changes(
            before="movalytics-0",
            sources=[Replaced("Film data, version", "6", "7")],
            moved=[Moved("ratings", 1200, 3, 0)],
            partitions=[Difference("ratings", "2016-10", 1000, 2200), Difference("movies", "", 5, 6)],
            marts=["movie_rating"],
            answers=[Replaced("highest_rated_films", "Psycho is rated highest.", "Fargo is rated highest.")],
        ),
    )
    assert "Film data, version: 6 → 7" in shown
    assert "Ratings: 1,200 added, 3 changed, 0 removed" in shown
    assert "Ratings 2016-10 1,000 2,200" in shown
    assert "Films all of it 5 6" in shown
    assert "Marts computed anew Score of each film" in shown
    assert "Fargo is rated highest. Before: Psycho is rated highest." in shown


def test_of_many_partitions_the_number_and_the_first_few_are_told(facts: Facts) -> None:
    many = [Difference("ratings", f"{year}-01", 1, 2) for year in range(1950, 2016)]
    shown = told(facts, replace(SAME, partitions=many))
    assert "66, of which the first 10 are below" in shown
    assert "1959-01" in shown
    assert "1960-01" not in shown


def test_what_the_ledger_does_not_know_is_not_said_to_be_the_same(facts: Facts) -> None:
    shown = told(facts, Changes("movalytics-0"))
    assert "Nothing:" not in shown
    assert shown.count("Not known") == 4


def test_a_run_that_published_nothing_changed_nothing(facts: Facts) -> None:
    run = replace(facts.run, published_at=None)
    assert "Nothing: this run has published nothing." in told(replace(facts, run=run), Changes("movalytics-0"))


def test_an_answer_with_markup_is_shown_and_not_run(facts: Facts) -> None:
    answers = [Replaced("highest_rated_films", "<script>1</script>", "<img src=x>")]
    html = render(replace(facts, changes=replace(SAME, answers=answers)))
    assert "<script" not in html
    assert "<img" not in html
    assert "<img src=x> Before: <script>1</script>" in text(html)


def test_the_page_leads_to_all_runs(facts: Facts) -> None:
    assert '<a href="../index.html">All runs</a>' in render(facts)
