"""A request answered: computed against its version, and kept in a folder of its name.

    requests/R2.3.yml    what was asked
    requests/R2.3/       reply.md, table.*, claims.*, before-and-after*.*, result.json
    requests/README.md   a list of all requests

Nothing is ever written into the folder of a version. A reply is whole or not there, and the
manifest says what it was made from, so that one that is up to date is not computed again.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from foresay import __version__
from foresay.errors import (
    ChoiceError,
    ExpressionError,
    InvalidTablesError,
    SourceError,
    UnsupportedError,
)
from foresay.publishing.computing import Opening
from foresay.publishing.hashes import hash_inputs, hash_outputs
from foresay.publishing.locking import only_run
from foresay.publishing.manifest import (
    MANIFEST_FILE,
    Manifest,
    canonical_json,
    read_manifest,
)
from foresay.publishing.publish import Order
from foresay.publishing.software import library_versions, package_source
from foresay.publishing.versions import tampering
from foresay.publishing.writing import staged_folder, write_text
from foresay.revisions.kept import is_up_to_date
from foresay.revisions.listing import choices_of, find_version, label_of
from foresay.revisions.request_list import write_list
from foresay.study import Study, read_study
from foresay.study.requests import Request, read_request

RESULT_FILE = "result.json"
_Progress = Callable[[str], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What a request came to.

    Parameters
    ----------
    request : Request
        What was asked.
    folder : Path
        Where the reply is.
    computed : bool
        Whether it was computed now; otherwise it was up to date.
    result : dict
        What the reply holds: version, changes, rows, claims, paragraphs, warnings.
    """

    request: Request
    folder: Path
    computed: bool
    result: dict[str, Any]

    @property
    def paragraphs(self) -> list[str]:
        """The paragraphs of the reply, plain text."""
        return [str(text) for text in self.result["paragraphs"]]

    @property
    def warnings(self) -> list[str]:
        """What to know before it is sent."""
        return [str(text) for text in self.result["warnings"]]

    def to_json(self) -> dict[str, Any]:
        """Return it for a machine."""
        return {
            "request": self.request.id,
            "status": self.request.status,
            "folder": str(self.folder),
            "computed": self.computed,
            **self.result,
        }


def answer(
    path: Path,
    study_file: Path,
    *,
    versions: Path,
    data: Path | None = None,
    memory: str | None = None,
    threads: int | None = None,
    progress: _Progress = lambda _: None,
) -> Answer:
    """Compute a request, or say that its reply is up to date.

    Parameters
    ----------
    path : Path
        The request file.
    study_file : Path
        Its study.
    versions : Path
        The study's folder of versions.
    data, memory, threads
        How the study is opened.
    progress : callable
        Told what is being done.

    Raises
    ------
    StudyError, ChoiceError, ExpressionError, UnsupportedError
        The request cannot be, or cannot be computed; with the way out. An earlier reply stays.
    VersionError
        The version that it names is not there.
    OutputError
        The reply cannot be written, or another run is at it.
    """
    request = read_request(path)
    folder = path.parent / request.id
    opening = Opening(study=study_file, data=data, memory=memory, threads=threads)
    work = _work(path, request, opening, versions, progress)
    progress(f"request {request.id}: comparing with the last reply")
    manifest = work.manifest()
    if kept := _kept(folder, manifest):
        write_list(path.parent)
        return Answer(request=request, folder=folder, computed=False, result=kept)
    with only_run(path.parent, f"computing request {request.id}"), staged_folder(folder) as stage:
        result = work.compute(stage)
        whole = manifest.with_outputs(hash_outputs(stage))
        write_text(stage / MANIFEST_FILE, whole.to_json())
    write_list(path.parent)
    return Answer(request=request, folder=folder, computed=True, result=result)


def reply_inputs(path: Path, study_file: Path, *, versions: Path, data: Path | None) -> Manifest:
    """Return what the reply to a request would be made from now; nothing is computed.

    Raises
    ------
    StudyError, SourceError, VersionError
        The request, a file of the study, or the version that it names cannot be read.
    """
    opening = Opening(study=study_file, data=data)
    return _work(path, read_request(path), opening, versions, lambda _: None).manifest()


def _kept(folder: Path, manifest: Manifest) -> dict[str, Any] | None:
    """Return the result of a reply that would be made again as it is; else None."""
    with suppress(OSError, ValueError):
        if is_up_to_date(folder, manifest):
            found: dict[str, Any] = json.loads((folder / RESULT_FILE).read_text(encoding="utf-8"))
            return found
    return None


