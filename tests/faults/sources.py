"""Kaggle and FRED that are busy, changed, wrong or hostile while they are asked."""

import zipfile
from collections.abc import Callable
from io import BytesIO
from threading import Event

from movalytics_extract.download import CHUNK

from tests.faults.fault import Fault
from tests.faults.place import Place
from tests.integration.extract.sources_server import SERIES
from tests.integration.extract.sources_server import Fault as Answer

MEMBER = "storage:ratings.csv"
FILMS, CPI = "movies_metadata.csv", f"{SERIES}.csv"
ALWAYS = 9
PAGE = b"<!DOCTYPE html><html><body>Sign in</body></html>" * 100


def answering(kind: str, *answers: Answer) -> Callable[[Place], None]:
    """The source answers the next requests of this kind so."""
    return lambda place: place.sources.misbehave(kind, *answers)


def status(code: int, wait: str = "", times: int = 1) -> list[Answer]:
    """Answers of nothing but this status, and how long to wait."""
    return [Answer(code, {"Retry-After": wait} if wait else {}, b"{}")] * times


def changing(name: str, old: bytes, new: bytes, kind: str, *before: Answer) -> Callable[[Place], None]:
    """The file is another one as the request of this kind after those comes."""

    def strike(place: Place) -> None:
        def change() -> None:
            assert old in place.sources.files[name]
            place.sources.files[name] = place.sources.files[name].replace(old, new)

        place.sources.misbehave(kind, *before, Answer(before=change))

    return strike


def still(kind: str) -> Callable[[Place], object]:
    """No answer comes."""

    def strike(place: Place) -> object:
        never = Event()
        place.sources.misbehave(kind, Answer(before=lambda: never.wait(4)))
        return never.set

    return strike


def archive(
    change: Callable[[dict[str, bytes]], dict[str, bytes]] = dict, damage: Callable[[bytes], bytes] = bytes
) -> Callable[[Place], object]:
    """A person's own archive in place of Kaggle: its members changed, or its bytes."""

    def strike(place: Place) -> object:
        packed = BytesIO()
        with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as target:
            for name, content in change(dict(place.sources.files)).items():
                target.writestr(name, content)
        path = place.folder / "archive.zip"
        path.write_bytes(damage(packed.getvalue()))
        place.overrides["movies-source"] = str(path)
        place.by_hand += 1
        return place.overrides.clear

    return strike


def _leading_out(files: dict[str, bytes]) -> dict[str, bytes]:
    return {f"../../{name}": content for name, content in files.items()}


def _bomb(files: dict[str, bytes]) -> dict[str, bytes]:
    return files | {"ratings.csv": files["ratings.csv"] + b"1,1,4.5,1425941529\n" * 6_000_000}


def _damaged(content: bytes) -> bytes:
    """Bytes in the middle of a member are others."""
    at = content.index(b"ratings.csv") + 500
    return content[:at] + bytes(50) + content[at + 50 :]


