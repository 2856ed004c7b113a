"""A warehouse that is lost, full, locked, edited by hand or contended while a run loads and publishes."""

import subprocess
import sys
from collections.abc import Callable

import psycopg2
from movalytics_workflows.house import RESTORE

from tests.faults.bucket import Exchange
from tests.faults.fault import Fault
from tests.faults.place import EARLIER, LATER, Place, data_folders
from tests.faults.running import MISSING_DAY, RETENTION
from tests.faults.sources import CPI
from tests.integration.warehouse.relay import CONNECT, Act, Talk

COMMIT = b"COMMIT"
LOCK = b"lock table movies_ops.load_lock"
INSERT = b'insert into movies."ratings"'
COPY = b'copy movies_staging."ratings"'
MARKED = b"published_digest ="
CONDEMNED = b"insert into movies_ops.load_condemned"
ALWAYS = 99
SERIALIZABLE = (
    "1023 DETAIL: Serializable isolation violation on table - 100437, transactions forming the cycle are: 1, 2"
)
Strike = Callable[[Place], object]


def at(step: str, mark: bytes, act: Act, after: bytes = CONNECT, times: int = 1) -> Strike:
    """As the step sends a statement with this mark."""
    return lambda place: place.relay.at(mark, act, place.during(step), after=after, times=times)


def refusing(code: str, words: str) -> Act:
    """The warehouse fails the statement so."""
    return lambda talk: talk.refuse(code, words)


def by_hand(step: str, mark: bytes, *statements: str) -> Strike:
    """Somebody's own statements, just before the step's."""

    def strike(place: Place) -> None:
        def act() -> None:
            for statement in statements:
                place.rows(statement)

        place.relay.at(mark, place.then(act), place.during(step))

    return strike


def open_meanwhile(step: str, mark: bytes, statement: str) -> Strike:
    """Somebody's transaction that has run this statement, open until the run is over."""

    def strike(place: Place) -> object:
        opened: list[psycopg2.extensions.connection] = []

        def act() -> None:
            opened.append(place.connect())
            with opened[0].cursor() as cursor:
                cursor.execute(statement)

        place.relay.at(mark, place.then(act), place.during(step))
        return lambda: [connection.close() for connection in opened]

    return strike


def held(what: str, moment: str, table: str) -> Fault:
    """Somebody's lock on this table that is held for an hour: publish ends at its deadline."""
    return Fault(
        f"{what} is held for an hour",
        "publish",
        moment,
        open_meanwhile("publish", LOCK, f"lock table {table}"),
        143,
        "at its deadline",
        apart="publish finish",
        given={"publish-deadline": "10", "finish-deadline": "10"},
    )


def reading_meanwhile(place: Place) -> object:
    """A long SELECT sees the old rows to its end."""
    opened: list[psycopg2.extensions.connection] = []
    ratings = "select count(*) from movies.ratings"
    before = place.rows(ratings)

    def count() -> list[tuple[object, ...]]:
        with opened[0].cursor() as cursor:
            cursor.execute(ratings)
            return list(cursor.fetchall())

    def act() -> None:
        opened.append(place.connect())
        assert count() == before

    def end() -> None:
        assert count() == before != place.rows(ratings)
        opened[0].close()

    place.relay.at(INSERT, place.then(act), place.during("publish"))
    return end


def another_password(place: Place) -> object:
    """The user's password is another one."""
    user = place.standin.user
    act = place.then(lambda: place.postgres(f"alter user {user} password 'Another-1'"))
    place.relay.at(CONNECT, act, place.during("publish"))
    return lambda: place.postgres(f"alter user {user} password '{place.password}'")


def three_more(place: Place) -> object:
    """Three others publish the same run at the same moment."""
    others: list[subprocess.Popen[bytes]] = []

    def act() -> None:
        assert place.launcher
        command = [sys.executable, *place.launcher.commands["publish"][1:]]
        others.extend(subprocess.Popen(command, stderr=subprocess.DEVNULL) for _ in range(3))

    def end() -> None:
        assert [other.wait() for other in others] == [0, 0, 0]

    place.relay.at(LOCK, place.then(act), place.during("publish"))
    return end


