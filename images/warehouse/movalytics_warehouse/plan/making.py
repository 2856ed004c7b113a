"""What the applications make is named by what it is made of, and made once: which of it is there already?"""

import argparse
import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from movalytics_common import lake
from movalytics_common.declaration import tables
from movalytics_common.errors import InvalidData, InvalidSettings, MissingInput

MAKE, HAVE = "make", "have"
KEY_DIGITS = 16


@dataclass(frozen=True)
class Making:
    """An application, the key of what it makes, and the run that made it already (none: "").

    `earlier` is the key of what it made for the published run, of which it may take over what stays the same.
    """

    application: str
    made: str
    maker: str
    earlier: str = ""

    @property
    def work(self) -> str:
        """`make`, or `have` and who made it, for people."""
        return f"{HAVE}, made by {self.maker}" if self.maker else MAKE


def applications() -> list[str]:
    """All that make tables, as the tables' declarations name them."""
    return list(dict.fromkeys(table.application for table in tables().values()))


def makings(told: Sequence[Sequence[str]], forced: bool) -> list[Making]:
    """What each application makes; `told`: its name, the folder but for the key, and what it is made of.

    Raises InvalidSettings unless these are the applications that the tables name, InvalidData for a strange manifest.
    """
    found = [_making(*one, forced=forced) for one in told]
    if sorted(one.application for one in found) != sorted(applications()):
        raise InvalidSettings(
            f"plan is told of {', '.join(one.application for one in found) or 'no application'} and the tables name "
            f"{', '.join(applications())}: give --application for each"
        )
    return found


def tell(arguments: argparse.Namespace, made: Sequence[Making]) -> None:
    """Write the outputs of each application."""
    paths = vars(arguments)
    for one in made:
        name = one.application.replace("-", "_")
        for output, text in (("made", one.made), ("work", one.work), ("earlier", one.earlier)):
            if path := paths.get(f"{name}_{output}_to"):
                Path(path).write_text(text)


def kept(told: Sequence[Sequence[str]], keys: Mapping[str, str]) -> list[Making]:
    """What applications made under these keys; `told`: an application's name, and the folder but for the key.

    Raises MissingInput when it is there no more, InvalidData for a strange manifest.
    """
    found = [Making(name, keys[name], _maker(name, f"{prefix}{keys[name]}")) for name, prefix in told]
    for one, (_, prefix) in zip(found, told, strict=True):
        if not one.maker:
            raise MissingInput(f"{prefix}{one.made} is not there any more, or not whole: {one.application} made it")
    return found


def _making(application: str, prefix: str, ingredients: str, *, forced: bool) -> Making:
    made = hashlib.sha256(f"{application} {ingredients}".encode()).hexdigest()[:KEY_DIGITS]
    return Making(application, made, "" if forced else _maker(application, f"{prefix}{made}"))


def _maker(application: str, folder: str) -> str:
    """The run that made it, when all its manifests are there: they are written last, and deleted first."""
    manifests = [
        lake.join(folder, f"{name}.manifest") for name, table in tables().items() if table.application == application
    ]
    if not all(lake.exists(uri) for uri in manifests):
        return ""
    try:
        return str(json.loads(lake.read_bytes(manifests[0]))["movalytics"]["run"])
    except (ValueError, KeyError, TypeError, RecursionError) as error:
        raise InvalidData(f"{manifests[0]} is not a manifest of ours ({error!r}): delete it to make it anew") from error
