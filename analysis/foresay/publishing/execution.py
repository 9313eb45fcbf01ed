"""One run of a report's cells and inline expressions, shared by all formats."""

from __future__ import annotations

import ast
import contextlib
import json
import re
import tempfile
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, cast

from foresay.errors import ReportError
from foresay.publishing.escaping import markdown_text
from foresay.publishing.interpreters import Interpreter, interpreter, kernel_folder
from foresay.publishing.outputs import joined
from foresay.publishing.parameters import injected_code, is_parameters
from foresay.publishing.problems import shown
from foresay.publishing.prose import inline_expressions
from foresay.publishing.qmd import Cell, Document, Line, Prose

if TYPE_CHECKING:
    from jupyter_client.manager import AsyncKernelManager

Output = Mapping[str, Any]
_ANSI = re.compile(r"\x1b\[[0-9;]*[A-Za-z]")
_IN_CELL = re.compile(r"(?:Cell In\[\d+\]|<ipython-input[^>]*>), line (\d+)")
_INLINE_TYPE = "application/x-foresay-inline+json"


@dataclass(frozen=True, slots=True, kw_only=True)
class Executed:
    """What a run gave.

    Parameters
    ----------
    outputs
        Outputs of each cell, by the index of its block in the document.
    inline
        Markdown of each inline expression, by the index of its block.
    """

    outputs: Mapping[int, tuple[Output, ...]]
    inline: Mapping[int, tuple[str, ...]]


@contextlib.contextmanager
def started(
    path: Path,
    *,
    project_root: Path,
    env: Mapping[str, str],
    ready: str = "",
    waiting: Interpreter | None = None,
) -> Iterator[AsyncKernelManager]:
    """Start a fresh kernel of the running interpreter, for one run.

    It gets ready by itself, so that a caller who has other things to do starts it first.

    Parameters
    ----------
    path
        The report's source.
    project_root
        Working directory of the cells (``execute-dir: project``).
    env
        Environment variables of the kernel, on top of the present ones.
    ready
        A module that it imports before it takes the first cell, because cells will.
    waiting
        The Python that becomes the kernel; by default one is started.
    """
    with (
        tempfile.TemporaryDirectory(prefix="foresay-kernel-", dir=kernel_folder()) as name,
        contextlib.nullcontext(waiting) if waiting else interpreter() as given,
    ):
        folder = Path(name)
        given.prepare(
            project_root, _environment(path, project_root, env, folder), [ready] if ready else []
        )
        from jupyter_core.utils import run_sync  # while it imports, too

        from foresay.publishing.kernels import kernel_manager

        kernel = kernel_manager(folder, given)
        run_sync(kernel.start_kernel)()
        try:
            yield kernel
        finally:
            if run_sync(kernel.is_alive)():
                run_sync(kernel.shutdown_kernel)(now=True)


def execute(
    document: Document,
    *,
    project_root: Path,
    env: Mapping[str, str],
    parameters: Mapping[str, object],
    defaults: Mapping[str, object],
    progress: Callable[[str], None],
    kernel: AsyncKernelManager | None = None,
    ran: Callable[[Cell, tuple[Output, ...]], None] = lambda _cell, _outputs: None,
) -> Executed:
    """Run a report once.

    Parameters
    ----------
    document
        The parsed report.
    project_root
        Working directory of the cells (``execute-dir: project``).
    env
        Environment variables of the kernel, on top of the present ones.
    parameters
        New values for the names that the cell tagged ``parameters`` sets.
    defaults
        The ``execute`` options that hold for every cell that does not say otherwise.
    progress
        Told what is being run.
    kernel
        One that was `started` for this report; it ends with the run. By default another is.
    ran
        Told each cell that was run, and what it gave, before the next one runs.

    Raises
    ------
    ReportError
        If a cell or an inline expression fails; names the file, the line and the cause.
    """
    injected = injected_code(document, parameters)
    run = _Run(document, project_root, defaults, progress, ran, injected)
    if kernel is not None:
        return run.all(kernel)
    with started(document.path, project_root=project_root, env=env) as fresh:
        return run.all(fresh)


