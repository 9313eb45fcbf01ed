"""The command `foresay`: one file a command, each thin; heavy libraries load when needed."""

from __future__ import annotations

import gc
import os
import signal
import sys
import threading
from typing import Any

import typer

from foresay import __version__
from foresay.cli.audit import audit
from foresay.cli.calibration import calibration
from foresay.cli.check import check
from foresay.cli.claims import claims
from foresay.cli.compare import compare
from foresay.cli.diff import diff
from foresay.cli.doctor import doctor
from foresay.cli.estimate import estimate
from foresay.cli.examine import examine
from foresay.cli.figures import figures
from foresay.cli.influence import influence
from foresay.cli.init import init
from foresay.cli.power import power
from foresay.cli.progress import INTERRUPTED
from foresay.cli.reanalyze import reanalyze
from foresay.cli.render import render
from foresay.cli.schema import schema
from foresay.cli.simulate import simulate
from foresay.cli.specifications import specifications
from foresay.cli.validate import validate
from foresay.cli.verify import verify
from foresay.cli.versions import status, versions
from foresay.errors import ForesayError, OutputError

_INTERRUPTED = 130

app = typer.Typer(
    name="foresay",
    help="Analysis and reports of self-prediction studies of language models.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
    context_settings={"help_option_names": ["-h", "--help"]},
)
app.command()(init)
app.command()(validate)
app.command()(estimate)
app.command()(calibration)
app.command()(compare)
app.command()(examine)
app.command()(specifications)
app.command()(influence)
app.command()(figures)
app.command()(power)
app.command()(audit)
app.command()(check)
app.add_typer(claims, name="claims")
app.command()(render)
app.command()(reanalyze)
app.command()(versions)
app.command()(status)
app.command()(diff)
app.command()(verify)
app.command()(simulate)
app.command()(schema)
app.command()(doctor)


def _print_version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"foresay {__version__}")
        raise typer.Exit


@app.callback()
def _options(
    _version: bool = typer.Option(
        False,
        "--version",
        help="Print the version and exit.",
        callback=_print_version,
        is_eager=True,
    ),
) -> None:
    """Analysis and reports of self-prediction studies of language models."""


def main(arguments: list[str] | None = None) -> None:
    """Run the command; every mistake of a user ends in one message and an exit code.

    Exit codes: 0 well, 1 a check found something, 2 wrong use or unreadable input, 130 interrupted.
    """
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="backslashreplace")  # for a terminal that knows fewer letters
    # queries are built of many small objects, among which looking for cycles takes a tenth of the
    # time; few of them are in one
    gc.set_threshold(50_000, 20, 20)
    seen = _Interruption()
    try:
        with seen:
            code = app(args=arguments, prog_name="foresay", standalone_mode=False)
        sys.stdout.flush()
        if code == _INTERRUPTED:  # typer turns Ctrl-C into this code
            _say("interrupted; nothing was half-written")
    except BrokenPipeError:
        code = _let_go()
    except SystemExit as ended:  # typer turns a broken pipe into exit code 1
        if not isinstance(ended.__context__, BrokenPipeError):
            raise
        code = _let_go()
    except (Exception, KeyboardInterrupt) as error:  # noqa: BLE001  # faults are raised again
        code = _explain(KeyboardInterrupt() if seen.happened else error)
    sys.exit(code if isinstance(code, int) else 0)


class _Interruption:
    """Remembers a Ctrl-C: inside a library or a child process it can surface as another error."""

    def __init__(self) -> None:
        self.happened = False
        self._before: Any = None

    def __enter__(self) -> None:
        INTERRUPTED.clear()
        # an ignored signal stays ignored, and only the main thread may listen
        self._before = signal.getsignal(signal.SIGINT)
        listens = threading.current_thread() is threading.main_thread()
        if listens and self._before is signal.default_int_handler:
            signal.signal(signal.SIGINT, self._interrupt)

    def __exit__(self, *_: object) -> None:
        if signal.getsignal(signal.SIGINT) == self._interrupt:
            signal.signal(signal.SIGINT, self._before)

    def _interrupt(self, *_: object) -> None:
        self.happened = True
        INTERRUPTED.set()
        raise KeyboardInterrupt


def _explain(error: BaseException) -> int:
    """Say what went wrong and return the exit code; a fault of foresay itself is raised again."""
    match error:
        case ForesayError():
            _say(str(error))
            return error.exit_code
        case typer.Exit():
            return error.exit_code
        case KeyboardInterrupt() | typer.Abort():
            _say("interrupted; nothing was half-written")
            return _INTERRUPTED
        case MemoryError():
            _say("not enough memory; try --memory 1GB, which lets the engine spill to disk")
            return 2
        case OSError():
            _say(str(OutputError(f"{error.filename or 'a file'}: {error.strerror or error}")))
            return 2
    if hasattr(error, "format_message"):  # what typer raises for wrong use
        return _explain_use(error)
    raise error


def _explain_use(error: Any) -> int:
    """Say what was wrong with the words after the command; without any, that is the help."""
    if type(error).__name__ == "NoArgsIsHelpError":
        typer.echo(error.format_message(), err=True)
        return 2
    context = getattr(error, "ctx", None)
    command = context.command_path if context is not None else "foresay"
    _say(f"{error.format_message().rstrip('.')}; see `{command} --help`")
    return 2


def _let_go() -> int:
    """Write to nowhere from now on: the reader of our output has gone, which is its right."""
    with open(os.devnull, "w") as nowhere:  # noqa: PTH123  # a device, not a file
        os.dup2(nowhere.fileno(), 1)
    return 0


def _say(message: str) -> None:
    for line in message.splitlines():
        typer.echo(f"foresay: {line}", err=True)