def overtaken(step: str, mark: bytes = LOCK) -> Strike:
    """Another run of the same day begins later and is published before this step says so."""

    def strike(place: Place) -> None:
        def act() -> None:
            ended = place.run(apart=frozenset("*"))
            assert ended.exit_code == 0, ended.sentence

        place.relay.at(mark, place.then(act), place.during(step))

    return strike


def clock(interval: str) -> Strike:
    """The run before was planned and published by a machine whose clock is off by this."""

    def strike(place: Place) -> None:
        columns = ("planned_at", "staged_at", "published_at")
        moved = ", ".join(f"{name} = {name} + interval '{interval}'" for name in columns)
        place.rows(f"update movies_ops.load_run set {moved}")
        place.by_hand += 1

    return strike


def restored(place: Place) -> object:
    """Somebody went back to an earlier run before this one, and holds."""
    assert place.run(RESTORE, restores=EARLIER).exit_code == 0
    place.by_hand += 1
    return lambda: place.rows("update movies_ops.load_hold set released_at = '2026-02-01'")


def older_version(place: Place) -> Callable[[], object]:
    """The source offers an older version again."""
    place.sources.version, newest = place.sources.version - 1, place.sources.version
    place.by_hand += 1
    return lambda: setattr(place.sources, "version", newest)


def needed_meanwhile(place: Place) -> object:
    """A run needs what retention has condemned, and is registered before that is deleted; it fails later."""

    def refuse(exchange: Exchange) -> None:
        exchange.answer(403, "AccessDenied")

    def act() -> None:
        again = older_version(place)
        place.sources.files[CPI] = place.months(-1)
        place.bucket.at("GET", "/ratings.manifest", refuse, place.during("stage"), times=ALWAYS)
        assert place.run(apart=frozenset("*"), force="older").exit_code == 77
        place.sources.files[CPI] = place.months(None)
        again()

    def end() -> None:
        assert data_folders(place.states[EARLIER].lake) <= place.folders()

    place.relay.at(LOCK, place.then(act), place.during(RETENTION), after=CONDEMNED)
    return end


DROPPED = 'drop table movies_staging."ratings"'
OURS_USED = (
    "create schema theirs",
    "create table theirs.notes (movie_id integer references movies.movies (movie_id), note varchar(20))",
    "insert into theirs.notes values (597, 'seen twice')",
    "create view theirs.seen as select title, note from movies.movies join theirs.notes using (movie_id)",
)
OF_RUNS = f"where run_id <> '{EARLIER}'"
EDITED_BEFORE = f"update movies_ops.load_partition set row_count = 9 where run_id = '{EARLIER}'"
EDITED = {
    "what was staged": ("update movies_ops.load_table set staged_rows = 9 where table_name = 'ratings'", 80),
    "the verdict": ("delete from movies_ops.quality_result", 81),
    "whose rows are staged": (f"update movies_ops.staging_content set run_id = '{EARLIER}'", 81),
    "the run's plan": (f"delete from movies_ops.load_run {OF_RUNS}", 66),
    "what the run says of its rows": (f"update movies_ops.load_partition set row_count = 9 {OF_RUNS}", 65),
}

