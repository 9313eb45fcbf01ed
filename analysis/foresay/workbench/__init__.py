"""The workbench: an opened study, and everything that can be asked of it."""

from foresay.workbench.varying import Varying


class Workbench(Varying):
    """An opened study. Tables are read when they are first needed.

    Use `foresay.read` to make one; it is also a context manager that closes the engine. What can
    be asked of it stands in a file for each kind of question; `foresay.workbench.opened.Opened`
    describes how it is made.
    """


__all__ = ["Workbench"]
