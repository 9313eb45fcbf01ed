"""Which replies to requests are stale, and why."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from foresay.errors import ForesayError, SourceError, VersionError
from foresay.publishing.manifest import MANIFEST_FILE, differences, read_manifest
from foresay.publishing.publish import Order
from foresay.publishing.versions import tampering
from foresay.revisions.answers import reply_inputs
from foresay.revisions.request_faults import Surroundings, faults
from foresay.revisions.request_list import request_files
from foresay.revisions.staleness import State, Status
from foresay.study.requests import is_request


def reply_statuses(order: Order) -> list[Status]:
    """Return the state of the reply to each request of a study, in the order of the requests.

    A reply is held against what it would be made from now: the request, the data, the version that
    it is computed against, code and libraries. One that was never computed is stale; one whose
    data or version is missing, or whose request asks for what is not there, cannot be made.

    Parameters
    ----------
    order : Order
        The study, the folder of its data and that of its versions.
    """
    folder = order.study.resolve().parent / "requests"
    if not (files := request_files(folder)):
        return []
    there = Surroundings.of(order.study, versions=order.versions, data=order.data)
    return [_status(path, order, there) for path in files]


def _status(path: Path, order: Order, there: Surroundings) -> Status:
    name, again = f"request {path.stem}", f"foresay reanalyze {path.parent.name}/{path.name}"

    def found(state: State, reasons: list[str], way_out: str = again) -> Status:
        return Status(name=name, state=state, reasons=tuple(reasons), way_out=way_out)

    if amiss := faults(path, there):
        state: State = "cannot be made" if is_request(path) else "unreadable"
        return found(state, _lines(amiss), _ways_out(amiss))
    folder = path.parent / path.stem
    try:
        now = reply_inputs(path, order.study, versions=order.versions, data=order.data)
    except ForesayError as error:  # a file of the study itself
        return found("cannot be made", _lines([error]), _ways_out([error]))
    if not folder.is_dir():
        return found("stale", ["it was never computed"])
    try:
        made = read_manifest(folder / MANIFEST_FILE)
        changed = tampering(folder, made)
    except VersionError as error:
        return found("unreadable", _lines([error]))
    reasons = [*changed, *map(str, differences(made, now))]
    if changed:
        return found("files changed", reasons)
    return found("stale", reasons) if reasons else found("up to date", [], "")


def _lines(errors: Sequence[ForesayError]) -> list[str]:
    return [line for error in errors for line in str(error).splitlines()]


def _ways_out(errors: Sequence[ForesayError]) -> str:
    """Say what is to be done about what is missing, and about what is wrong in the file."""
    ways: dict[type[ForesayError], str] = {
        VersionError: "render the version, or name another one under against",
        SourceError: "put the data file where it is looked for, or name its folder with --data",
    }
    return "; ".join(dict.fromkeys(ways.get(type(e), "mend the request file") for e in errors))
