"""Logging: events with fields on standard error, JSON in a pod, readable in a terminal."""

import sys

import structlog
from structlog.typing import FilteringBoundLogger, Processor


def configure(debug: bool = False) -> None:
    """Send every event to standard error: one JSON object a line, or columns for a person at a terminal."""
    readable = sys.stderr.isatty()
    processors: list[Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.processors.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
    ]
    processors += (
        [structlog.dev.ConsoleRenderer()]
        if readable
        else [structlog.processors.format_exc_info, structlog.processors.JSONRenderer()]
    )
    structlog.configure(
        processors=processors,
        wrapper_class=structlog.make_filtering_bound_logger("debug" if debug else "info"),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
        cache_logger_on_first_use=False,
    )


def get_logger() -> FilteringBoundLogger:
    """The logger of the calling step: `log.info("ratings_written", rows=n)`."""
    logger: FilteringBoundLogger = structlog.get_logger()
    return logger
