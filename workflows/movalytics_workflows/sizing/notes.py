"""What stands below the table of sizes: the formula of each column, and what nobody has measured."""

from movalytics_workflows.sizing import prices
from movalytics_workflows.sizing.means import DUE, Means, clock
from movalytics_workflows.sizing.plan import MONTHS, SHARE
from movalytics_workflows.sizing.rates import LOAD, RATINGS, Rates

_NOTES = """\
How it is reckoned, for a full run in which every month is new; "times" is rows / {rows:,}
  measured            {step} {transform:g} s, {load_steps} {load:g} s,
                      with {rows:,} ratings on {cores} cores, {measured_at}; time is taken to be linear in rows
  time                from {start} to {due} without {patience:g} minutes for outages, the rest in two:
                      {before:g} minutes until staging begins, {after:g} minutes from there on
  executors           the fewest whose {executor_cores} cores each do {cores} * {transform:g} s * times within that,
                      as if work divided evenly; the most is a core for each of {months} months
  memory              the chart's heap whatever the rows: a task holds a split of 128 MiB or a shuffle partition,
                      and of these there are to be {shuffle_partitions} * times (spark.sql.shuffle.partitions)
  transform, load     minutes: {cores} * {transform:g} s * times / all cores; {load:g} s * times * {least} / RPUs
  files               one for each of {months} months, each written by one task, and one for each of {besides} tables
  S3 requests         at least: beginning, parts and end of each upload, a GET for each split, two for each file
  RPUs, RPU-hours     multiples of {least} up to {most}, as if {least} were as fast as the stand-in on {cores} cores;
                      RPUs * load / 60
  $                   {known}, check them: S3 ${put:g} and ${get:g} for 1,000
                      PUTs and GETs; Spark ${cpu:g} a vCPU-hour and ${gibibyte:g} a GiB-hour (Fargate's),
                      drivers, the catalogue's pods and memory beside the heap included; Redshift ${rpu:g} an RPU-hour
What nobody has measured
  Redshift: load is the rate of the stand-in, a PostgreSQL. How fast {least} RPUs are, and whether twice as many are
  twice as fast, is not known.
  S3's latency, and what it is asked beyond the least; Kaggle's download. The benchmark has both on its disk.
  Spark beyond one node and {rows:,} ratings: shuffles over a network, nodes and pods that start, a month
  far larger than the others.
  What lies in S3 and Redshift, traffic between zones and the steps' own pods are not in the dollars.
"""


def notes(rates: Rates, means: Means) -> str:
    """The notes, with the numbers that were measured and those that the chart has."""
    (least, most), share = means.rpus, means.window / 60
    return _NOTES.format(
        step=RATINGS,
        rows=rates.rows,
        cores=rates.cores,
        measured_at=rates.measured_at,
        start=clock(means.start),
        patience=means.patience / 60,
        shuffle_partitions=means.shuffle_partitions,
        transform=rates.seconds[RATINGS],
        load=rates.together(*LOAD),
        load_steps=" + ".join(LOAD),
        due=clock(DUE),
        before=SHARE * share,
        after=(1 - SHARE) * share,
        executor_cores=means.ratings.cores,
        months=MONTHS,
        besides=means.files_besides,
        least=least,
        most=most,
        **_prices(),
    )


def _prices() -> dict[str, object]:
    return {
        "known": prices.KNOWN,
        "put": 1000 * prices.PUT,
        "get": 1000 * prices.GET,
        "cpu": prices.CPU_HOUR,
        "gibibyte": prices.GIBIBYTE_HOUR,
        "rpu": prices.RPU_HOUR,
    }
