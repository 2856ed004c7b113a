"""A small process above every child: it ends the child's whole tree when the child ends or the runner is gone.

`python -m movalytics_workflows.local.supervise GRACE COMMAND…`: the runner holds the other end of standard input; when
that closes, for whatever reason, the child gets SIGTERM and after GRACE seconds its tree is killed. The tree is found
although pyspark's daemon makes its own process group and PostgreSQL its own sessions: on Linux orphans come to us.
"""

import ctypes
import os
import resource
import signal
import subprocess
import sys
import threading
from collections.abc import Sequence

import psutil

from movalytics_workflows.local.leftovers import end_processes, marked

_PR_SET_CHILD_SUBREAPER = 36  # linux/prctl.h


def main(arguments: Sequence[str]) -> int:
    """Run the command to its end and end what it left; this process then ends the way the command did."""
    grace, command = float(arguments[0]), list(arguments[1:])
    for stop in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(stop, signal.SIG_IGN)  # the pipe alone says when to stop
    _adopt_orphans()
    try:
        child = subprocess.Popen(command, stdin=subprocess.DEVNULL, preexec_fn=_usual_signals)  # noqa: PLW1509 one thread yet
    except OSError as error:
        sys.stderr.write(f"cannot start {command[0]}: {error.strerror}\n")
        return 127
    threading.Thread(target=_end_with_the_runner, args=(child, grace), daemon=True).start()
    code = child.wait()
    _end_tree()
    return _end_like(code) if code < 0 else code


def _adopt_orphans() -> None:
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)


def _usual_signals() -> None:
    for stop in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(stop, signal.SIG_DFL)


def _end_with_the_runner(child: "subprocess.Popen[bytes]", grace: float) -> None:
    while os.read(0, 1024):
        pass
    child.terminate()
    try:
        child.wait(grace)
    except subprocess.TimeoutExpired:
        child.kill()


def _end_tree() -> None:
    """Kill all that is below us, again until nothing is: a process may fork while it is being looked for."""
    while processes := [*psutil.Process().children(recursive=True), *marked(os.environ)]:
        end_processes(processes)


def _end_like(code: int) -> int:
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    signal.signal(-code, signal.SIG_DFL) if -code not in {signal.SIGKILL, signal.SIGSTOP} else None
    os.kill(os.getpid(), -code)
    return 128 - code


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
