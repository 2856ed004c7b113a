"""The commands of extract: discover, extract-movies, extract-cpi."""

import argparse
import sys
from pathlib import Path

from movalytics_common import lake, step

from movalytics_extract import sources
from movalytics_extract.landing import Place, land


def discover(arguments: argparse.Namespace) -> dict[str, object]:
    """Write the versions that the sources offer now, or the pinned ones, to the two files."""
    movies_version = sources.movies(arguments.movies).version(arguments.movies_version)
    cpi_version = sources.cpi(arguments.cpi, arguments.cpi_vintage).version("")
    arguments.movies_version_to.write_text(movies_version)
    arguments.cpi_version_to.write_text(cpi_version)
    return {"movies_version": movies_version, "cpi_version": cpi_version}


def extract_movies(arguments: argparse.Namespace) -> dict[str, object]:
    """Land one version of the movies dataset."""
    place = Place(arguments.output, "movies", arguments.version, arguments.source)
    return land(place, lambda: sources.movies(arguments.source).members(arguments.version))


def extract_cpi(arguments: argparse.Namespace) -> dict[str, object]:
    """Land one version of the CPI series."""
    place = Place(arguments.output, "cpi", arguments.version, arguments.source)
    return land(place, lambda: sources.cpi(arguments.source, arguments.vintage).members(arguments.version))


def build_parser() -> argparse.ArgumentParser:
    """The command line of this component."""
    parser = argparse.ArgumentParser(prog="python -m movalytics_extract", description=__doc__, allow_abbrev=False)
    steps = parser.add_subparsers(required=True, metavar="COMMAND")
    command = step.add_step(steps, "discover", discover, "which versions do the sources offer now?")
    command.add_argument("--movies", required=True, metavar="SRC", help="directory, zip archive or kaggle:OWNER/SLUG")
    command.add_argument("--movies-version", default="", metavar="PIN", help="a version instead of the current one")
    command.add_argument("--cpi", required=True, metavar="SRC", help="directory, zip archive, csv or fred:SERIES")
    command.add_argument("--cpi-vintage", default="", metavar="DATE", help="the series as it stood on that day")
    command.add_argument("--movies-version-to", required=True, type=Path, metavar="PATH")
    command.add_argument("--cpi-version-to", required=True, type=Path, metavar="PATH")
    for name, work in (("movies", extract_movies), ("cpi", extract_cpi)):
        command = step.add_step(steps, f"extract-{name}", work, f"land one version of {name} in the lake")
        command.add_argument("--source", required=True, metavar="SRC", help="as discover takes it")
        command.add_argument("--version", required=True, help="the version that discover found")
        command.add_argument("--output", required=True, metavar="URI", help="where in the lake it lands")
    command.add_argument("--vintage", default="", metavar="DATE", help="the series as it stood on that day")
    return parser


if __name__ == "__main__":
    sys.exit(step.run(build_parser(), lake.write_bytes))
