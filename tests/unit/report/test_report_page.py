"""The page as a reader and a browser meet it."""

import re
from dataclasses import replace
from html.parser import HTMLParser

from movalytics_warehouse.report.facts import Answers, CheckResult, Facts, Rejection, TableCount
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
    assert "The film rated is not in the catalogue film_not_in_catalogue 28,289 28 %" in shown
    assert shown.count("\u2713 adds up") == 2
    assert "does not add up" not in shown


def test_rows_that_do_not_add_up_are_said_to_be_so(facts: Facts) -> None:
    short = TableCount("movies", 10, 7, 2, 7, 7, None, [Rejection("movies", "duplicate_film", 2)])
    assert "does not add up" in text(render(replace(facts, tables=[short])))


def test_an_unknown_reason_is_shown_as_its_words(facts: Facts) -> None:
    table = TableCount("movies", 10, 9, 1, 9, 9, None, [Rejection("movies", "made_of_cheese", 1)])
    assert "Made of cheese made_of_cheese 1" in text(render(replace(facts, tables=[table])))


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


def test_times_of_steps_are_shown(facts: Facts) -> None:
    assert "extract-movies 1 min 12 s" in text(render(facts))


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
