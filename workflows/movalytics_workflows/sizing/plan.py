"""From rates to sizes: the fewest executors and RPUs with which so many ratings are ready in time."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from math import ceil

from movalytics_workflows.sizing.means import Means
from movalytics_workflows.sizing.rates import AFTER, BEFORE, CATALOGUE, LANDING, LOAD, RATINGS, Rates

SHARE = 0.5  # of the window, for what comes before staging; the other half is for staging and all that follows
# The months of MovieLens' ratings, and of those that the benchmark generates; a month is a file, which one task writes.
FIRST, LAST = date(1995, 1, 1), date(2017, 8, 1)
MONTHS = (LAST.year - FIRST.year) * 12 + LAST.month - FIRST.month + 1
# A rating's bytes: Kaggle's ratings.csv has 709,550,327 in 26,024,289 rows; 5,000,000 rows took 85 MB as Parquet.
CSV_BYTES, PARQUET_BYTES = 709_550_327 / 26_024_289, 17
# boto3's and S3A's parts of an upload, and Spark's splits, as none of these is set here.
LANDED_PART, WRITTEN_PART, SPLIT = 8 << 20, 64 << 20, 128 << 20
MOST_PARTS = 10_000  # of an upload: https://docs.aws.amazon.com/AmazonS3/latest/userguide/qfacts.html


@dataclass(frozen=True)
class Plan:
    """Sizes for `rows` ratings, and what they come to: seconds of each step, files, requests to S3 at least.

    `late` says why it is not ready by 7:00, one reason each; nothing when it is.
    """

    rows: int
    executors: int
    shuffle_partitions: int
    rpus: int
    seconds: Mapping[str, float]
    files: int
    puts: int
    gets: int
    late: tuple[str, ...]

    @property
    def load_seconds(self) -> float:
        """For so long Redshift works."""
        return sum(self.seconds[step] for step in LOAD)

    @property
    def total_seconds(self) -> float:
        """From start to end, when nothing waits; the two transforms go side by side."""
        return _total(self.seconds)


def plan(rows: int, rates: Rates, means: Means) -> Plan:
    """The fewest executors and RPUs that keep the window's shares; the most that have work when none do."""
    scale = rows / rates.rows
    executors, rpus = _executors(scale, rates, means), _rpus(scale, rates, means)
    seconds = _seconds(scale, rates, means, executors, rpus)
    return Plan(
        rows=rows,
        executors=executors,
        shuffle_partitions=ceil(means.shuffle_partitions * max(scale, 1)),
        rpus=rpus,
        seconds=seconds,
        files=MONTHS + means.files_besides,
        puts=_puts(rows, means.files_besides),
        gets=_gets(rows, means.files_besides),
        late=tuple(_late(rows, seconds, means)),
    )


def _puts(rows: int, files_besides: int) -> int:
    """An upload's beginning, its parts and its end: of ratings.csv, of each month, and of each other file."""
    landed = ceil(rows * CSV_BYTES / LANDED_PART)
    month = ceil(rows * PARQUET_BYTES / MONTHS / WRITTEN_PART)
    return 2 + landed + MONTHS * (2 + month) + files_besides * 3


def _gets(rows: int, files_besides: int) -> int:
    """A split of ratings.csv each; a file each when Spark counts what it wrote, and again when Redshift copies it."""
    return ceil(rows * CSV_BYTES / SPLIT) + 2 * (MONTHS + files_besides)


def transform_budget(scale: float, rates: Rates, means: Means) -> float:
    """Seconds that the transform may take: what its share of the window leaves, and its own deadline at most."""
    before = rates.together(*BEFORE) + scale * rates.seconds[LANDING]
    return min(SHARE * means.window - before, means.deadlines[RATINGS])


def load_budget(rates: Rates, means: Means) -> float:
    """Seconds that staging, checks and publishing may take together."""
    return (1 - SHARE) * means.window - rates.together(*AFTER)


def _executors(scale: float, rates: Rates, means: Means) -> int:
    """More than there are months have no work while these are written."""
    sizes, budget = means.ratings, transform_budget(scale, rates, means)
    most = max(sizes.fewest, MONTHS // sizes.cores)
    wanted = ceil(_work(scale, rates) / budget / sizes.cores) if budget > 0 else most
    return min(max(sizes.fewest, wanted), most)


def _work(scale: float, rates: Rates) -> float:
    """Seconds that one core would take for the transform."""
    return scale * rates.seconds[RATINGS] * rates.cores


def _rpus(scale: float, rates: Rates, means: Means) -> int:
    """A multiple of the least, which is taken to be as fast as the stand-in was."""
    (least, most), budget = means.rpus, load_budget(rates, means)
    times = ceil(scale * rates.together(*LOAD) / budget) if budget > 0 else most
    return min(least * max(times, 1), most)


def _seconds(scale: float, rates: Rates, means: Means, executors: int, rpus: int) -> dict[str, float]:
    """Of each step: linear in rows where ratings are what it works on."""
    fixed = {step: rates.seconds[step] for step in (*BEFORE, *AFTER)}
    catalogue = means.catalogue
    own = {
        LANDING: scale * rates.seconds[LANDING],
        CATALOGUE: rates.seconds[CATALOGUE] * rates.cores / (catalogue.most * catalogue.cores),
        RATINGS: _work(scale, rates) / (executors * means.ratings.cores),
    }
    return fixed | own | {step: scale * rates.seconds[step] * means.rpus[0] / rpus for step in LOAD}


def _late(rows: int, seconds: Mapping[str, float], means: Means) -> Iterator[str]:
    """Why a run is not ready by 7:00, or is ended before it is."""
    if rows * CSV_BYTES > MOST_PARTS * LANDED_PART:
        yield f"ratings.csv has more than the {MOST_PARTS:,} parts of 8 MiB in which it is landed"
    for step, taken in seconds.items():
        if taken > means.deadlines[step] + 1e-6:
            yield f"{step} takes {taken / 60:,.0f} minutes and is ended after {means.deadlines[step] / 60:,.0f}"
    if (total := _total(seconds)) > means.window + 1e-6:
        yield f"all of it takes {total / 60:,.0f} minutes of the {means.window / 60:,.0f} that there are"


def _total(seconds: Mapping[str, float]) -> float:
    side_by_side = {RATINGS, CATALOGUE}
    others = sum(taken for step, taken in seconds.items() if step not in side_by_side)
    return others + max(seconds[step] for step in side_by_side)
