"""Which replies to requests are stale, and why."""

from __future__ import annotations

from pathlib import Path

from foresay.errors import ForesayError, VersionError
from foresay.publishing.manifest import MANIFEST_FILE, differences, read_manifest
from foresay.publishing.publish import Order
from foresay.publishing.versions import tampering
from foresay.revisions.answers import reply_inputs
from foresay.revisions.request_list import request_files
from foresay.revisions.staleness import State, Status
from foresay.study.requests import read_request


def reply_statuses(order: Order) -> list[Status]:
    """Return the state of the reply to each request of a study, in the order of the requests.

    A reply is held against what it would be made from now: the request, the data, the version that
    it is computed against, code and libraries. One that was never computed is stale.

    Parameters
    ----------
    order : Order
        The study, the folder of its data and that of its versions.
    """
    folder = order.study.resolve().parent / "requests"
    return [_status(path, order) for path in request_files(folder)]


def _status(path: Path, order: Order) -> Status:
    name, again = f"request {path.stem}", f"foresay reanalyze {path.parent.name}/{path.name}"

    def found(state: State, reasons: list[str], way_out: str = again) -> Status:
        return Status(name=name, state=state, reasons=tuple(reasons), way_out=way_out)

    try:
        folder = path.parent / read_request(path).id
        now = reply_inputs(path, order.study, versions=order.versions, data=order.data)
    except ForesayError as error:
        return found("unreadable", str(error).splitlines(), "mend the request file")
    if not folder.is_dir():
        return found("stale", ["it was never computed"])
    try:
        made = read_manifest(folder / MANIFEST_FILE)
        changed = tampering(folder, made)
    except VersionError as error:
        return found("unreadable", str(error).splitlines())
    reasons = [*changed, *map(str, differences(made, now))]
    if changed:
        return found("files changed", reasons)
    return found("stale", reasons) if reasons else found("up to date", [], "")