def option(cell: Cell, name: str, defaults: Mapping[str, object], *, otherwise: object) -> object:
    """Look a cell option up in the cell, then among the report's ``execute`` defaults."""
    return cell.options.get(name, defaults.get(name, otherwise))


def _environment(
    path: Path, project_root: Path, env: Mapping[str, str], folder: Path
) -> dict[str, str]:
    """Give the kernel what Quarto gives it, and nothing of the user's IPython profile."""
    info = folder / "execute-info.json"
    # one run serves all formats, so none is named: an output then brings every form it has
    target: dict[str, object] = {"identifier": {}}
    info.write_text(json.dumps({"document-path": str(path), "format": target}), encoding="utf-8")
    given = {
        "QUARTO_DOCUMENT_PATH": str(path.parent),
        "QUARTO_DOCUMENT_FILE": path.name,
        "QUARTO_PROJECT_ROOT": str(project_root),
        "QUARTO_EXECUTE_INFO": str(info),
        "QUARTO_PROFILE": "",
    }
    return {"IPYTHONDIR": str(folder), **given, **env}


class _Run:
    """The state of one run: the client, and where in the document it stands."""

    def __init__(
        self,
        document: Document,
        root: Path,
        defaults: Mapping[str, object],
        progress: Callable[[str], None],
        ran: Callable[[Cell, tuple[Output, ...]], None],
        injected: str,
    ) -> None:
        self.document = document
        self.root = root
        self.defaults = defaults
        self.progress = progress
        self.ran = ran
        self.injected = injected
        self.count = 0

    def all(self, kernel: AsyncKernelManager) -> Executed:
        import nbformat
        from nbclient import NotebookClient
        from nbclient.exceptions import DeadKernelError

        outputs: dict[int, tuple[Output, ...]] = {}
        inline: dict[int, tuple[str, ...]] = {}
        self.notebook = nbformat.from_dict(  # type: ignore[no-untyped-call]
            {"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": []}
        )
        self.client = NotebookClient(
            self.notebook, km=kernel, timeout=None, shutdown_kernel="immediate"
        )
        self.client.owns_km = True  # so that it ends the kernel it was handed
        self.progress("starting Python")
        here = shown(self.document.path, self.root)
        try:
            with self.client.setup_kernel():
                for index, block in enumerate(self.document.blocks):
                    if isinstance(block, Prose):
                        inline[index] = self.expressions(block)
                    else:
                        opening = block.opening
                        here = f"{shown(opening.path, self.root)}:{opening.number}"
                        outputs[index] = self.cell(block)
        except DeadKernelError:
            raise ReportError(
                f"{here}: Python ended while it ran this cell (out of memory, or a crash in a "
                "library)"
            ) from None
        except RuntimeError as error:  # what the client says of a kernel that does not start
            raise ReportError(f"Python could not be started for the report: {error}") from None
        return Executed(outputs=MappingProxyType(outputs), inline=MappingProxyType(inline))

    def cell(self, cell: Cell) -> tuple[Output, ...]:
        if (
            cell.language != "python"
            or option(cell, "eval", self.defaults, otherwise=True) is False
        ):
            return ()
        where = f"{shown(cell.opening.path, self.root)}:{cell.opening.number}"
        self.progress(f"running {cell.label or 'cell'} ({where})")
        tolerant = option(cell, "error", self.defaults, otherwise=False) is True
        outputs = self.run(cell.code, tolerant=tolerant)
        failed = next((each for each in outputs if each["output_type"] == "error"), None)
        if failed is not None and not tolerant:
            raise ReportError(_cell_failure(cell, failed, self.root))
        if is_parameters(cell) and self.injected:
            self.run(self.injected, tolerant=False)
        self.ran(cell, outputs)
        return outputs

    def run(self, code: str, *, tolerant: bool) -> tuple[Output, ...]:
        import nbformat
        from nbclient.exceptions import CellExecutionError

        node = nbformat.from_dict(  # type: ignore[no-untyped-call]
            {
                "cell_type": "code",
                "id": f"cell-{self.count}",
                "metadata": {"tags": ["raises-exception"] if tolerant else []},
                "execution_count": None,
                "source": code,
                "outputs": [],
            }
        )
        self.notebook.cells.append(node)
        self.count += 1
        with contextlib.suppress(CellExecutionError):
            # the outputs hold the error, and the caller knows the line
            self.client.execute_cell(node, self.count - 1)
        return tuple(joined(cast("list[Output]", node.outputs)))

    def expressions(self, prose: Prose) -> tuple[str, ...]:
        """Evaluate the inline expressions of a block in one message to the kernel."""
        found = list(inline_expressions(prose))
        if not found:
            return ()
        texts = json.dumps({str(at): text for at, (_, text) in enumerate(found)})
        code = (
            "get_ipython().display_pub.publish({"
            f"{_INLINE_TYPE!r}: get_ipython().user_expressions(__import__('json').loads({texts!r}))"
            "})"
        )
        for output in self.run(code, tolerant=False):
            answers = output.get("data", {}).get(_INLINE_TYPE)
            if answers is not None:
                return tuple(
                    _inline_markdown(answers[str(at)], line, text, self.root)
                    for at, (line, text) in enumerate(found)
                )
        line, text = found[0]
        where = f"{shown(line.path, self.root)}:{line.number}"
        raise ReportError(f"{where}: inline expression `{text}` gave no answer")


