"""Why something is left out of a report, in the words of its reader."""

from __future__ import annotations

import re

from foresay.display import label_of

_WAYS_OUT = "add|ask|choose|estimate|map|name|narrow|pass|group|split|leave|set|give|use|write"
_WAY_OUT = re.compile(rf"[;,] (?:or )?(?:{_WAYS_OUT})\b[^;]*")
_NO_ROWS = re.compile(r"figure '[^']*' needs rows of estimand '([^']*)'.*", re.DOTALL)
_FIGURE = re.compile(r"^figure '[^']*' ")
_NEEDS = re.compile(r"^[^;:`]{1,60}? (?=(?:needs|takes) )")
_DOUBLED = re.compile(r"^[\w' -]{1,40}: ")


def in_readers_words(reason: str) -> str:
    """Return what the tables lack, without the name of what is left out and without ways out.

    Parameters
    ----------
    reason : str
        As an error says it: with the name of an estimand or a figure, what is lacking, and what
        somebody who runs foresay can do about it.

    Examples
    --------
    >>> in_readers_words("determinism gained needs repeated behaviours; add a table answers")
    'it needs repeated behaviours'
    >>> in_readers_words("figure 'scaling' would show 2,000 rows; narrow the estimates")
    'it would show 2,000 rows'
    >>> in_readers_words("the study has no predictions")
    'the study has no predictions'
    """
    if found := _NO_ROWS.fullmatch(reason):
        what = label_of(found[1])
        return f"no {what[:1].lower()}{what[1:]} could be estimated"
    said = _WAY_OUT.sub("", reason).rstrip(" .;,")
    if _FIGURE.match(said):
        return _FIGURE.sub("it ", said)
    said = f"it {said}" if said.startswith("needs ") else _NEEDS.sub("it ", said)
    return _DOUBLED.sub("", said.removesuffix(": undefined")) or reason
