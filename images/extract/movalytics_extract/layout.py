"""Where in a directory, an archive or a listing our files are: in the one folder that has all that is required."""

import re
from collections.abc import Callable, Collection, Iterable, Mapping

from movalytics_common.errors import InvalidData, MissingInput

from movalytics_extract.members import OPTIONAL, REQUIRED
from movalytics_extract.series import FILE, SERIES

# What a file name may be: our name for the file, and how far its spelling is from ours (smaller is nearer).
Known = Callable[[str], tuple[str, int] | None]
Folders = Mapping[str, Mapping[str, list[tuple[int, str]]]]
_MEMBER = re.compile(r"(.+\.csv)(\.zip|\.gz)?", re.IGNORECASE)
_SERIES = re.compile(rf"{SERIES}(_\d{{8}})?(\.csv|\.zip|\.csv\.zip|\.csv\.gz)", re.IGNORECASE)
_ARCHIVE = re.compile(r".+\.(zip|gz|tgz|tar|bz2|xz|7z|rar|zst)", re.IGNORECASE)


def movies(paths: Iterable[str], origin: str) -> dict[str, str]:
    """Member name → its path, for the members of the movies dataset; other paths are ignored.

    They are taken from the top when all that is required is there, else from the one folder that has it all. Letter
    case, a leading `./` or `/` and backslashes do not matter; `ratings.csv.zip` and `ratings.csv.gz` are members too.
    A path is only ever compared, never followed: one with `..` in it is nobody's member.
    Raises MissingInput when no folder has all, InvalidData when several have.
    """
    listed = list(paths)
    folders = _folders(listed, _member((*REQUIRED, *OPTIONAL)))
    complete = [folder for folder, found in folders.items() if found.keys() >= set(REQUIRED)]
    if not complete:
        raise _incomplete(folders, listed, origin)
    return _nearest(folders[_only(complete, origin)], origin)


def locate(paths: Iterable[str], name: str, origin: str) -> str:
    """The path of the one file of that name, at the top or in a folder, or nothing. Raises InvalidData."""
    return _one(paths, _member([name]), name, origin)


def cpi(paths: Iterable[str], origin: str) -> str:
    """The path of the CPI series, also under the name of a vintage or packed, or nothing. Raises InvalidData."""
    return _one(paths, _series, FILE, origin)


def archives(paths: Iterable[str]) -> list[str]:
    """The paths that look like archives, which may hold what is missed."""
    return [path for path in paths if _ARCHIVE.fullmatch(path)]


def _member(names: Collection[str]) -> Known:
    def known(file: str) -> tuple[str, int] | None:
        found = _MEMBER.fullmatch(file)
        if not found or found[1].lower() not in names:
            return None
        name = found[1].lower()
        return name, 2 if found[2] else int(file != name)

    return known


def _series(file: str) -> tuple[str, int] | None:
    found = _SERIES.fullmatch(file)
    return (FILE, 4 * bool(found[1]) + 2 * (found[2].lower() != ".csv") + (file != FILE)) if found else None


def _folders(paths: Iterable[str], known: Known) -> Folders:
    """Folder → name → how far the spelling is and the path, for the paths that are known."""
    folders: dict[str, dict[str, list[tuple[int, str]]]] = {}
    for path in paths:
        *parts, file = [part for part in path.replace("\\", "/").split("/") if part not in {"", "."}] or [""]
        name = known(file)
        if name and ".." not in parts and "__MACOSX" not in parts:
            folders.setdefault("/".join(parts), {}).setdefault(name[0], []).append((name[1], path))
    return folders


def _one(paths: Iterable[str], known: Known, name: str, origin: str) -> str:
    folders = _folders(paths, known)
    return _nearest(folders[_only(list(folders), origin)], origin)[name] if folders else ""


def _only(folders: list[str], origin: str) -> str:
    """The top, if it is among the folders, else the only one there is."""
    if "" in folders:
        return ""
    if len(folders) > 1:
        raise InvalidData(
            f"{origin} has the files {'twice' if len(folders) == 2 else f'{len(folders)} times'},"
            f" in {' and in '.join(sorted(folders))}: keep one of them"
        )
    return folders[0]


def _nearest(found: Mapping[str, list[tuple[int, str]]], origin: str) -> dict[str, str]:
    """Name → the path whose spelling is nearest. Raises InvalidData when two are equally near."""
    chosen = {}
    for name, candidates in found.items():
        nearest = min(candidates)[0]
        paths = [path for distance, path in candidates if distance == nearest]
        if len(paths) > 1:
            raise InvalidData(f"{origin} has {name} {len(paths)} times, as {' and as '.join(paths)}: keep one of them")
        chosen[name] = paths[0]
    return chosen


def _incomplete(folders: Folders, paths: Collection[str], origin: str) -> MissingInput:
    best = max(folders, key=lambda folder: len(folders[folder].keys() & set(REQUIRED)), default="")
    missing = [name for name in REQUIRED if name not in folders.get(best, {})]
    elsewhere = {name: folder for name in missing for folder, found in folders.items() if name in found}
    hints = [
        f"{name} is in {folder or 'its top'}, the rest in {best or 'its top'}" for name, folder in elsewhere.items()
    ]
    hints += [
        f"it holds {', '.join(packed)}: unpack that, or name it alone" for packed in [archives(paths)[:3]] if packed
    ]
    return MissingInput(
        f"{origin} has no {' and no '.join(missing)}{f' in {best}' if best else ''}: it must hold {', '.join(REQUIRED)}"
        f" in one folder, as Kaggle's The Movies Dataset does{''.join(f' ({hint})' for hint in hints)}"
    )