def _inline_markdown(answer: Output, line: Line, text: str, root: Path) -> str:
    """Turn an evaluated expression into Markdown, as Quarto does: strings come out escaped."""
    if answer.get("status") != "ok":
        where = f"{shown(line.path, root)}:{line.number}"
        cause = _cause(answer.get("ename", "error"), answer.get("evalue", ""))
        raise ReportError(f"{where}: inline expression `{text}` failed: {cause}")
    data = answer["data"]
    if "text/markdown" in data:
        return str(data["text/markdown"])
    plain = str(data.get("text/plain", ""))
    try:
        value = ast.literal_eval(plain)
    except (ValueError, SyntaxError, MemoryError, RecursionError):
        return markdown_text(plain)
    return markdown_text(value if isinstance(value, str) else plain)


def _cell_failure(cell: Cell, output: Output, root: Path) -> str:
    """Say which line of the source failed, and the short cause."""
    trace = _ANSI.sub("", "\n".join(output.get("traceback", ())))
    numbers = [int(number) for number in _IN_CELL.findall(trace)]
    first = next((at for at, line in enumerate(cell.body) if line.text.strip()), 0)
    line = cell.opening
    if numbers and first + numbers[0] - 1 < len(cell.body):
        line = cell.body[first + numbers[0] - 1]
    name = f"cell {cell.label!r}" if cell.label else "this cell"
    where = f"{shown(line.path, root)}:{line.number}"
    return f"{where}: {name} failed: {_cause(output.get('ename', ''), output.get('evalue', ''))}"


def _cause(name: str, value: str) -> str:
    """Write an error as a reader needs it; foresay's own messages stand by themselves."""
    value = _ANSI.sub("", value).strip()
    own = {"StudyError", "SourceError", "ExpressionError", "ChoiceError", "UnsupportedError"}
    if name in own | {"InvalidTablesError", "ReportError", "VersionError", "OutputError"}:
        return value
    return f"{name}: {value}" if value else name


def outputs_of(executed: Executed, index: int) -> tuple[Output, ...]:
    """Give the outputs of the cell at this index; none when it was not run."""
    return executed.outputs.get(index, ())
