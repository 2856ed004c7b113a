"""What is mutated, and which tests are to notice; the quickest first, for the first that fails ends the rest."""

from collections.abc import Mapping, Sequence

WAREHOUSE = "images/warehouse/movalytics_warehouse"
_UNIT, _INTEGRATION = "tests/unit/warehouse", "tests/integration/warehouse"
_LOADING = (f"{_INTEGRATION}/test_moving.py", f"{_INTEGRATION}/test_publishing.py")
_CHECKING = (
    f"{_INTEGRATION}/test_what_a_check_tells.py",
    f"{_INTEGRATION}/test_every_check.py",
    f"{_INTEGRATION}/test_judging_losses.py",
    f"{_INTEGRATION}/test_publishing.py",
)

# Mutants that no test can kill, by the line that they write: why nobody would notice.
EQUIVALENT: Mapping[str, str] = {
    r"^@dataclass\(frozen=False\)": "nobody changes a value",
    r"join\(\w+\[: ?\d+\]\)": "how many of its reasons an error lists is a choice",
    r'stage <= "published"': "of the two stages no other one stands before it",
    r'if stage <= "staged" else': "nothing that is published is judged row by row",
    r"if history else -1": "nobody has fewer than no runs",
    r"indent= ": "how a file for machines looks",
    r"^    \w+: (float|int) = +\d+": "how long one waits by default is a choice",
}

TARGETS: Mapping[str, Sequence[str]] = {
    # the load protocol
    f"{WAREHOUSE}/ledger.py": (f"{_UNIT}/test_run_order.py", f"{_INTEGRATION}/test_planning.py", *_LOADING),
    f"{WAREHOUSE}/load/filling.py": (f"{_UNIT}/test_telling.py", *_LOADING),
    f"{WAREHOUSE}/load/manifest.py": (f"{_UNIT}/test_manifest.py", f"{_INTEGRATION}/test_staging.py"),
    f"{WAREHOUSE}/load/marts.py": (f"{_UNIT}/test_incremental_marts.py", *_LOADING),
    f"{WAREHOUSE}/load/publish.py": _LOADING,
    f"{WAREHOUSE}/load/reconciling.py": _LOADING,
    f"{WAREHOUSE}/load/stage.py": (f"{_UNIT}/test_copy_failures.py", f"{_INTEGRATION}/test_staging.py", *_LOADING),
    f"{WAREHOUSE}/redshift/transactions.py": (
        f"{_UNIT}/test_transient_errors.py",
        f"{_INTEGRATION}/test_connecting.py",
        *_LOADING,
    ),
    # checks
    f"{WAREHOUSE}/quality/check.py": (
        *_CHECKING,
        f"{_INTEGRATION}/test_scope.py",
        f"{_INTEGRATION}/test_moving.py",
    ),
    f"{WAREHOUSE}/quality/checks.py": (f"{_UNIT}/test_check_results.py", *_CHECKING),
    f"{WAREHOUSE}/quality/row_rules.py": (f"{_UNIT}/test_unique_keys.py", *_CHECKING),
    # judging
    f"{WAREHOUSE}/quality/judgement.py": (f"{_UNIT}/test_judgement.py", f"{_INTEGRATION}/test_judging_losses.py"),
    # landing
    "images/extract/movalytics_extract/landing.py": (
        "tests/unit/extract/test_landing.py",
        "tests/integration/extract/test_landing_on_s3.py",
    ),
    # retries
    "images/extract/movalytics_extract/patience.py": ("tests/unit/extract/test_patience.py",),
    "workflows/movalytics_workflows/retries.py": (
        "tests/unit/workflows/test_which_faults_pass.py",
        "tests/unit/workflows/test_shape_of_the_dag.py",
    ),
    "workflows/movalytics_workflows/local/retrying.py": (
        "tests/unit/workflows/test_pauses.py",
        "tests/unit/workflows/test_scheduler.py",
    ),
}
