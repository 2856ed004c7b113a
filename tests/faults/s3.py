"""S3 that is slow, away, full, wrong or contended, while a step reads or writes the lake."""

import subprocess
import sys
from collections.abc import Callable, Sequence

from tests.faults.bucket import Act, Exchange
from tests.faults.fault import Fault
from tests.faults.place import LATER, Place
from tests.faults.running import RETENTION
from tests.faults.warehouse import COPY
from tests.integration.warehouse.relay import CONNECT

ALWAYS = 99
MOVIES = "extract-movies"
MANIFEST = "/ratings.manifest"
LISTING = "/_files.json"
PART = "/ratings/month=2015-06/part-00000.parquet"
LINKS = "links.csv"


def at(step: str, method: str, part: str, act: Act, times: int = 1) -> Callable[[Place], None]:
    """As the step asks S3 so."""
    return lambda place: place.bucket.at(method, part, act, place.during(step), times=times)


def refusing(status: int, code: str) -> Act:
    """S3 answers with this."""
    return lambda exchange: exchange.answer(status, code)


SLOW_DOWN = refusing(503, "SlowDown")
EXPIRED = refusing(400, "ExpiredToken")


def beside(prepare: Callable[[Place], object] = lambda _: None) -> Callable[[Place], None]:
    """Another landing of the films, from its beginning to its end, just before this one says that it is whole.

    The step must be a process of its own: one of this process would not wait so long for its answer.
    """

    def strike(place: Place) -> None:
        def another() -> None:
            assert place.launcher
            prepare(place)
            command = [sys.executable, *place.launcher.commands[MOVIES][1:]]
            ended = subprocess.run(command, capture_output=True, text=True)
            assert ended.returncode == 0, ended.stderr

        place.bucket.at("PUT", f"/movies/version=7{LISTING}", place.then(another), place.during(MOVIES))

    return strike


def _another_film(place: Place) -> None:
    place.sources.files[LINKS] += b"999999,9999999,\r\n"


Change = Callable[[dict[str, bytes]], dict[str, bytes]]


def altered(change: Change, mark: bytes = CONNECT) -> Callable[[Place], None]:
    """Somebody changes what lies in the lake before `stage` starts, or as it sends a statement with this mark.

    `change` gets the objects, and gives new ones. A request to S3 would be given up, and sent anew, meanwhile.
    """

    def strike(place: Place) -> None:
        def act() -> None:
            before = place.bucket.content()
            after = change(dict(before))
            assert after != before
            for key in before.keys() - after.keys():
                place.bucket.delete(key)
            for key, body in after.items():
                if body != before.get(key):
                    place.bucket.put(key, body)

        if mark:
            place.relay.at(mark, place.then(act), place.during("stage"))
        else:
            place.at_start["stage"] = act

    return strike


def _newest(content: dict[str, bytes], ending: str) -> str:
    """The key of an object of what was made for the run at hand: the state from which it began has the others."""
    later = [key for key, body in content.items() if key.endswith(".manifest") and b'"run": "run-' in body]
    folder = next(key for key in later if key.endswith(MANIFEST) and "/ratings/" in key).removesuffix(MANIFEST)
    return next(key for key in content if key.startswith(f"{folder}/") and key.endswith(ending))


def _without_a_part(content: dict[str, bytes]) -> dict[str, bytes]:
    del content[_newest(content, PART)]
    return content


