"""Where in a directory, an archive or a listing our members are: at the top, or in one folder."""

from collections.abc import Collection, Iterable

from movalytics_common.errors import InvalidData, MissingInput

from movalytics_extract.members import OPTIONAL, REQUIRED


def movies(paths: Iterable[str], origin: str) -> dict[str, str]:
    """Member name → its path, for the members of the movies dataset that are there; other paths are ignored.

    Raises MissingInput when a required member is missing, InvalidData when two folders hold members.
    """
    found = locate(paths, (*REQUIRED, *OPTIONAL), origin)
    missing = [name for name in REQUIRED if name not in found]
    if missing:
        raise MissingInput(
            f"{origin} has no {' and no '.join(missing)}: it must hold {', '.join(REQUIRED)},"
            " at the top or in one folder, as Kaggle's The Movies Dataset does"
        )
    return found


def locate(paths: Iterable[str], names: Collection[str], origin: str) -> dict[str, str]:
    """Name → path for those of `names` that lie at the top or, when none does, in the one folder that has any.

    A path is only ever compared, never followed: `../links.csv` or `/links.csv` is nobody's member.
    """
    folders: dict[str, dict[str, str]] = {}
    for path in paths:
        folder, _, name = path.rpartition("/")
        if name in names and "/" not in folder and folder not in {".", ".."} and not path.startswith("/"):
            folders.setdefault(folder, {})[name] = path
    if "" in folders:
        return folders[""]
    if len(folders) > 1:
        raise InvalidData(f"{origin} has the files twice, in {' and in '.join(sorted(folders))}: keep one of them")
    return next(iter(folders.values()), {})
