"""The answers' sentences in the ledger, so that those of two runs can be compared."""

from psycopg2.extensions import connection as Connection  # noqa: N812 psycopg2's class has a lower-case name

from movalytics_warehouse.ledger import lock
from movalytics_warehouse.redshift.statements import execute, execute_rows
from movalytics_warehouse.report import headlines
from movalytics_warehouse.report.facts import Facts

CHARACTERS = 500  # at most 4 bytes each in VARCHAR(2000)


def keep_answers(connection: Connection, facts: Facts) -> None:
    """Enter the run's answers, in place of those of an earlier report on it."""
    lock(connection)
    run_id = facts.run.run_id
    execute(connection, "movies_ops/clear_answers", run_id=run_id)
    rows = [
        {"run_id": run_id, "answer": answer, "headline": headlines.plain(sentence)[:CHARACTERS]}
        for answer, sentence in headlines.all_four(facts).items()
    ]
    execute_rows(connection, "movies_ops/insert_answer", rows)
