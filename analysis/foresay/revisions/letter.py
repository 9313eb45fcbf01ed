"""The reply letter: every request of a study with its answer, as HTML, PDF and DOCX."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from importlib import resources
from pathlib import Path
from typing import Any

from foresay import __version__
from foresay.errors import ChoiceError
from foresay.publishing.hashes import hash_inputs, hash_outputs
from foresay.publishing.locking import only_run
from foresay.publishing.manifest import MANIFEST_FILE, Manifest
from foresay.publishing.software import library_versions, package_source
from foresay.publishing.writing import staged_folder, write_text
from foresay.revisions.answers import Answer, answer
from foresay.revisions.kept import is_up_to_date
from foresay.revisions.letter_cells import REPLIES, shown_claims
from foresay.revisions.request_faults import refuse_faults
from foresay.revisions.request_list import request_files
from foresay.study import Study, read_study

FOLDER = "letter"


@dataclass(frozen=True, slots=True, kw_only=True)
class Letter:
    """The documents, the answers in them, and whether anything was rendered."""

    documents: tuple[Path, ...]
    answers: tuple[Answer, ...]
    rendered: bool


def write_letter(
    study_file: Path,
    formats: Sequence[str],
    *,
    versions: Path,
    data: Path | None = None,
    memory: str | None = None,
    threads: int | None = None,
    progress: Callable[[str], None] = lambda _: None,
) -> Letter:
    """Answer every request of a study that is not up to date, and render the letter.

    Parameters
    ----------
    study_file : Path
        The study; its requests stand in the folder ``requests`` beside it.
    formats : sequence of str
        Of html, pdf, docx.
    versions, data, memory, threads, progress
        As for `foresay.revisions.answers.answer`, which raises the same.

    Raises
    ------
    ChoiceError
        There are no requests.
    StudyError
        A request has a fault; with those of all requests, before anything is computed.
    ReportError
        A document cannot be rendered; the earlier letter stays.
    """
    folder = study_file.resolve().parent / "requests"
    files = request_files(folder)
    if not files:
        raise ChoiceError(
            f"there is no request in '{folder}'; write one such as requests/R1.1.yml "
            "(docs/requests.md describes it)"
        )
    refuse_faults(files, study_file, versions=versions, data=data)
    answers = tuple(
        answer(
            path,
            study_file,
            versions=versions,
            data=data,
            memory=memory,
            threads=threads,
            progress=progress,
        )
        for path in files
    )
    study = read_study(study_file)
    final = folder / FOLDER
    documents = tuple(final / f"letter.{each}" for each in formats)
    manifest = _manifest(study, answers, formats)
    if is_up_to_date(final, manifest):
        return Letter(documents=documents, answers=answers, rendered=False)
    with only_run(folder, "rendering the reply letter"), staged_folder(final) as stage:
        _render(study, answers, formats, stage, folder, progress)
        whole = manifest.with_outputs(hash_outputs(stage))
        write_text(stage / MANIFEST_FILE, whole.to_json())
    return Letter(documents=documents, answers=answers, rendered=True)


def _manifest(study: Study, answers: Sequence[Answer], formats: Sequence[str]) -> Manifest:
    replies = {f"requests/{a.request.id}": a.folder / MANIFEST_FILE for a in answers}
    return Manifest(
        study=study.study,
        title=study.title,
        version=None,
        date=study.report.date,
        inputs=hash_inputs(replies),
        choices={},
        package=__version__,
        package_source=package_source(),
        libraries=library_versions(),
        seed=study.choices.seed,
        engine="embedded",
        engine_version=__version__,  # its parts are among the libraries
        formats=list(formats),
    )


def _render(
    study: Study,
    answers: Sequence[Answer],
    formats: Sequence[str],
    stage: Path,
    folder: Path,
    progress: Callable[[str], None],
) -> None:
    """Render the letter into an empty folder."""
    from foresay.display import escape_markdown
    from foresay.publishing.engines.security import with_policy
    from foresay.publishing.notice import with_banner, with_notice
    from foresay.publishing.rendering import render_document

    with tempfile.TemporaryDirectory(prefix="foresay-letter-") as name:
        source = Path(name, "letter.qmd")
        source.write_text(letter_source(answers), encoding="utf-8")
        subtitle = escape_markdown(study.title or study.study)
        metadata: dict[str, object] = {
            "title": "Reply to the reviewers",
            **with_notice(study, subtitle, "embedded"),
        }
        if study.report.authors:
            metadata["author"] = [{"name": escape_markdown(one)} for one in study.report.authors]
        if study.report.date:
            metadata["date"] = study.report.date
        made = render_document(
            source,
            formats=formats,
            out_dir=stage,
            project_root=Path(name),
            env={REPLIES: str(folder)},
            metadata=metadata,
            engine="embedded",
            progress=lambda step: progress(f"letter: {step}"),
        )
    if "html" in formats:
        path = made.paths["html"]
        write_text(path, with_policy(with_banner(path.read_text(encoding="utf-8"), study)))


def letter_source(answers: Sequence[Answer]) -> str:
    """Return the page of the letter: one part of its template for each request.

    What people wrote is printed by the cells, so that none of it is in the page itself.
    """
    assets = resources.files("foresay.revisions") / "assets"
    start = (assets / "letter.qmd").read_text(encoding="utf-8")
    parts = {
        kind: (assets / f"{kind}.qmd").read_text(encoding="utf-8")
        for kind in ("request", "numbers", "claims", "figure")
    }
    made = [start]
    for number, one in enumerate(answers, start=1):
        told = {
            "@ID@": one.request.id,
            "@ROLE@": one.request.asked_by[:1].upper() + one.request.asked_by[1:],
            "@NUMBER@": str(number),
        }
        rows = one.result["rows"]
        there = {
            "request": True,
            "numbers": bool(rows),
            "claims": len(shown_claims(one.result)) > 0,
            "figure": _moved(rows),
        }
        for kind in [name for name, wanted in there.items() if wanted]:
            text = parts[kind]
            for mark, value in told.items():
                text = text.replace(mark, value)
            made.append(text)
    return "\n".join(made)


def _moved(rows: Sequence[Mapping[str, Any]]) -> bool:
    """Tell whether a figure of before and after would show anything."""
    places = ("", "_low", "_high")
    return any(row[f"before{p}"] != row[f"after{p}"] for row in rows for p in places)
