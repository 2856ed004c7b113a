"""The CPI series from FRED: the public CSV, or the official API when there is a key; both give the same CSV."""

import requests
from movalytics_common.errors import AccessDenied, InvalidData, MissingInput

from movalytics_extract.patience import Patience, PatientAdapter, TryAgain, explain, retrying
from movalytics_extract.series import FILE, SERIES, with_plain_header

USER_AGENT = "movalytics-extract/0.1"  # FRED turns away clients without one
GRAPH, API = "https://fred.stlouisfed.org", "https://api.stlouisfed.org"
WHO = "FRED"


class Fred:
    """FRED at two addresses: `graph` serves fredgraph.csv, `api` the official API, used when there is a key."""

    def __init__(self, graph: str, api: str, key: str, patience: Patience) -> None:
        self._graph, self._api, self._key, self._patience = graph, api, key, patience

    def fetch(self, vintage: str) -> bytes:
        """The series as CSV (observation_date, value), as it stood on the vintage (YYYY-MM-DD) or stands now.

        Raises Unavailable, AccessDenied, MissingInput, InvalidData.
        """
        return self._from_api(vintage) if self._key else self._from_graph(vintage)

    def _from_graph(self, vintage: str) -> bytes:
        parameters = {"id": SERIES} | ({"vintage_date": vintage} if vintage else {})
        return with_plain_header(self._get(f"{self._graph}/graph/fredgraph.csv", parameters).content)

    def _from_api(self, vintage: str) -> bytes:
        parameters = {"series_id": SERIES, "api_key": self._key, "file_type": "json"}
        if vintage:
            parameters |= {"realtime_start": vintage, "realtime_end": vintage}
        response = self._get(f"{self._api}/fred/series/observations", parameters)
        try:
            observations = [(row["date"], row["value"]) for row in response.json()["observations"]]
        except (ValueError, KeyError, TypeError):
            raise InvalidData(f"{WHO}'s API answered with something that is not its JSON: check the proxy") from None
        lines = [f"{date},{'' if value == '.' else value}\n" for date, value in observations]
        return f"observation_date,{SERIES}\n{''.join(lines)}".encode()

    def _get(self, url: str, parameters: dict[str, str]) -> requests.Response:
        with requests.Session() as session:
            session.mount("http://", PatientAdapter(self._patience))
            session.mount("https://", PatientAdapter(self._patience))
            session.headers["User-Agent"] = USER_AGENT
            return retrying(lambda: _get_once(session, url, parameters), self._patience)


def _get_once(session: requests.Session, url: str, parameters: dict[str, str]) -> requests.Response:
    try:
        response = session.get(url, params=parameters)
        response.raise_for_status()
    except requests.HTTPError as error:
        raise _explain_refusal(error) from None  # from None: the error's URL holds the key
    except requests.RequestException as error:
        raise explain(error, WHO, FILE) from None
    if len(response.content) < int(response.headers.get("Content-Length", 0)):
        raise TryAgain(f"{WHO} sent less of {FILE} than it said: run again later")
    return response


def _explain_refusal(error: requests.HTTPError) -> Exception:
    """The API answers 400 for a wrong key and for an unknown series; its message tells them apart."""
    if error.response.status_code == 400 and "api_key" in error.response.text:
        return AccessDenied(f"{WHO} refused the key in FRED_API_KEY: correct it, or unset it to use the public CSV")
    if error.response.status_code == 400 and "does not exist" in error.response.text:
        return MissingInput(f"{WHO} has no series {SERIES}: check the address")
    return explain(error, WHO, FILE)
