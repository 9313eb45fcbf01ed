"""The command `foresay`: one file a command, each thin; heavy libraries load when needed."""

from __future__ import annotations

import sys

import typer

from foresay import __version__
from foresay.cli.doctor import doctor
from foresay.cli.estimate import estimate
from foresay.cli.figures import figures
from foresay.cli.render import render
from foresay.cli.schema import schema
from foresay.cli.validate import validate
from foresay.errors import ForesayError, OutputError

app = typer.Typer(
    name="foresay",
    help="Analysis and reports of self-prediction studies of language models.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
    context_settings={"help_option_names": ["-h", "--help"]},
)
app.command()(validate)
app.command()(estimate)
app.command()(figures)
app.command()(render)
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
    try:
        code = app(args=arguments, prog_name="foresay", standalone_mode=False)
    except ForesayError as error:
        _say(str(error))
        sys.exit(error.exit_code)
    except KeyboardInterrupt:
        _say("interrupted; nothing was half-written")
        sys.exit(130)
    except BrokenPipeError:
        sys.stderr.close()  # the reader of our output has gone; there is nothing to say to it
        sys.exit(0)
    except MemoryError:
        _say("not enough memory; try --memory 1GB, which lets the engine spill to disk")
        sys.exit(2)
    except OSError as error:
        _say(str(OutputError(f"{error.filename or 'a file'}: {error.strerror or error}")))
        sys.exit(2)
    except typer.Exit as done:
        sys.exit(done.exit_code)
    except typer.Abort:
        sys.exit(130)
    except Exception as error:
        if hasattr(error, "format_message"):  # what click raises for wrong use
            _say(error.format_message())
            sys.exit(2)
        raise
    sys.exit(code if isinstance(code, int) else 0)


def _say(message: str) -> None:
    for line in message.splitlines():
        typer.echo(f"foresay: {line}", err=True)
