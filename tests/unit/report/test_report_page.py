"""The page as a reader and a browser meet it."""

import re
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path

from jinja2 import Environment, nodes
from movalytics_warehouse import report
from movalytics_warehouse.report.accounts import Account, Outcome
from movalytics_warehouse.report.facts import Answers, CheckResult, Earlier, Facts
from movalytics_warehouse.report.page import render

VOID = {"meta", "br", "hr", "img", "input", "link"}


class _Outline(HTMLParser):
    """What a browser would load and what it would show; fails on tags that do not match."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.loaded: list[str] = []
        self.tags: list[str] = []
        self.words: list[str] = []
        self._open: list[str] = []
        self.feed(html)
        self.close()
        assert self._open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.loaded += [value or "" for name, value in attrs if name in {"src", "srcset", "data"}]
        self.loaded += [value or "" for name, value in attrs if name == "href" and tag != "a"]
        if tag not in VOID:
            self._open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self._open.pop() == tag

    def handle_data(self, data: str) -> None:
        if "style" not in self._open:
            self.words.append(data)


def text(html: str) -> str:
    """What the page shows, blanks made single."""
    return " ".join(" ".join(_Outline(html).words).split())


def test_a_film_title_with_markup_is_shown_and_not_run(facts: Facts) -> None:
    html = render(facts)
    assert "script" not in _Outline(html).tags
    assert "The <script>alert('Film')</script> & Co" in text(html)


def test_an_offending_row_with_markup_is_shown_and_not_run(facts: Facts) -> None:
    check = CheckResult("staged", "bad", "movies", "error", "fail", 1, '[{"title": "<img src=x onerror=y>"}]', 0.1)
    html = render(replace(facts, checks=[check]))
    assert "img" not in _Outline(html).tags
    assert "<img src=x onerror=y>" in text(html)


def test_nothing_is_loaded_from_outside_and_no_javascript_is_needed(facts: Facts) -> None:
    html = render(facts)
    outline = _Outline(html)
    assert outline.loaded == []
    assert "script" not in outline.tags
    assert not re.search(r"url\(|@import|https?://", html)


def test_the_four_answers_are_sentences_with_their_figures(facts: Facts) -> None:
    shown = text(render(facts))
    assert "Fargo is rated highest: 4.13 out of 5." in shown
    assert "Drama and Comedy are the genres most popular with users." in shown
    assert "June is the best month to release a film, and the second quarter (April to June) the best quarter." in shown
    assert "Adventure films earned most since 1999: $17.4 bn in dollars of April 2022." in shown


def test_coverage_stands_beside_each_answer(facts: Facts) -> None:
    shown = text(render(facts))
    assert "71,609 ratings by 671 users of 3,722 films, given from January 1995 to October 2016" in shown
    assert "28 % of the ratings received are left out (28,289 of 100,004)" in shown
    assert "2,133 films of the catalogue\u2019s 4,626" in shown
    assert "78 % of all known box office is left out" in shown
    assert "$108.8 bn of $139.9 bn" in shown


def test_rows_are_shown_with_reasons_in_words_and_the_sum_that_proves_them(facts: Facts) -> None:
    shown = text(render(facts))
    assert "Rejected The film rated is not in the catalogue film_not_in_catalogue 28,289 28 %" in shown
    assert shown.count("\u2713 adds up") == 3
    assert "does not add up" not in shown


def test_merged_rows_are_no_loss_and_repaired_ones_are_accepted(facts: Facts) -> None:
    genres = Account("genre", 10_000, 20, 20, 20, None, [Outcome("genre", "merged", "merged_duplicate", 9980)])
    shown = text(render(replace(facts, accounts=[*facts.accounts, genres])))
    assert "Genres genre 10,000 20 9,980 0 0 % \u2713 adds up 0" in shown
    assert "Merged Named more than once; kept once merged_duplicate 9,980 99.8 %" in shown
    assert "Repaired The box office is not an amount of money invalid_revenue 3" in shown
    assert not re.search(r"Genres: [\d.]+ % rejected", shown)


def test_links_have_their_account(facts: Facts) -> None:
    assert "Links between the catalogues links 45,843 45,624 0 219 0.5 % \u2713 adds up" in text(render(facts))


def test_rows_that_do_not_add_up_are_said_to_be_so(facts: Facts) -> None:
    short = Account("movies", 10, 7, 7, 7, None, [Outcome("movies", "merged", "duplicate_film", 2)])
    assert "does not add up" in text(render(replace(facts, accounts=[short])))


def test_an_unknown_reason_is_shown_as_its_words(facts: Facts) -> None:
    account = Account("movies", 10, 9, 9, 9, None, [Outcome("movies", "rejected", "made_of_cheese", 1)])
    assert "Made of cheese made_of_cheese 1" in text(render(replace(facts, accounts=[account])))


def head(facts: Facts) -> str:
    """What stands above the sections: the page's head and the answers in brief."""
    return text(render(facts).partition('<section id="films"')[0] + "</main></body></html>")


