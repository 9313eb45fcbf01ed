"""What the cells of a reply letter print."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from foresay.revisions.answers import RESULT_FILE
from foresay.study.requests import Request

if TYPE_CHECKING:
    import pandas as pd

    from foresay.display import DisplayTable
    from foresay.figures import Figure
    from foresay.publishing.report import Prose

REPLIES = "FORESAY_REPLIES"
"""Environment variable: the folder of requests that the cells of a letter read."""


class Replies:
    """What the cells of a letter print, by the name of a request.

    Parameters
    ----------
    folder : Path
        The folder of requests, each answered.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def question(self, name: str) -> Prose:
        """Return the question in the words of who asked."""
        from foresay.publishing.escaping import markdown_text
        from foresay.publishing.report import Prose

        return Prose(f"*{markdown_text(self._request(name).question.strip())}*", escaped=True)

    def status(self, name: str) -> Prose:
        """Say whether it is open, answered or declined, and against which version."""
        from foresay.publishing.report import Prose

        version = str(self._result(name)["version"])
        called = "the draft" if version == "draft" else f"version {version}"
        status = self._request(name).status
        return Prose(f"{status[:1].upper()}{status[1:]}; against {called}.")

    def answer(self, name: str) -> Prose:
        """Return the paragraphs of the reply."""
        from foresay.publishing.escaping import markdown_text
        from foresay.publishing.report import Prose

        told = [markdown_text(str(text)) for text in self._result(name)["paragraphs"] if text]
        return Prose("\n\n".join(told), escaped=True)

    def table(self, name: str) -> DisplayTable:
        """Return the rows of before and after."""
        from foresay.revisions.before_after import before_after_table

        return before_after_table(self._frame(name), f"request-{name.lower().replace('.', '-')}")

    def claims(self, name: str) -> DisplayTable:
        """Return the claims with their verdicts before and after."""
        from foresay.revisions.claim_verdicts import claims_table

        slug = name.lower().replace(".", "-")
        return claims_table(shown_claims(self._result(name)), f"claims-{slug}")

    def figure(self, name: str) -> Figure:
        """Return the figure of before and after."""
        from foresay.revisions.drawing import plot_before_after

        return plot_before_after(self._frame(name))

    def caption(self, name: str) -> Prose:
        """Return the caption of the figure."""
        from foresay.publishing.report import Prose

        return Prose(f"[{self.figure(name).caption_markdown}]{{.figure-note}}", escaped=True)

    def _request(self, name: str) -> Request:
        from foresay.study.requests import read_request

        return read_request(self._folder / f"{name}.yml")

    def _result(self, name: str) -> dict[str, Any]:
        found: dict[str, Any] = json.loads(
            (self._folder / name / RESULT_FILE).read_text(encoding="utf-8")
        )
        return found

    def _frame(self, name: str) -> pd.DataFrame:
        from foresay.revisions.before_after import frame_of

        return frame_of(self._result(name)["rows"])


def open_replies() -> Replies:
    """Return the replies of the letter that is being rendered."""
    from foresay.publishing.drawn import Drawn

    Drawn.has_script = False
    return Replies(Path(os.environ[REPLIES]))


def shown_claims(result: Mapping[str, Any]) -> pd.DataFrame:
    """Return the claims that a reply prints."""
    import pandas as pd

    from foresay.revisions.claim_verdicts import COLUMNS, shown

    frame = pd.DataFrame(result["claims"], columns=list(COLUMNS))
    return shown(frame, named=bool(result.get("named_claims")))
