"""`foresay reanalyze`: what a reviewer asks for, computed against a version, and the letter."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from foresay.cli import options, tables
from foresay.cli.progress import Outcome, OutcomeFormat, finish, steps
from foresay.cli.versions import Folder, folder_of
from foresay.errors import ChoiceError

if TYPE_CHECKING:
    from foresay.revisions.answers import Answer
    from foresay.revisions.reanalysis import Reanalysis

_CHANGES = {"choices": "--set", "where": "--where", "without_items": "--without-item"}


def reanalyze(
    what: Annotated[
        Path,
        typer.Argument(
            help="A request file, or a study (study.yml or its folder).", show_default=True
        ),
    ] = options.HERE,
    *,
    everything: Annotated[
        bool, typer.Option("--all", help="Every request of the study, and the whole letter.")
    ] = False,
    choice: options.Set = None,
    where: options.Where = None,
    without_item: Annotated[
        list[str] | None,
        typer.Option("--without-item", help="Leave an item out. Repeatable."),
    ] = None,
    concerns: Annotated[
        str | None,
        typer.Option(
            "--concerns",
            help="Contrasts, estimands, trends, ids of claims, with commas; default: the declared "
            "contrasts, and all claims.",
        ),
    ] = None,
    by: Annotated[
        str | None,
        typer.Option("--by", help="Grouping columns of estimands and contrasts, with commas."),
    ] = None,
    of_study: Annotated[
        Path | None,
        typer.Option("--study", help="The study of a request file; default: the one above it."),
    ] = None,
    to: Annotated[
        str, typer.Option("--to", help="Formats of the letter: html,pdf,docx.")
    ] = "html,pdf,docx",
    output: tables.Output = None,
    versions: Folder = None,
    data: options.Data = None,
    memory: options.Memory = None,
    threads: options.Threads = None,
    output_format: Outcome = OutcomeFormat.text,
    quiet: options.Quiet = False,
) -> None:
    """Compute numbers otherwise, and say what that changes.

    A request file is computed against the version that it names; table, figure and paragraph go
    into the folder of its name beside it. --all does all requests of a study that are not up to
    date, and writes the reply letter. With --set, --where or --without-item a study is looked at
    first: nothing is written but the file that -o names.
    Example: foresay reanalyze requests/R2.3.yml, or foresay reanalyze data/small-models --set
    compliance=paper
    """
    told = {
        "--set": choice,
        "--where": where,
        "--without-item": without_item,
        "--concerns": concerns,
        "--by": by,
    }
    asked = [option for option, value in told.items() if value]
    opening: dict[str, Any] = {"data": data, "memory": memory, "threads": threads}
    if everything or _is_request(what):
        if asked:
            kind = "--all" if everything else f"{what} is a request file, which"
            raise ChoiceError(f"{asked[0]}: {kind} takes what requests say; change the file")
        how = _How(opening=opening, versions=versions, outcome=output_format, quiet=quiet)
        if everything:
            formats = options.names(to.lower(), ["html", "pdf", "docx"], "--to")
            _letter(options.study_file(what), tuple(formats), how)
        else:
            _answer(what, of_study, how)
        return
    if not set(asked) & set(_CHANGES.values()):
        raise ChoiceError(
            f"{what} is a study, and nothing is to be changed; say --set, --where, --without-item, "
            "--all, or name a request file"
        )
    change = {
        "choices": options.parse_choices(choice),
        "where": where,
        "without_items": without_item or [],
    }
    names = [n.strip() for n in (concerns or "").split(",") if n.strip()]
    columns = None if by is None else [c.strip() for c in by.split(",") if c.strip()]
    with (
        steps(quiet=quiet, log=False) as progress,
        options.open_study(what, **opening) as bench,
    ):
        from foresay.revisions.reanalysis import reanalyse
        from foresay.study.requests import change_of

        asked_for = change_of(change, bench.choices)
        progress("validating")
        bench.validate()
        made = reanalyse(bench, asked_for, concerns=names, by=columns, progress=progress)
    if output is None:
        finish(_text(made), _machine(made), output_format, quiet=quiet)
    else:
        _write(made, output, quiet=quiet)


class _How:
    """How a request is computed, and its outcome printed."""

    def __init__(
        self, *, opening: dict[str, Any], versions: Path | None, outcome: OutcomeFormat, quiet: bool
    ) -> None:
        self.opening, self.versions, self.outcome, self.quiet = opening, versions, outcome, quiet


def _is_request(what: Path) -> bool:
    if what.is_dir() or what.name == "study.yml":
        return False
    from foresay.study import nearest
    from foresay.study.requests import is_request

    if not what.exists():
        known = sorted(str(path) for path in what.parent.glob("*.yml"))
        hint = f"; {nearest(str(what), known)}" if known else ""
        raise ChoiceError(f"there is no file {what}{hint}")
    # one that cannot be read is a request where requests are, and is refused with its line
    return is_request(what) or what.resolve().parent.name == "requests"


def _answer(path: Path, study: Path | None, how: _How) -> None:
    from foresay.revisions.answers import answer
    from foresay.revisions.request_list import study_of

    found = options.study_file(study) if study is not None else study_of(path)
    with steps(quiet=how.quiet, log=how.outcome is OutcomeFormat.text) as progress:
        done = answer(
            path, found, versions=folder_of(found, how.versions), progress=progress, **how.opening
        )
    finish(_answered(done), done.to_json(), how.outcome, quiet=how.quiet)


def _answered(done: Answer) -> str:
    from foresay.display import visible

    what = "Computed" if done.computed else "Nothing changed"
    lines = [f"{what}; request {done.request.id} is in", f"  {options.shown(done.folder)}"]
    lines += [f"  ! {visible(warning)}" for warning in done.warnings]
    return "\n".join([*lines, "", *map(visible, done.paragraphs)])


def _letter(study: Path, formats: tuple[str, ...], how: _How) -> None:
    from foresay.revisions.letter import write_letter

    with steps(quiet=how.quiet, log=how.outcome is OutcomeFormat.text) as progress:
        done = write_letter(
            study,
            formats,
            versions=folder_of(study, how.versions),
            progress=progress,
            **how.opening,
        )
    what = "Rendered" if done.rendered else "Nothing changed"
    computed = [one.request.id for one in done.answers if one.computed]
    lines = [f"{what}; the letter is"]
    lines += [f"  {options.shown(path)}" for path in done.documents]
    lines += [f"computed anew: {', '.join(computed)}"] if computed else []
    lines += [f"  ! {one.request.id}: {text}" for one in done.answers for text in one.warnings]
    machine = {
        "rendered": done.rendered,
        "documents": [str(path) for path in done.documents],
        "requests": [one.to_json() for one in done.answers],
    }
    finish("\n".join(lines), machine, how.outcome, quiet=how.quiet)


def _write(made: Reanalysis, output: Path, *, quiet: bool) -> None:
    """Write the rows to a file, in the format that its ending names."""
    from foresay.revisions.before_after import before_after_table

    table = before_after_table(made.frame, "reanalysis")
    ways = {
        tables.TableFormat.text: lambda: _text(made),
        tables.TableFormat.html: table.page,
        tables.TableFormat.latex: table.latex,
        tables.TableFormat.markdown: table.markdown,
    }
    chosen = tables.chosen_format(None, output)
    if chosen in ways:
        content = ways[chosen]().encode()
    else:
        content = tables.content_of(table.data, chosen, str)
    tables.write_table(content, len(made.frame), output, quiet=quiet)


def _text(made: Reanalysis) -> str:
    from foresay.display import visible
    from foresay.revisions.before_after import before_after_table
    from foresay.revisions.claim_verdicts import claims_table, shown

    table = str(before_after_table(made.frame, "reanalysis"))
    claims = shown(made.claims, named=made.named)
    printed = [str(claims_table(claims))] if len(claims) else []
    return "\n\n".join([table, visible(_paragraph(made)), *printed])


def _paragraph(made: Reanalysis) -> str:
    from foresay.revisions.claim_verdicts import claims_in_words
    from foresay.revisions.replies import paragraph

    said = (paragraph(made.frame, made.changes), claims_in_words(made.claims, named=made.named))
    return " ".join(text for text in said if text)


def _machine(made: Reanalysis) -> dict[str, Any]:
    from foresay.revisions.before_after import plain_rows

    return {
        "changes": [dict(zip(("name", "before", "after"), c, strict=True)) for c in made.changes],
        "rows": plain_rows(made.frame),
        "claims": plain_rows(made.claims),
        "paragraph": _paragraph(made),
    }
