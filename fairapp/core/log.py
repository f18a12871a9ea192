"""The log for the operator: one line an event, on standard error."""

import logging
import sys

import structlog
from flask import Flask


def init_app(app: Flask) -> None:
    """Write plain lines; a traceback without the values of its variables, which may be somebody's data."""
    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.dev.ConsoleRenderer(colors=False, exception_formatter=structlog.dev.plain_traceback),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(logging.DEBUG if app.debug else logging.INFO),
        logger_factory=structlog.WriteLoggerFactory(file=sys.stderr),
    )
