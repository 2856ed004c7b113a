"""kill -9 of each step and command: as it begins, in the middle of its work, and just before what makes it count."""

from collections.abc import Callable, Mapping

from movalytics_workflows.house import DAILY, RESTORE

from tests.faults.fault import Fault
from tests.faults.place import EARLIER, LATER, Place
from tests.faults.running import MISSING_DAY, RETENTION
from tests.integration.extract.sources_server import Fault as SourceFault
from tests.integration.warehouse.relay import CONNECT

START, MIDDLE, LAST = "at start", "in the middle", "just before its commit"
Strike = Callable[[Place], object]
Moments = Mapping[str, Strike]


def statement(step: str, mark: bytes, after: bytes = CONNECT, passing: int = 0) -> Strike:
    """As the step sends a statement with this mark."""
    return lambda place: place.relay.at(mark, place.kill, place.during(step), after=after, passing=passing)


def request(step: str, method: str, part: str, passing: int = 0) -> Strike:
    """As the step sends S3 a request."""
    return lambda place: place.bucket.at(method, part, place.kill, place.during(step), passing=passing)


def source(kind: str, *, passing: int = 0, midway: bool = False) -> Strike:
    """As the step asks a source, or has half of its answer."""

    def strike(place: Place) -> None:
        def kill() -> None:
            assert place.launcher
            place.launcher.kill()

        fault = SourceFault(midway=kill) if midway else SourceFault(before=kill)
        place.sources.misbehave(kind, *[SourceFault()] * passing, fault)

    return strike


def loading(step: str, middle: bytes, last: bytes) -> Moments:
    """The moments of a step that works in the warehouse; `last` is what its last COMMIT commits."""
    return {START: statement(step, CONNECT), MIDDLE: statement(step, middle), LAST: statement(step, b"COMMIT", last)}


RESULTS = b"insert into movies_ops.quality_result"
MADE = b"insert into movies_ops.load_made"
DAILY_STEPS: Mapping[str, Moments] = {
    "discover": {
        START: source("GetDataset"),
        MIDDLE: source("graph", midway=True),
        LAST: request("discover", "PUT", "/discover.json"),
    },
    "plan": loading("plan", MADE, b"insert into movies_ops.load_code"),
    "extract-movies": {
        START: request("extract-movies", "HEAD", "movies/version=7/_files.json"),
        MIDDLE: source("storage:ratings.csv", midway=True),
        LAST: request("extract-movies", "PUT", "movies/version=7/_files.json"),
    },
    "extract-cpi": {
        START: request("extract-cpi", "HEAD", "/_files.json"),
        MIDDLE: source("graph", passing=1, midway=True),
        LAST: request("extract-cpi", "PUT", "/_files.json"),
    },
    "stage": loading("stage", b'copy movies_staging."ratings"', b"set staged_at"),
    "check-staged": loading("check-staged", b'from movies_staging."ratings"', RESULTS),
    "publish": loading("publish", b'insert into movies."ratings"', b"published_digest ="),
    "check-published": loading("check-published", b"insert into movies_ops.quality_metric", RESULTS),
    "report": {
        START: statement("report", CONNECT),
        MIDDLE: statement("report", b"COMMIT", b"insert into movies_ops.load_answer"),
        LAST: request("report", "PUT", "/reports/index.html"),
    },
    "finish": {
        START: request("finish", "PUT", "/outcome.json"),
        MIDDLE: statement("finish", CONNECT),
        LAST: statement("finish", b"COMMIT", b"movies_ops.load_attempt"),
    },
}
RESTORING = loading("restore", MADE, b"insert into movies_ops.load_hold")
ASKING = loading(MISSING_DAY, b"outcome = 'Succeeded' and run_date", b"outcome = 'Succeeded' and run_date")
CLEARING: Moments = {
    START: statement(RETENTION, CONNECT),
    "before it condemns": statement(RETENTION, b"COMMIT", b"insert into movies_ops.load_condemned"),
    MIDDLE: request(RETENTION, "POST", "?delete", passing=1),
    LAST: statement(RETENTION, b"COMMIT", b"insert into movies_ops.load_condemned", passing=1),
}


def killed(
    step: str, moments: Moments, workflow: str = DAILY, state: str = EARLIER, target: str = LATER
) -> list[Fault]:
    """A fault for each of the moments."""
    way = {"workflow": workflow, "state": state, "target": target}
    return [
        Fault("it is killed", step, moment, strike, 137, "killed by signal 9", apart=step, **way)  # type: ignore[arg-type]
        for moment, strike in moments.items()
    ]


KILLS = [
    *(fault for step, moments in DAILY_STEPS.items() for fault in killed(step, moments)),
    *killed("restore", RESTORING, RESTORE, LATER, EARLIER),
    *killed("publish", DAILY_STEPS["publish"], RESTORE, LATER, EARLIER),
    *killed(MISSING_DAY, ASKING, MISSING_DAY),
    *killed(RETENTION, CLEARING, RETENTION, LATER),
]
