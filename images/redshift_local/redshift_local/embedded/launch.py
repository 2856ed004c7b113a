"""Becomes the embedded server's program: unprivileged even for root, and ended by the kernel when its parent dies.

Run by path, with nothing but the standard library, because it replaces itself at once:
`python -I -S launch.py <parent pid> <directory>[:<directory>…] <program> <argument>…`.
PostgreSQL refuses to run as root. Inside a user namespace our own user has another number, and files keep their owner,
so a data directory below a home of mode 0700 works. Where namespaces are forbidden (most containers), a root process
gives its directories to `nobody` and becomes it, keeping only the right to pass through directories it cannot read.
"""

import ctypes
import os
import signal
import sys
from pathlib import Path

NAMESPACE_ID = 1000
NOBODY = 65534
CLONE_NEWUSER = 0x10000000
PR_SET_PDEATHSIG, PR_SET_KEEPCAPS, PR_CAP_AMBIENT, PR_CAP_AMBIENT_RAISE = 1, 8, 47, 2
CAP_DAC_OVERRIDE = 1
CAPABILITY_VERSION = 0x20080522


def own(directories: list[str], uid: int) -> None:
    """Give these trees to `uid`, when their top is not already its."""
    for top in directories:
        if Path(top).stat().st_uid == uid:
            continue
        for place, _, names in os.walk(top):
            for name in names:
                os.chown(Path(place, name), uid, uid, follow_symlinks=False)
            os.chown(place, uid, uid)


def enter_namespace(libc: ctypes.CDLL) -> bool:
    """Enter a user namespace in which our user has an ordinary number; False where that is forbidden."""
    uid, gid = os.geteuid(), os.getegid()
    if libc.unshare(CLONE_NEWUSER) != 0:
        return False
    own_process = Path("/proc/self")
    (own_process / "setgroups").write_text("deny")
    (own_process / "uid_map").write_text(f"{NAMESPACE_ID} {uid} 1")
    (own_process / "gid_map").write_text(f"{NAMESPACE_ID} {gid} 1")
    return True


def become_nobody(libc: ctypes.CDLL) -> None:
    """Change the user for good, keeping the one capability that lets it reach its files below others' directories."""
    libc.prctl(PR_SET_KEEPCAPS, 1, 0, 0, 0)
    os.setgroups([])
    os.setgid(NOBODY)
    os.setuid(NOBODY)
    header = (ctypes.c_uint32 * 2)(CAPABILITY_VERSION, 0)
    capability = 1 << CAP_DAC_OVERRIDE
    libc.capset(header, (ctypes.c_uint32 * 6)(capability, capability, capability, 0, 0, 0))
    libc.prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_RAISE, CAP_DAC_OVERRIDE, 0, 0)


def namespaces_work(libc: ctypes.CDLL) -> bool:
    """Whether a child can enter a user namespace (tried in a child: there is no way back)."""
    child = os.fork()
    if child == 0:
        try:
            entered = enter_namespace(libc)
        except OSError:
            entered = False
        os._exit(0 if entered else 1)
    return os.waitpid(child, 0)[1] == 0


def main(arguments: list[str]) -> None:
    """Drop privileges if there are any, tie our life to the parent's, and become the program."""
    parent, directories, program = int(arguments[0]), arguments[1].split(os.pathsep), arguments[2:]
    libc = ctypes.CDLL(None, use_errno=True)
    if os.geteuid() == 0 and namespaces_work(libc):
        own(directories, 0)
        enter_namespace(libc)
    elif os.geteuid() == 0:
        own(directories, NOBODY)
        become_nobody(libc)
    if sys.platform == "linux":
        libc.prctl(PR_SET_PDEATHSIG, signal.SIGQUIT, 0, 0, 0)
    if os.getppid() == parent:
        os.execv(program[0], program)  # noqa: S606 the very purpose of this module


if __name__ == "__main__":
    main(sys.argv[1:])
