"""FRED's two protocols, spoken well and badly."""

import json
import threading
from datetime import UTC, datetime, timedelta

import pytest
from movalytics_common.errors import AccessDenied, InvalidData, InvalidSettings, MissingInput, Unavailable
from movalytics_extract import sources

from tests.integration.extract.conftest import IMPATIENT
from tests.integration.extract.sources_server import FRED_KEY, SERIES, Fault, SourcesServer


def fetched(server: SourcesServer, vintage: str = "") -> tuple[str, bytes]:
    """The version that FRED offers, and the CSV of that version."""
    source = sources.cpi(server.fred, vintage, IMPATIENT)
    version = source.version("")
    (member,) = source.members(version)
    with member.open() as stream:
        return version, stream.read(1 << 20)


def test_reads_the_public_csv_as_it_is(server: SourcesServer) -> None:
    version, content = fetched(server)
    assert content.startswith(b"observation_date,CUSR0000SS62031\n1999-01-01,102.700\n")
    assert version.startswith("2022-04-01-")
    assert len(server.requests) == 1


def test_the_official_api_gives_the_same_bytes_as_the_public_csv(
    server: SourcesServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    public = fetched(server)
    monkeypatch.setenv("FRED_API_KEY", FRED_KEY)
    assert fetched(server) == public
    assert [request.kind for request in server.requests] == ["graph", "api"]


@pytest.mark.parametrize("key", ["", FRED_KEY])
def test_a_missing_value_is_an_empty_one(server: SourcesServer, monkeypatch: pytest.MonkeyPatch, key: str) -> None:
    monkeypatch.setenv("FRED_API_KEY", key)
    server.files[f"{SERIES}.csv"] += b"2022-05-01,\n2022-06-01,207.000\n"
    version, content = fetched(server)
    assert content.endswith(b"2022-05-01,\n2022-06-01,207.000\n")
    assert version.startswith("2022-06-01-")


@pytest.mark.parametrize("key", ["", FRED_KEY])
def test_a_vintage_is_the_series_as_it_stood_then(
    server: SourcesServer, monkeypatch: pytest.MonkeyPatch, key: str
) -> None:
    monkeypatch.setenv("FRED_API_KEY", key)
    version, content = fetched(server, "2015-03-20")
    assert version.startswith("2015-02-01-")
    assert content.splitlines()[-1].startswith(b"2015-02-01,")


@pytest.mark.parametrize("vintage", ["1990-01-01", "1999-02-18"])
def test_a_vintage_before_the_first_release_is_a_wrong_date(
    server: SourcesServer, monkeypatch: pytest.MonkeyPatch, vintage: str
) -> None:
    today = datetime.now(UTC).date()
    words = rf"the date of the CPI vintage is wrong, {vintage}: FRED had no {SERIES} yet, .* the last is today, {today}"
    with pytest.raises(InvalidSettings, match=words) as public:
        fetched(server, vintage)
    monkeypatch.setenv("FRED_API_KEY", FRED_KEY)
    with pytest.raises(InvalidSettings, match=words) as official:
        fetched(server, vintage)
    assert "whose first month is 1999-01" in str(public.value)
    assert f"the first possible date is {server.first_vintage}" in str(official.value)


@pytest.mark.parametrize("key", ["", FRED_KEY])
def test_a_vintage_without_an_observation_is_a_wrong_date(
    server: SourcesServer, monkeypatch: pytest.MonkeyPatch, key: str
) -> None:
    monkeypatch.setenv("FRED_API_KEY", key)
    server.first_vintage = "1900-01-01"
    with pytest.raises(InvalidSettings, match="the date of the CPI vintage is wrong, 1998-12-31"):
        fetched(server, "1998-12-31")


def test_a_vintage_of_the_future_is_a_wrong_date_and_asks_nothing(server: SourcesServer) -> None:
    tomorrow, today = datetime.now(UTC).date() + timedelta(days=1), datetime.now(UTC).date()
    with pytest.raises(InvalidSettings, match=rf"is wrong, {tomorrow}: .* the last possible date is today, {today}"):
        fetched(server, str(tomorrow))
    assert server.requests == []


def test_a_vintage_is_not_blamed_when_fred_has_no_series_at_all(server: SourcesServer) -> None:
    server.misbehave("graph", *[Fault(status=404)] * 2)
    with pytest.raises(MissingInput, match="FRED has no"):
        fetched(server, "2015-03-20")


def test_refuses_a_vintage_that_knows_what_came_later(server: SourcesServer) -> None:
    later = b"observation_date,CUSR0000SS62031\n2015-03-01,150.1\n2015-04-01,150.1\n"
    server.misbehave("graph", Fault(status=200, body=later))
    with pytest.raises(InvalidData, match="answered the vintage 2015-03-20 with an observation of 2015-04-01"):
        fetched(server, "2015-03-20")


def test_refuses_another_frequency(server: SourcesServer) -> None:
    annual = "".join(f"{year}-01-01,150.1\n" for year in range(1999, 2022))
    server.misbehave("graph", Fault(status=200, body=f"observation_date,{SERIES}\n{annual}".encode()))
    with pytest.raises(InvalidData, match="is not monthly but annual: get it with FRED's frequency Monthly"):
        fetched(server)


@pytest.mark.parametrize("answer", [{"count": 280}, {"units": "pc1"}])
def test_refuses_a_part_of_the_series_or_its_changes(
    server: SourcesServer, monkeypatch: pytest.MonkeyPatch, answer: dict[str, object]
) -> None:
    monkeypatch.setenv("FRED_API_KEY", FRED_KEY)
    observations = [{"date": "1999-01-01", "value": "1"}]
    server.misbehave("api", Fault(status=200, body=json.dumps(answer | {"observations": observations}).encode()))
    with pytest.raises(InvalidData, match="answered with a part of CUSR0000SS62031, or with its changes"):
        fetched(server)


@pytest.mark.parametrize("body", [b"", b"observation_date,CUSR0000SS62031\n"])
def test_refuses_an_empty_series(server: SourcesServer, body: bytes) -> None:
    server.misbehave("graph", Fault(status=200, body=body))
    with pytest.raises(InvalidData, match=r"is empty|has no observation"):
        fetched(server)


@pytest.mark.parametrize("around", ["{}\n", " {}", '"{}"', "\ufeff{}"])
def test_takes_off_what_is_around_a_key(server: SourcesServer, monkeypatch: pytest.MonkeyPatch, around: str) -> None:
    monkeypatch.setenv("FRED_API_KEY", around.format(FRED_KEY))
    assert fetched(server)[0].startswith("2022-04-01-")


def test_takes_the_column_of_a_vintage_under_the_plain_name(server: SourcesServer) -> None:
    body = b"observation_date,CUSR0000SS62031_20150320\n2015-02-01,150.1\n"
    server.misbehave("graph", Fault(status=200, body=body))
    assert fetched(server, "2015-03-20")[1] == b"observation_date,CUSR0000SS62031\n2015-02-01,150.1\n"


@pytest.mark.parametrize("key", ["", FRED_KEY])
@pytest.mark.parametrize(
    "fault",
    [
        Fault(status=429, headers={"Retry-After": "0"}),
        Fault(status=429, headers={"Retry-After": "Wed, 21 Oct 2015 07:28:00 GMT"}),
        Fault(status=504),
        Fault(cut_after=100),
        Fault(length_error=7),
    ],
    ids=["429", "429 with a date", "504", "cut", "wrong length"],
)
def test_tries_again(server: SourcesServer, monkeypatch: pytest.MonkeyPatch, key: str, fault: Fault) -> None:
    undisturbed = fetched(server)
    monkeypatch.setenv("FRED_API_KEY", key)
    server.misbehave("api" if key else "graph", fault)
    assert fetched(server) == undisturbed


def test_tries_again_when_an_answer_does_not_come(server: SourcesServer) -> None:
    never = threading.Event()
    server.misbehave("graph", Fault(before=lambda: never.wait(5)))
    assert fetched(server)[0].startswith("2022-04-01-")
    never.set()


def test_gives_up_when_fred_stays_down(server: SourcesServer) -> None:
    server.misbehave("graph", *[Fault(status=504)] * 10)
    with pytest.raises(Unavailable, match=r"FRED could not serve CUSR0000SS62031.csv now \(HTTP 504\)"):
        fetched(server)
    assert len(server.requests) == IMPATIENT.attempts


def test_refuses_a_web_page(server: SourcesServer) -> None:
    server.misbehave("graph", Fault(200, {"Content-Type": "text/html"}, b"\n<!DOCTYPE html><html>Error</html>"))
    with pytest.raises(InvalidData, match=r"fred\+http.* is a web page \(HTML\), not CSV"):
        fetched(server)


def test_refuses_another_series(server: SourcesServer) -> None:
    server.misbehave("graph", Fault(status=200, body=b"observation_date,CPIAUCSL\n2015-02-01,150.1\n"))
    with pytest.raises(InvalidData, match="is not the series CUSR0000SS62031"):
        fetched(server)


def test_refuses_a_wrong_key_without_telling_it(server: SourcesServer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FRED_API_KEY", "wrong-key")
    with pytest.raises(AccessDenied, match="refused the key in FRED_API_KEY") as raised:
        fetched(server)
    assert "wrong-key" not in str(raised.value)
    assert raised.value.__suppress_context__


def test_refuses_an_answer_of_the_api_that_is_not_its_json(
    server: SourcesServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FRED_API_KEY", FRED_KEY)
    server.misbehave("api", Fault(status=200, body=b"<html>proxy</html>"))
    with pytest.raises(InvalidData, match="not its JSON: check the proxy"):
        fetched(server)


@pytest.mark.parametrize("body", [b"[]", b"null", b"1", b'{"observations": 1}', b'{"observations": [1]}', b"\xff", b""])
def test_refuses_json_that_is_not_the_apis(server: SourcesServer, monkeypatch: pytest.MonkeyPatch, body: bytes) -> None:
    monkeypatch.setenv("FRED_API_KEY", FRED_KEY)
    server.misbehave("api", Fault(status=200, body=body))
    with pytest.raises(InvalidData, match="not its JSON: check the proxy"):
        fetched(server)


def test_refuses_a_page_that_is_gone(server: SourcesServer) -> None:
    server.misbehave("graph", Fault(status=404, body=b"<html>gone</html>"))
    with pytest.raises(MissingInput, match=r"FRED has no CUSR0000SS62031.csv \(HTTP 404\)"):
        fetched(server)


def test_says_that_fred_is_unreachable() -> None:
    with pytest.raises(Unavailable, match="FRED is unreachable"):
        sources.cpi(f"fred+http://127.0.0.1:9/{SERIES}", "", IMPATIENT).version("")


def test_refuses_a_series_that_is_not_ours() -> None:
    with pytest.raises(InvalidSettings, match="write fred:CUSR0000SS62031"):
        sources.cpi("fred:CPIAUCSL")


def test_refuses_a_vintage_that_is_no_date() -> None:
    with pytest.raises(InvalidSettings, match="'March' is not a vintage"):
        sources.cpi(f"fred:{SERIES}", "March")


def test_refuses_a_series_that_changed_since_it_was_discovered(server: SourcesServer) -> None:
    version, _ = fetched(server)
    server.files[f"{SERIES}.csv"] += b"2022-05-01,205.000\n"
    with pytest.raises(Unavailable, match=f"changed since it was discovered as {version}: run again"):
        sources.cpi(server.fred, "", IMPATIENT).members(version)
