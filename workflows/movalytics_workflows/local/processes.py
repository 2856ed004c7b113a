"""The children of one command: started under supervisors, their words kept in logs, and ended with the command."""

import os
import pwd
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path

from movalytics_common.errors import InvalidSettings

from movalytics_workflows.local.leftovers import MARK, end_processes, marked, new_mark

_SECONDS_BEYOND_GRACE = 15.0
# Variables that a person's other Spark, Hadoop, PostgreSQL or Python is found by.
_ELSEWHERE = ("PG", "SPARK_", "PYSPARK_", "PY4J_", "HADOOP_", "YARN_", "HIVE_", "PYTHON", MARK)
# Options for every JVM, which also speaks of them, and what every shell script would run first.
_OPTIONS = {"JAVA_TOOL_OPTIONS", "_JAVA_OPTIONS", "JDK_JAVA_OPTIONS", "CLASSPATH", "BASH_ENV", "ENV", "MASTER"}
_LOCALE = "C.UTF-8" if sys.platform == "linux" else "en_US.UTF-8"


class Supervised:
    """One child with all it starts. `grace` is how many seconds it gets after SIGTERM."""

    def __init__(
        self, command: Sequence[str], environment: Mapping[str, str], directory: Path, grace: float, **streams: int
    ) -> None:
        self._environment = dict(environment)
        self._grace = grace
        self._process = subprocess.Popen(
            [sys.executable, "-m", "movalytics_workflows.local.supervise", str(grace), *command],
            stdin=subprocess.PIPE,
            env=self._environment,
            cwd=directory,
            start_new_session=True,  # Ctrl-C is for the runner, which then ends its children in order
            **streams,  # type: ignore[call-overload]
        )

    def poll(self) -> int | None:
        """The exit code, negative for a signal, or None while it runs; nothing of it runs once there is one."""
        code: int | None = self._process.poll()
        if code is not None and code < 0:
            end_processes(marked(self._environment))  # it may be the supervisor that was killed
        return code

    def stop(self) -> None:
        """Ask it to end; it does within its grace."""
        with suppress(OSError):
            self._process.stdin.close()

    def end(self) -> None:
        """Stop it and wait until nothing of it is left."""
        self.stop()
        with suppress(subprocess.TimeoutExpired):
            self._process.wait(self._grace + _SECONDS_BEYOND_GRACE)
        end_processes(marked(self._environment))
        self._process.wait()


class Processes:
    """All children of one command in one home."""

    def __init__(self, home: Path) -> None:
        self._home = home
        self._started: list[Supervised] = []

    def start(
        self,
        command: Sequence[str],
        environment: Mapping[str, str],
        log: Path,
        *,
        directory: Path,
        stdout: int | None = None,
        grace: float = 2,
    ) -> Supervised:
        """Start a child in the directory; its standard error, and output unless `stdout` is given, go to the log."""
        log.parent.mkdir(parents=True, exist_ok=True)
        with log.open("ab") as words:
            streams = {"stderr": words.fileno(), "stdout": words.fileno() if stdout is None else stdout}
            child = Supervised(command, {**environment, MARK: new_mark(self._home)}, directory, grace, **streams)
        self._started.append(child)
        return child

    def end(self) -> None:
        """End all that still run: the last started first, so that the warehouse outlives its clients."""
        for child in reversed(self._started):
            child.end()


@contextmanager
def children(home: Path) -> Iterator[Processes]:
    """The children of this command, all ended when it leaves, however it leaves. Raises InvalidSettings."""
    _refuse_nameless_user()
    processes = Processes(home)
    try:
        yield processes
    finally:
        processes.end()


def _refuse_nameless_user() -> None:
    """PostgreSQL and Java both ask the system for the user's name, and neither takes one from the environment."""
    user = os.geteuid()
    try:
        pwd.getpwuid(user)
    except KeyError:
        raise InvalidSettings(
            f"user {user} has no name on this machine, which PostgreSQL and Java ask for: run as one who has, or add a"
            f" line to /etc/passwd: movalytics:x:{user}:{os.getegid()}::/tmp:/bin/sh"
        ) from None


def base_environment(**extra: str) -> dict[str, str]:
    """What every child inherits: the caller's environment without what would lead a child elsewhere.

    Java, Spark, PostgreSQL and Python are those that `make install` brought, with our settings, and text is UTF-8:
    Java takes the names of files from the locale.
    """
    inherited = {
        name: text
        for name, text in os.environ.items()
        if not name.startswith(_ELSEWHERE) and name not in _OPTIONS and not name.startswith("LC_")
    }
    path = os.pathsep.join(
        [*filter(None, [inherited.get("PATH")]), "/usr/bin", "/bin"]
    )  # spark-submit is a shell script
    return {**inherited, "PATH": path, "LC_ALL": _LOCALE, **extra}


def wait(child: Supervised, interval: float = 0.05) -> int:
    """Wait for its end; the exit code."""
    while (code := child.poll()) is None:
        time.sleep(interval)
    return code
