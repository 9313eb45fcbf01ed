"""Analysis and reports of self-prediction studies of language models.

``foresay.read("study.yml")`` opens a study; the rest hangs on what it returns.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

    from foresay.workbench import Workbench

__version__ = "0.1.0"

__all__ = ["__version__", "read"]


def read(study: str | Path, *, data: str | Path | None = None) -> Workbench:
    """Open a study.

    Parameters
    ----------
    study : str or Path
        A `study.yml`, or the folder that holds one.
    data : str or Path, optional
        Folder that the study's files are relative to; default: the study file's own.

    Returns
    -------
    Workbench
        The opened study: `validate`, `estimate`, `contrast`, `glance`.

    Raises
    ------
    StudyError
        The study file is missing or says something that cannot be.
    """
    from foresay.workbench import Workbench

    return Workbench.open(study, data=data)