def _cut_manifest(content: dict[str, bytes]) -> dict[str, bytes]:
    key = _newest(content, MANIFEST)
    return content | {key: content[key][: len(content[key]) // 2]}


def _other_manifest(content: dict[str, bytes]) -> dict[str, bytes]:
    """That of another key."""
    key = _newest(content, MANIFEST)
    other = next(one for one in content if one.endswith(MANIFEST) and "curated/ratings/" in one and one != key)
    return content | {key: content[other]}


def _made_anew(content: dict[str, bytes]) -> dict[str, bytes]:
    """The same rows in files of other names, as every try of Spark's has them."""
    key, manifest = _newest(content, PART), _newest(content, MANIFEST)
    folder, _, name = key.rpartition("/")
    another = f"{folder}/other-{name}"
    rest = {one: body for one, body in content.items() if one != key}
    named = content[manifest].replace(key.encode(), another.encode())
    return rest | {another: content[key], manifest: named}


def _fewer_rows(content: dict[str, bytes]) -> dict[str, bytes]:
    """A part of the earlier version in place of the later one's, which has a row more."""
    key = _newest(content, PART)
    other = next(one for one in content if one.startswith("curated/ratings/") and one.endswith(PART) and one != key)
    return content | {key: content[other]}


FORCE = {"force": "true"}
READ = ("stage", "GET", MANIFEST)
COPIED = ("stage", "GET", PART)
WRITTEN = ("extract-movies", "PUT", "/ratings.csv")


def _faults(told: Sequence[tuple[object, ...]]) -> list[Fault]:
    return [Fault(*one) for one in told]  # type: ignore[arg-type]


S3_FAULTS = [
    *_faults(
        [
            ("S3 answers 500 once", "extract-movies", "as it writes", at(*WRITTEN, refusing(500, "InternalError"))),
            ("S3 answers 500 on and on", "stage", "as it reads", at(*READ, refusing(500, "InternalError"), ALWAYS), 75),
            ("S3 answers 503 SlowDown once", "stage", "as it reads", at(*READ, SLOW_DOWN)),
            ("S3 answers 503 SlowDown on and on", "plan", "as it looks", at("plan", "HEAD", "", SLOW_DOWN, ALWAYS), 75),
            ("S3 resets the connection once", "extract-movies", "as it writes", at(*WRITTEN, Exchange.reset)),
            ("S3 resets every connection", "stage", "as it reads", at(*READ, Exchange.reset, ALWAYS), 75),
            ("S3 stands still once", "stage", "as it reads", at(*READ, Exchange.stall)),
            ("a body breaks off", "stage", "as it reads", at(*READ, Exchange.truncate), 75),
            ("S3 resets every connection", "stage", "during COPY", at(*COPIED, Exchange.reset, ALWAYS), 75),
            ("a body breaks off each time", "stage", "during COPY", at(*COPIED, Exchange.truncate, ALWAYS), 75),
            ("the credentials expire", "stage", "during COPY", at(*COPIED, EXPIRED, ALWAYS), 77),
            (
                "the answer to a conditional create is lost",
                "extract-movies",
                "as it completes",
                at("extract-movies", "PUT", LISTING, Exchange.lose_answer),
            ),
            (
                "the answer to a write is lost",
                "check-staged",
                "its results",
                at("check-staged", "PUT", "/checks-staged.json", Exchange.lose_answer),
            ),
            (
                "S3 answers 409 to a conditional create, twice",
                "extract-movies",
                "as it completes",
                at("extract-movies", "PUT", LISTING, refusing(409, "ConditionalRequestConflict"), 2),
            ),
            ("a listing lags", "extract-cpi", "as it looks", at("extract-cpi", "GET", "list-type=2", Exchange.lag)),
            ("the credentials expire", "extract-movies", "as it writes", at(*WRITTEN, EXPIRED, ALWAYS), 77),
            ("the credentials expire", "stage", "as it reads", at(*READ, EXPIRED, ALWAYS), 77),
            (
                "the credentials expire",
                "check-published",
                "its results",
                at("check-published", "PUT", "/checks-published.json", EXPIRED, ALWAYS),
                77,
            ),
            (
                "access is taken away",
                "report",
                "its page",
                at("report", "PUT", "", refusing(403, "AccessDenied"), 9),
                77,
            ),
            (
                "this machine's clock is an hour off for S3",
                "stage",
                "as it reads",
                at(*READ, refusing(403, "RequestTimeTooSkewed"), ALWAYS),
                78,
            ),
            ("S3 is full", "report", "its page", at("report", "PUT", "", refusing(507, "XMinioStorageFull"), 9), 74),
            ("S3 is full", "extract-movies", "as it writes", at(*WRITTEN, refusing(507, "XMinioStorageFull"), 9), 74),
            (
                "S3 is away",
                "finish",
                "the outcome",
                at("finish", "PUT", "/outcome.json", Exchange.reset, ALWAYS),
                75,
            ),
        ]
    ),
    Fault(
        "another lands the same version",
        "extract-movies",
        "as it completes",
        beside(),
        apart=MOVIES,
    ),
    Fault(
        "S3 answers 503 SlowDown on and on",
        "stage",
        "during COPY",
        at(*COPIED, SLOW_DOWN, ALWAYS),
        75,
        "run again later",
    ),
    Fault(
        "S3 stands still on and on",
        "publish",
        "its checks",
        at("publish", "PUT", "", Exchange.stall, ALWAYS),
        75,
        published=True,
    ),
    Fault(
        "S3 answers 503 for a whole attempt",
        "stage",
        "as it reads",
        at(*READ, SLOW_DOWN, 2),
        retries=1,
    ),
    Fault(
        "another lands other content under the same version",
        "extract-movies",
        "as it completes",
        beside(_another_film),
        65,
        "holds another content under the same version",
        apart=MOVIES,
    ),
    Fault("a part is gone", "stage", "as it begins", altered(_without_a_part), 65, "COPY", again=FORCE),
    Fault("a part is another's", "stage", "as it begins", altered(_fewer_rows), 65, "COPY", again=FORCE),
    Fault("a manifest breaks off", "stage", "as it begins", altered(_cut_manifest), 65, again=FORCE),
    Fault(
        "a manifest is another's",
        "stage",
        "as it begins",
        altered(_other_manifest),
        65,
        "belongs to ratings of made=",
        again=FORCE,
    ),
    Fault(
        "another makes the same curated version anew",
        "stage",
        "between manifest and COPY",
        altered(_made_anew, COPY),
        65,
        "COPY",
    ),
    Fault("the bucket is emptied", "stage", "as it begins", altered(lambda _: {}), 66),
    Fault(
        "a listing lags",
        RETENTION,
        "as it looks",
        at(RETENTION, "GET", "list-type=2", Exchange.lag),
        workflow=RETENTION,
        state=LATER,
    ),
    Fault(
        "S3 answers 503 to deletions on and on",
        RETENTION,
        "as it deletes",
        at(RETENTION, "POST", "?delete", SLOW_DOWN, ALWAYS),
        75,
        workflow=RETENTION,
        state=LATER,
    ),
]