WAREHOUSE = [
    Fault("the connection is lost", "stage", "before COPY", at("stage", COPY, Talk.cut)),
    Fault("the connection is lost", "stage", "during COPY", at("stage", COPY, Talk.forward_unheard)),
    Fault("the connection is lost", "publish", "before COMMIT", at("publish", COMMIT, Talk.cut, MARKED)),
    Fault(
        "the connection is lost",
        "publish",
        "during COMMIT",
        at("publish", COMMIT, Talk.forward_unheard, MARKED),
        says='"already_published": true',
    ),
    Fault("the connection is lost", "publish", "after COMMIT", at("publish", b"analyze ", Talk.cut)),
    Fault("the connection is lost", "check-staged", "between checks", at("check-staged", b"movies_staging", Talk.cut)),
    Fault("the connection is lost", "finish", "during COMMIT", at("finish", COMMIT, Talk.forward_unheard)),
    Fault(
        "the connection is lost each time",
        "publish",
        "before COMMIT",
        at("publish", INSERT, Talk.cut, times=ALWAYS),
        75,
    ),
    Fault("nobody answers", "stage", "as it connects", at("stage", CONNECT, Talk.cut, times=ALWAYS), 75),
    Fault("nobody answers once", "stage", "as it connects", at("stage", CONNECT, Talk.cut), retries=1),
    Fault("1023, once", "publish", "as it fills", at("publish", INSERT, refusing("XX000", SERIALIZABLE))),
    Fault("1023, once", "stage", "as it commits", at("stage", COMMIT, refusing("XX000", SERIALIZABLE), COPY)),
    Fault(
        "1023, each time", "publish", "as it fills", at("publish", INSERT, refusing("XX000", SERIALIZABLE), times=9), 75
    ),
    held("a lock", "as it begins", "movies_ops.load_lock"),
    held("a reader's lock", "as it fills", "movies.ratings"),
    Fault(
        "the disk is full", "stage", "in COPY", at("stage", COPY, refusing("53100", "Disk Full")), 74, "run out of room"
    ),
    Fault("the disk is full", "publish", "as it fills", at("publish", INSERT, refusing("53100", "Disk Full")), 74),
    Fault(
        "the disk is full", "publish", "in COMMIT", at("publish", COMMIT, refusing("53100", "Disk Full"), MARKED), 74
    ),
    *(
        Fault(f"somebody edits {what}", "publish", "as it begins", by_hand("publish", LOCK, statement), code)
        for what, (statement, code) in EDITED.items()
    ),
    Fault(
        "somebody edits what was published",
        "publish",
        "as it begins",
        by_hand("publish", LOCK, EDITED_BEFORE),
        81,
        "somebody changed it",
        again={"force": "true"},
    ),
    Fault("staging is dropped", "publish", "as it begins", by_hand("publish", LOCK, DROPPED), 66),
    Fault("staging is dropped", "stage", "as it begins", by_hand("stage", LOCK, DROPPED), 66),
    Fault("a user's view and table stand on ours", "publish", "as it begins", by_hand("publish", LOCK, *OURS_USED)),
    Fault("a long SELECT is at work", "publish", "as it fills", reading_meanwhile),
    Fault("the password is changed", "publish", "as it connects", another_password, 77, "PGPASSWORD"),
    Fault("four publish at once", "publish", "as they begin", three_more),
    Fault(
        "a later run overtakes",
        "stage",
        "as it begins",
        overtaken("stage"),
        81,
        "is older than the published run",
        published=True,
    ),
    Fault(
        "a later run overtakes",
        "check-staged",
        "as it begins",
        overtaken("check-staged", b"from movies_ops.load_run"),
        81,
        published=True,
    ),
    Fault("a later run overtakes", "publish", "as it begins", overtaken("publish"), 81, published=True),
    Fault("an older version comes late", "plan", "as it decides", older_version, 81, "is older", state=LATER),
    Fault("the clock before was an hour ahead", "publish", "all the time", clock("1 hour")),
    Fault("the clock before was a day ahead", "publish", "all the time", clock("1 day")),
    Fault("the clock before was a day behind", "publish", "all the time", clock("-1 day")),
    Fault("somebody holds", "plan", "as it decides", restored, says="held at", state=LATER, target=EARLIER, last=LATER),
    Fault(
        "the answer to COMMIT is lost",
        "restore",
        "as it is registered",
        at("restore", COMMIT, Talk.forward_unheard, b"insert into movies_ops.load_hold"),
        workflow=RESTORE,
        state=LATER,
        target=EARLIER,
    ),
    Fault(
        "1023, once",
        MISSING_DAY,
        "as it asks",
        at(MISSING_DAY, b"outcome = 'Succeeded'", refusing("XX000", SERIALIZABLE)),
        workflow=MISSING_DAY,
    ),
    Fault(
        "a run needs what is condemned",
        RETENTION,
        "before it deletes",
        needed_meanwhile,
        says="stayed, since a run needs them by now",
        workflow=RETENTION,
        state=LATER,
        spares=True,
    ),
]
