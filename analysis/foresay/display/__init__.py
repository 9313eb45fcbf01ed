"""Displays: numbers, sentences and tables as text. All formatting lives here; nothing is computed.

Data flows: escaping -> numbers -> sentences -> layout -> tables -> estimates, comparisons,
calibration -> printed. A `DisplayTable` is written by web, latex and markdown.
"""

from __future__ import annotations

from foresay.display.escaping import (
    escape_formula,
    escape_html,
    escape_latex,
    escape_markdown,
    script_json,
    visible,
)
from foresay.display.estimates import estimates_table, grouping_columns
from foresay.display.layout import Column, DisplayTable, csv_text
from foresay.display.numbers import (
    MINUS,
    MISSING,
    Number,
    count,
    decimal,
    digits_for,
    interval_text,
    is_missing,
    number,
    p_text,
    percent,
    range_text,
    value_text,
)
from foresay.display.printed import printed_table
from foresay.display.sentences import direction, label_of, listing, plural, tally
from foresay.display.tables import frame_table
from foresay.display.units import percent_text, points_text
from foresay.display.verdicts import part_words, verdict_words, words_of_test

__all__ = [
    "MINUS",
    "MISSING",
    "Column",
    "DisplayTable",
    "Number",
    "count",
    "csv_text",
    "decimal",
    "digits_for",
    "direction",
    "escape_formula",
    "escape_html",
    "escape_latex",
    "escape_markdown",
    "estimates_table",
    "frame_table",
    "grouping_columns",
    "interval_text",
    "is_missing",
    "label_of",
    "listing",
    "number",
    "p_text",
    "part_words",
    "percent",
    "percent_text",
    "plural",
    "points_text",
    "printed_table",
    "range_text",
    "script_json",
    "tally",
    "value_text",
    "verdict_words",
    "visible",
    "words_of_test",
]
