"""Every exception of foresay.

A message names the thing, the rule, the value it got and the way out.
"""


class ForesayError(Exception):
    """Something that a file, an option or a value caused; its text is what a user sees."""

    exit_code = 2


class StudyError(ForesayError):
    """A study file is missing, unreadable or says something that cannot be."""


class SourceError(ForesayError):
    """A data file is missing, unreadable, or outside the folders that a study may read."""


class ExpressionError(ForesayError):
    """An SQL expression is not a scalar expression over the columns that are there."""


class ChoiceError(ForesayError):
    """A named choice, a grouping or an estimand is unknown, or contradicts another."""


class UnsupportedError(ForesayError):
    """The tables cannot support what was asked; names the table or column that is missing."""


class InvalidTablesError(ForesayError):
    """Validation found errors, so nothing was computed."""

    exit_code = 1


class ReportError(ForesayError):
    """A report's source is outside the supported subset, or one of its cells failed."""


class VersionError(ForesayError):
    """A labelled version exists and would have to change."""


class OutputError(ForesayError):
    """An output file or folder cannot be written; nothing was half-written."""