def test_the_head_says_that_it_is_a_sample_and_of_what(facts: Facts) -> None:
    run = replace(facts.run, sample="the first 4,627 films of 45,466.")
    shown = head(replace(facts, run=run, published=run))
    assert "Four answers from 4,626 films and 71,609 ratings: a sample, not all of the data." in shown
    assert "Data A sample The first 4,627 films of 45,466" in shown


def test_the_head_of_full_data_says_so(facts: Facts) -> None:
    assert "Data All there is 4,626 films in the catalogue" in head(facts)
    assert "sample" not in head(facts)


def test_the_head_says_how_old_ratings_and_prices_were_on_the_day_of_the_run(facts: Facts) -> None:
    shown = head(facts)
    assert "Ratings end 16 October 2016 10 years before this run" in shown
    assert "Prices end April 2022 4 years and 7 months before this run" in shown


def test_the_head_says_how_much_of_the_money_has_prices(facts: Facts) -> None:
    shown = head(facts)
    assert "Box office known 2,133 of 4,626 films prices too for 360 of them: 22 % of the money" in shown
    assert "From 360 films with 22 % of the known box office." in shown


def test_the_head_names_what_warned_and_what_was_allowed(facts: Facts) -> None:
    run = replace(facts.run, allowed="links.total=0.5 ratings.film_not_in_catalogue=0.3 ratings.shrink=0.001")
    shown = head(replace(facts, run=run, published=run))
    assert "Checks 1 of 2 warn not true here: few ratings are lost" in shown
    assert "This run was allowed to lose more than usual:" in shown
    assert "Ratings: up to 30 % of the rows (the film rated is not in the catalogue); it was 28 %" in shown
    assert "Ratings: up to 0.1 % of the rows (fewer than in the last run)" in shown
    assert "Links between the catalogues: up to 50 % of the rows (for all reasons together); it was 0.5 %" in shown


def test_the_head_of_an_empty_warehouse_says_that_there_is_nothing_yet(empty: Facts) -> None:
    shown = head(empty)
    assert "Ratings end \u2013 none yet Prices end \u2013 none yet" in shown
    assert "Box office known 0 of 0 films none yet" in shown


def test_a_sample_with_markup_is_shown_and_not_run(facts: Facts) -> None:
    run = replace(facts.run, sample="<script>alert(1)</script>")
    html = render(replace(facts, run=run, published=run))
    assert "script" not in _Outline(html).tags
    assert "<script>alert(1)</script>" in text(html)


def test_release_months_are_told_in_real_dollars_beside_the_nominal_ones(facts: Facts) -> None:
    shown = text(render(facts))
    assert "1 June 210 $106.5 m $45.5 m 40 $201.5 m $90.5 m" in shown
    assert "2 January 98 $18.4 m $6.7 m 0 \u2013 \u2013" in shown


def test_one_amount_is_written_in_one_way(facts: Facts) -> None:
    amounts = set(re.findall(r"\$[\d.,]+ (?:m|bn)\b", text(render(facts))))
    assert {"$106.5 m", "$17.4 bn"} <= amounts
    assert [amount for amount in amounts if not re.fullmatch(r"\$[\d,]+\.\d (m|bn)", amount)] == []


