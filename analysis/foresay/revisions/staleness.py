"""What is stale, and why: every version and the draft against what a study is made from now."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any, Literal

from foresay.errors import ForesayError
from foresay.publishing.manifest import Manifest, differences
from foresay.publishing.publish import Order, manifest_of
from foresay.publishing.versions import DRAFT
from foresay.revisions.listing import Version, list_versions
from foresay.study import Study, read_study

State = Literal["up to date", "stale", "files changed", "cannot be made", "unreadable"]
_WAYS_OUT: dict[State, str] = {
    "up to date": "",
    "stale": "render under another label: it never changes",
    "files changed": "move it away, and render it again from what it was made from",
    "cannot be made": "put back what is missing, to know whether it is stale",
    "unreadable": "move it away",
}
_OF_DRAFT = "foresay render --draft"


@dataclass(frozen=True, slots=True, kw_only=True)
class Status:
    """Whether one thing that was made is what would be made now.

    Parameters
    ----------
    name : str
        A label, ``draft``, or the name of a request.
    state : {"up to date", "stale", "files changed", "cannot be made", "unreadable"}
        Of a request "cannot be made" goes before all but "unreadable"; of a version "files changed"
        does too.
    reasons : tuple of str
        What moved: data, code, choices, pages and includes, bibliography, libraries. Or what it
        cannot be made without.
    way_out : str
        What can be done.
    """

    name: str
    state: State
    reasons: tuple[str, ...]
    way_out: str

    @property
    def stale(self) -> bool:
        """Whether anything is to be said about it."""
        return self.state != "up to date"

    def to_json(self) -> dict[str, Any]:
        """Return it for a machine."""
        return {
            "name": self.name,
            "state": self.state,
            "reasons": list(self.reasons),
            "way_out": self.way_out,
        }


def statuses(order: Order) -> list[Status]:
    """Return the state of every version in a study's folder of versions, the draft last.

    Each is held against what it would be made from now in its own formats and by its own engine.

    Parameters
    ----------
    order : Order
        The study, the folder of its data and that of its versions.

    Raises
    ------
    StudyError
        The study file cannot be read.
    """
    study = read_study(order.study)
    now: dict[str, Manifest | str] = {}
    return [_status(version, order, study, now) for version in list_versions(order.versions)]


def _status(version: Version, order: Order, study: Study, now: dict[str, Manifest | str]) -> Status:
    made = version.manifest
    if made is None:
        return _found(version, "unreadable", version.changed)
    if made.engine not in now:
        now[made.engine] = _planned(order, study, made.engine)
    planned = now[made.engine]
    if isinstance(planned, str):
        reasons: tuple[str, ...] = (planned,)
    else:
        same = planned.model_copy(update={"version": made.version, "formats": made.formats})
        reasons = tuple(map(str, differences(made, same)))
    if version.changed:
        return _found(version, "files changed", version.changed + reasons)
    if isinstance(planned, str):
        return _found(version, "cannot be made", reasons)
    return _found(version, "stale" if reasons else "up to date", reasons)


def _planned(order: Order, study: Study, engine: str) -> Manifest | str:
    if engine not in ("quarto", "embedded"):
        return f"its engine {engine!r} is not one of foresay's"
    try:
        return manifest_of(
            replace(order, engine="quarto" if engine == "quarto" else "embedded"), study
        )
    except ForesayError as error:  # its data or the engine is gone
        return str(error)


def _found(version: Version, state: State, reasons: tuple[str, ...]) -> Status:
    mendable = version.name == DRAFT and state not in ("up to date", "cannot be made")
    way_out = _OF_DRAFT if mendable else _WAYS_OUT[state]
    return Status(name=version.name, state=state, reasons=reasons, way_out=way_out)