def _work(
    path: Path, request: Request, opening: Opening, versions: Path, progress: _Progress
) -> _Work:
    study = read_study(opening.study)
    return _Work(
        path=path,
        request=request,
        study=study,
        opening=opening,
        versions=versions,
        progress=progress,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Work:
    """One request with its study and its version."""

    path: Path
    request: Request
    study: Study
    opening: Opening
    versions: Path
    progress: _Progress

    @property
    def label(self) -> str:
        return label_of(self.request, self.study)

    @property
    def version(self) -> Path:
        return find_version(self.label, self.versions)

    def manifest(self) -> Manifest:
        """Return what goes into the reply."""
        study, base = self.study, choices_of(self.version)
        files = self.opening.files(study)
        files[f"requests/{self.path.name}"] = self.path.resolve()
        files["version/manifest.json"] = self.version / MANIFEST_FILE
        root = (self.opening.data or self.opening.study.parent).resolve()
        for name, replaced in self.request.change.tables.items():
            if name in study.tables:
                from foresay.tables.sources import list_files

                source = study.tables[name].model_copy(update={"files": replaced})
                files |= {f"data/{f.name}": f.path for f in list_files(name, source, root)}
        return Manifest(
            study=study.study,
            title=study.title,
            version=None,
            inputs=hash_inputs(files),
            choices=base.model_dump(mode="json"),
            package=__version__,
            package_source=package_source(),
            libraries=library_versions(),
            seed=base.seed,
            engine="none",
            engine_version="",
            formats=[],
        )

    def compute(self, folder: Path) -> dict[str, Any]:
        """Fill an empty folder with the reply, and return what it says."""
        if self.request.status == "declined":
            result: dict[str, Any] = {
                **{key: [] for key in ("changes", "rows", "claims", "warnings")},
                "version": self.label,
                "paragraphs": [t for t in (self.request.reply, self.request.reason) if t],
            }
        else:
            try:
                result = self._computed(folder)
            except (ChoiceError, ExpressionError, SourceError, UnsupportedError) as error:
                raise type(error)(f"request {self.request.id}: {error}") from error
        text = canonical_json(result)
        (folder / RESULT_FILE).write_text(text, encoding="utf-8", newline="")
        return result

    def _computed(self, folder: Path) -> dict[str, Any]:
        from foresay.revisions.before_after import plain_rows
        from foresay.revisions.claim_verdicts import claims_in_words
        from foresay.revisions.drawing import plot_before_after
        from foresay.revisions.published import compare_with, damaged, traced, warnings
        from foresay.revisions.reanalysis import reanalyse
        from foresay.revisions.replies import filled, paragraph, write_reply
        from foresay.workbench import Workbench

        opening, request = self.opening, self.request
        with Workbench.open(
            opening.study, data=opening.data, memory=opening.memory, threads=opening.threads
        ) as bench:
            self.progress(f"request {request.id}: validating")
            if not bench.validate().ok:
                raise InvalidTablesError(bench.validate().summary())
            made = reanalyse(
                bench,
                request.change,
                base=choices_of(self.version),
                concerns=request.concerns,
                by=request.by,
                progress=lambda step: self.progress(f"request {request.id}: {step}"),
            )
        own = [filled(request.reply, made.frame)] if request.reply else []
        found = compare_with(self.version, made.before)
        changed = tampering(self.version, read_manifest(self.version / MANIFEST_FILE))
        paragraphs = [
            *own,
            paragraph(made.frame, made.changes),
            claims_in_words(made.claims, named=made.named),
            "" if changed else traced(found, self.label),
        ]
        self.progress(f"request {request.id}: drawing")
        plot_before_after(made.frame).save(folder)
        write_reply(folder, request, made, paragraphs)
        return {
            "version": self.label,
            "changes": [list(change) for change in made.changes],
            "rows": plain_rows(made.frame),
            "claims": plain_rows(made.claims),
            "named_claims": made.named,
            "paragraphs": [text for text in paragraphs if text],
            "warnings": [*damaged(changed, self.label), *warnings(found, self._order())],
        }

    def _order(self) -> Order:
        """Return what would make the version anew."""
        made, opening = read_manifest(self.version / MANIFEST_FILE), self.opening
        return Order(
            study=opening.study,
            data=opening.data,
            formats=tuple(made.formats),
            label=made.version,
            versions=self.versions,
        )
