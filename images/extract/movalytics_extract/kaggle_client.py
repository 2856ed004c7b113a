"""Kaggle's own client (kagglesdk), with an endpoint, timeouts, and credentials that we choose."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any, cast

import requests
from kagglesdk.datasets.services.dataset_api_service import DatasetApiClient
from kagglesdk.kaggle_env import KaggleEnv
from kagglesdk.kaggle_http_client import KaggleHttpClient

from movalytics_extract.credentials import Authorization, Credentials
from movalytics_extract.network import equip
from movalytics_extract.patience import Patience, TryAgain, retrying
from movalytics_extract.refusals import FAILURES, as_pipeline_error

ENDPOINT = "https://api.kaggle.com"
USER_AGENT = "movalytics-extract/0.1"
# What kagglesdk fails with on a page that is not JSON, or not Kaggle's: from a proxy or another host.
_NOT_KAGGLES = (ValueError, AttributeError, KeyError, TypeError, RecursionError, OverflowError)


class _HttpClient(KaggleHttpClient):  # type: ignore[misc] # kagglesdk is not typed
    """kagglesdk's transport has no timeout, no choice of host, and looks for credentials in an order of its own."""

    def __init__(self, endpoint: str, authorization: Authorization, patience: Patience) -> None:
        super().__init__(env=KaggleEnv.PROD, user_agent=USER_AGENT)
        self._endpoint, self._authorization, self._patience = endpoint, authorization, patience
        self.extra_headers: Mapping[str, str] = {}

    def _init_session(self) -> None:
        if self._session is not None:
            return
        super()._init_session()
        equip(cast("requests.Session", self._session), self._patience)

    def _try_fill_auth(self) -> None:
        self._session.auth = self._authorization

    def _prepare_request(self, service_name: str, request_name: str, request: object) -> requests.PreparedRequest:
        prepared: requests.PreparedRequest = super()._prepare_request(service_name, request_name, request)
        prepared.headers.update(self.extra_headers)
        return prepared


class KaggleClient:
    """Calls of Kaggle's DatasetApiService, retried by our patience, failing with our errors."""

    def __init__(self, endpoint: str, credentials: Credentials, patience: Patience) -> None:
        self.patience, self.credentials = patience, credentials.origin
        self.who = "Kaggle" if endpoint == ENDPOINT else f"Kaggle's mirror {endpoint}"
        self._http = _HttpClient(endpoint, credentials.authorization, patience)
        self._datasets = DatasetApiClient(self._http)

    def get_dataset(self, request: object, what: str) -> Any:
        """GetDataset: the dataset with its current_version_number."""
        return self._call(self._datasets.get_dataset, request, what)

    def list_dataset_files(self, request: object, what: str) -> Any:
        """ListDatasetFiles: one page of dataset_files with name and total_bytes, and next_page_token."""
        return self._call(self._datasets.list_dataset_files, request, what)

    def download_dataset(self, request: object, headers: Mapping[str, str]) -> requests.Response:
        """DownloadDataset, followed to the signed address (headers go along, credentials do not); not retried."""
        self._http.extra_headers = headers
        try:
            with self.understood(str(getattr(request, "file_name", ""))):
                response: requests.Response = self._datasets.download_dataset(request)
        finally:
            self._http.extra_headers = {}
        return response

    def _call(self, method: Callable[[object], object], request: object, what: str) -> object:
        def once() -> object:
            try:
                with self.understood(what):
                    return method(request)
            except FAILURES as error:
                raise as_pipeline_error(error, self.who, what, self.credentials) from error

        return retrying(once, self.patience)

    @contextmanager
    def understood(self, what: str) -> Iterator[None]:
        """What cannot be made of an answer, because it is no such answer, as TryAgain."""
        try:
            yield
        except (*FAILURES, *_NOT_KAGGLES) as error:
            if isinstance(error, FAILURES) and not isinstance(error, requests.exceptions.JSONDecodeError):
                raise
            raise TryAgain(f"{self.who} answered {what} with something that is not JSON: check the proxy") from error
