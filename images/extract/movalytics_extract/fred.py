"""The CPI series from FRED: the public CSV, or the official API when there is a key; both give the same CSV."""

import re
from datetime import UTC, date, datetime
from typing import Any

import requests
from movalytics_common.errors import AccessDenied, InvalidData, InvalidSettings, MissingInput, PipelineError

from movalytics_extract import series
from movalytics_extract.network import equip
from movalytics_extract.patience import Patience, TryAgain, retrying
from movalytics_extract.refusals import FAILURES, as_pipeline_error
from movalytics_extract.series import FILE, SERIES

USER_AGENT = "movalytics-extract/0.1"  # FRED turns away clients without one
GRAPH, API = "https://fred.stlouisfed.org", "https://api.stlouisfed.org"
WHO = "FRED"
_KEY = "the environment variable FRED_API_KEY"
_CELL = re.compile(r"[!-+\--~]*")  # no comma, blank or line end


class Fred:
    """FRED at two addresses: `graph` serves fredgraph.csv, `api` the official API, used when there is a key."""

    def __init__(self, graph: str, api: str, key: str, patience: Patience) -> None:
        self._graph, self._api, self._key, self._patience = graph, api, key, patience

    def fetch(self, vintage: str) -> bytes:
        """The series as CSV (observation_date, value), as it stood on the vintage (YYYY-MM-DD) or stands now.

        Raises Unavailable, AccessDenied, MissingInput, InvalidData, and InvalidSettings for a vintage that FRED never
        had. The present series tells a wrong vintage from a wrong address.
        """
        if not vintage:
            return self._current()
        today = datetime.now(UTC).date()
        if date.fromisoformat(vintage) > today:
            raise _wrong(vintage, f"it is in the future, and the last possible date is today, {today}")
        try:
            content = self._answer(vintage)
            last = max(series.observations(series.landed(content, WHO), WHO))
        except (MissingInput, series.NoObservations) as error:
            raise _wrong(vintage, f"{WHO} had no {SERIES} yet, {self._first()}; the last is today, {today}") from error
        if last > date.fromisoformat(vintage):
            raise InvalidData(f"{WHO} answered the vintage {vintage} with an observation of {last}: run without it")
        return content

    def _current(self) -> bytes:
        return self._answer("")

    def _answer(self, vintage: str) -> bytes:
        return self._from_api(vintage) if self._key else self._from_graph(vintage)

    def _from_graph(self, vintage: str) -> bytes:
        parameters = {"id": SERIES} | ({"vintage_date": vintage} if vintage else {})
        return self._get(f"{self._graph}/graph/fredgraph.csv", parameters).content

    def _from_api(self, vintage: str) -> bytes:
        days = {"realtime_start": vintage, "realtime_end": vintage} if vintage else {}
        answer = self._ask_api("observations", days)
        try:
            observations = [(_plain(row["date"]), _plain(row["value"])) for row in answer["observations"]]
            complete = answer.get("count", len(observations)) == len(observations)
            as_published = answer.get("units", "lin") == "lin"
        except (ValueError, KeyError, TypeError, AttributeError):
            raise _not_the_apis() from None
        if not (complete and as_published):
            raise InvalidData(f"{WHO}'s API answered with a part of {SERIES}, or with its changes: run again later")
        lines = [f"{day},{'' if value == '.' else value}\n" for day, value in observations]
        return f"observation_date,{SERIES}\n{''.join(lines)}".encode()

    def _first(self) -> str:
        """Words for the first possible vintage: the API knows it, the public CSV only the first month.

        Raises what asking for the present series raises: then the vintage is not what is wrong.
        """
        if not self._key:
            first = min(series.observations(series.landed(self._current(), WHO), WHO))
            return f"whose first month is {first:%Y-%m}: the first possible date is that of its first release"
        try:
            dates = self._ask_api("vintagedates", {"limit": "1"})["vintage_dates"]
            return f"and the first possible date is {date.fromisoformat(dates[0])}"
        except (ValueError, KeyError, TypeError, IndexError):
            raise _not_the_apis() from None

    def _ask_api(self, what: str, more: dict[str, str]) -> dict[str, Any]:
        parameters = {"series_id": SERIES, "api_key": self._key, "file_type": "json"} | more
        try:
            answer: dict[str, Any] = self._get(f"{self._api}/fred/series/{what}", parameters).json()
        except (ValueError, RecursionError):
            raise _not_the_apis() from None
        return answer

    def _get(self, url: str, parameters: dict[str, str]) -> requests.Response:
        with requests.Session() as session:
            equip(session, self._patience)
            session.headers["User-Agent"] = USER_AGENT
            return retrying(lambda: self._get_once(session, url, parameters), self._patience)

    def _get_once(self, session: requests.Session, url: str, parameters: dict[str, str]) -> requests.Response:
        try:
            response = session.get(url, params=parameters)
            response.raise_for_status()
        except requests.HTTPError as error:
            raise self._refused(error) from None  # from None: the error's URL holds the key
        except FAILURES as error:
            raise as_pipeline_error(error, WHO, FILE) from None
        length = response.headers.get("Content-Length", "")
        if length.isdecimal() and len(response.content) < int(length):
            raise TryAgain(f"{WHO} sent less of {FILE} than it said: run again later")
        return response

    def _refused(self, error: requests.HTTPError) -> PipelineError:
        """The API answers 400 for a wrong key, an unknown series and a wrong vintage; its message tells which."""
        said = error.response.text if error.response.status_code == 400 else ""
        if "api_key" in said:
            return AccessDenied(f"{WHO} refused the key in FRED_API_KEY: correct it, or unset it to use the public CSV")
        if "does not exist" in said or "realtime_" in said:
            return MissingInput(f"{WHO} has no series {SERIES}: check the address")
        return as_pipeline_error(error, WHO, FILE, _KEY if self._key else "")


def _plain(value: object) -> str:
    """A cell of the CSV that the API's answer becomes. Raises ValueError for one that would be more."""
    if not isinstance(value, str) or not _CELL.fullmatch(value):
        raise ValueError(value)
    return value


def _wrong(vintage: str, why: str) -> InvalidSettings:
    return InvalidSettings(f"the date of the CPI vintage is wrong, {vintage}: {why}")


def _not_the_apis() -> InvalidData:
    return InvalidData(f"{WHO}'s API answered with something that is not its JSON: check the proxy")