DISCOVER, MOVIES, SERIES_STEP = "discover", "extract-movies", "extract-cpi"
ONCE = Answer()
IN_MIDDLE = Answer(cut_after=CHUNK)  # a download is resumed in whole chunks
SHORT, CUT, LONG = Answer(length_error=100), Answer(cut_after=1000), Answer(length_error=-100)
HTML = Answer(200, {"Content-Type": "text/html"}, PAGE)
EMPTY = Answer(200, {"Content-Type": "application/csv"}, f"observation_date,{SERIES}\n".encode())
TOLD = [
    # Kaggle
    ("Kaggle cuts the connection", MOVIES, "in mid-file", answering(MEMBER, CUT)),
    ("Kaggle cuts every connection", MOVIES, "before a byte", answering(MEMBER, *[Answer(cut_after=0)] * ALWAYS), 75),
    ("Kaggle stands still", MOVIES, "before a byte", still(MEMBER)),
    (
        "the file changes",
        MOVIES,
        "between two requests",
        changing(FILMS, b"a", b"b", f"storage:{FILMS}", IN_MIDDLE),
        75,
        "changed",
    ),
    ("Kaggle answers 401", DISCOVER, "as it asks", answering("GetDataset", *status(401)), 77),
    ("Kaggle answers 401", MOVIES, "as it lists", answering("ListDatasetFiles", *status(401)), 77),
    ("Kaggle answers 403", MOVIES, "as it lists", answering("ListDatasetFiles", *status(403)), 77),
    ("Kaggle answers 404", DISCOVER, "as it asks", answering("GetDataset", *status(404)), 66),
    ("Kaggle answers 404", MOVIES, "as it downloads", answering("DownloadDataset", *status(404)), 66),
    ("Kaggle answers 429 with Retry-After", MOVIES, "as it downloads", answering("DownloadDataset", *status(429, "1"))),
    ("Kaggle answers 429 without one", MOVIES, "as it lists", answering("ListDatasetFiles", *status(429))),
    ("Kaggle answers 429 for an hour", DISCOVER, "as it asks", answering("GetDataset", *status(429, "3600")), 75),
    ("Kaggle answers 503 on and on", MOVIES, "as it lists", answering("ListDatasetFiles", *status(503, "0", 9)), 75),
    ("Kaggle overstates a length once", MOVIES, "in mid-file", answering(MEMBER, SHORT)),
    ("Kaggle overstates a length each time", MOVIES, "in mid-file", answering(MEMBER, *[SHORT] * ALWAYS), 75),
    ("Kaggle sends a file shorter than it lists", MOVIES, "in mid-file", answering(MEMBER, LONG), 75),
    ("Kaggle answers a web page with 200", MOVIES, "in a file's place", answering(MEMBER, HTML), 65, "web page"),
    (
        "Kaggle sends a corrupt zip",
        MOVIES,
        "in a file's place",
        answering(MEMBER, Answer(200, {}, b"PK\x03\x04" + bytes(2000))),
        65,
        "is damaged",
    ),
    ("a zip is corrupt", DISCOVER, "as it reads", archive(damage=_damaged), 65, "damaged"),
    ("a zip breaks off", DISCOVER, "as it reads", archive(damage=lambda content: content[: len(content) // 2]), 65),
    ("a zip is a bomb", DISCOVER, "as it reads", archive(_bomb), 65, "times its size"),
    ("a zip's paths lead out", DISCOVER, "as it reads", archive(_leading_out), 66),
    # FRED
    ("FRED cuts the connection", DISCOVER, "in mid-file", answering("graph", CUT)),
    ("FRED stands still", DISCOVER, "before a byte", still("graph")),
    ("FRED answers 401", DISCOVER, "as it asks", answering("graph", *status(401)), 77),
    ("FRED answers 403", DISCOVER, "as it asks", answering("graph", *status(403)), 77),
    ("FRED answers 404", SERIES_STEP, "as it asks", answering("graph", ONCE, *status(404)), 66),
    ("FRED answers 429 with Retry-After", DISCOVER, "as it asks", answering("graph", *status(429, "1"))),
    ("FRED answers 429 without one", SERIES_STEP, "as it asks", answering("graph", ONCE, *status(429))),
    ("FRED overstates a length", SERIES_STEP, "in mid-file", answering("graph", ONCE, SHORT)),
    ("FRED answers a web page with 200", DISCOVER, "as it asks", answering("graph", HTML), 65, "web page"),
    ("FRED answers an empty series", DISCOVER, "as it asks", answering("graph", EMPTY), 65, "no observation"),
    (
        "a past value is revised",
        SERIES_STEP,
        "after discover",
        changing(CPI, b"102.700", b"102.800", "graph", ONCE),
        75,
        "changed since",
    ),
]
SOURCES = [Fault(*told) for told in TOLD]  # type: ignore[arg-type]