def test_a_warning_is_told_with_its_rows_and_without_alarm(facts: Facts) -> None:
    html = render(facts)
    assert "Few ratings are lost warned Ratings, 1 offending row: share 0.28" in text(html)
    assert 'class="objection"' in html
    assert 'class="objection bad"' not in html


def test_a_failed_check_stands_out(facts: Facts) -> None:
    check = CheckResult("staged", "keys_are_unique", "movies", "error", "fail", 3, '[{"movie_id": 1}]', 0.1)
    html = render(replace(facts, checks=[check]))
    assert 'class="objection bad"' in html
    assert "Keys are unique failed Films, 3 offending rows, of which 1: movie_id 1" in text(html)


def test_steps_are_shown_with_start_waiting_duration_and_the_usual(facts: Facts) -> None:
    shown = text(render(facts))
    assert "extract-movies 05:00:00 \u2013 1 min 12 s 1 min 00 s" in shown
    assert "transform-catalogue 05:01:20 7.6 s 30 s \u2013" in shown
    assert "report 1 min 50 s, of which 7.6 s without any step at work" in shown


def test_the_first_run_has_nothing_to_compare_with(facts: Facts) -> None:
    shown = text(render(replace(facts, earlier=Earlier())))
    assert "First run: there is nothing to compare with." in shown
    assert "Films movies 4,626 first run" in shown


def test_tables_are_compared_with_those_of_the_last_run(facts: Facts) -> None:
    shown = text(render(facts))
    assert "Films movies 4,626 the same" in shown
    assert "Ratings ratings 71,609 changed" in shown
    assert "Score of each film movie_rating 3,722 new" in shown


def test_the_run_published_now_is_not_remarked_upon(facts: Facts) -> None:
    assert "not the one published now" not in text(render(facts))


def test_another_run_than_the_one_published_now_is_said_to_be_so(facts: Facts) -> None:
    now = replace(facts.run, run_id="movalytics-2")
    shown = text(render(replace(facts, published=now)))
    assert "This run is not the one published now." in shown
    assert "movalytics-2" in shown
    assert "of the ratings received are left out" not in shown  # those are another run's figures


def test_an_empty_warehouse_gives_a_page_that_says_so(empty: Facts) -> None:
    shown = text(render(replace(empty, published=None)))
    assert "Nothing is published yet." in shown
    assert "No film has been rated yet." in shown
    assert "No genre has been rated yet." in shown
    assert "No film has both a release date and a known box office yet." in shown
    assert "No film\u2019s box office can be adjusted for prices yet." in shown
    assert "The ledger holds no check results of this run." in shown


def test_one_row_in_each_answer_gives_a_page(facts: Facts, answers: Answers) -> None:
    single = Answers(answers.films[:1], answers.genres[:1], answers.months[:1], answers.quarters[:1], answers.earnings)
    shown = text(render(replace(facts, answers=single)))
    assert "Drama is the genre most popular with users." in shown


def test_a_film_without_release_date_has_a_dash_for_its_year(facts: Facts) -> None:
    assert re.search(r"Co</th><td class=\"n\">\u2013</td>", render(facts).replace("&#39;", "'"))


def test_the_prior_of_the_score_is_the_warehouses(facts: Facts) -> None:
    shown = text(render(replace(facts, ratings=replace(facts.ratings, prior_ratings=77))))
    assert "as if 77 people had given it the average" in shown
    assert "m = 77: (m \u00d7 C + sum of ratings)" in shown
    assert "50 people" not in shown


def test_templates_only_show_and_compute_nothing() -> None:
    environment = Environment(autoescape=True)
    computing = (nodes.Add, nodes.Sub, nodes.Mul, nodes.Div, nodes.FloorDiv, nodes.Mod, nodes.Pow)
    templates = sorted((Path(report.__file__).parent / "templates").glob("*.html"))
    assert templates
    for template in templates:
        found = list(environment.parse(template.read_text()).find_all(computing))
        assert found == [], template.name


def test_every_table_can_be_scrolled_and_shows_a_sign_where_it_is_cut(facts: Facts) -> None:
    html = render(facts)
    assert html.count("<table") == html.count('<div class="scroll') == html.count('class="hint"') > 5
