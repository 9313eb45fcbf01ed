"""What a rendered version was made from and what came out of it, without place or time."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Literal, Self

from pydantic import BaseModel, ConfigDict, Field, JsonValue, ValidationError

from foresay.errors import VersionError

MANIFEST_FILE = "manifest.json"
LEDGER = "claims.yml"
"""Name of the ledger of claims among the inputs; see `foresay.claims.ledger`."""


class Manifest(BaseModel):
    """What went into a version and what came out of it.

    Everything but `outputs` is known before rendering: two manifests that agree in it are of the
    same version. Nothing in it depends on when or where it was made.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)

    manifest: Literal[1] = Field(1, description="Number of this form of manifest.")
    study: str = Field(description="Name of the study.")
    title: str = Field(description="Title of the study.")
    version: str | None = Field(description="Label of the version; null for a draft.")
    date: str | None = Field(None, description="The date that the study gives its report.")
    inputs: dict[str, str] = Field(
        description="SHA-256 of each file read, by its name relative to the study's folder: data, "
        "study file, report sources with what they include, bibliography."
    )
    choices: dict[str, JsonValue] = Field(description="The named choices, overrides applied.")
    package: str = Field(description="Version of foresay.")
    package_source: str = Field(description="SHA-256 over foresay's own files.")
    libraries: dict[str, str] = Field(description="Version of Python and of each key library.")
    seed: int = Field(description="The study's seed.")
    engine: str = Field(description="What rendered: quarto or embedded.")
    engine_version: str = Field(description="Its version.")
    formats: list[str] = Field(description="Formats of the documents, in order.")
    outputs: dict[str, str] = Field(
        default_factory=dict,
        description="SHA-256 of each file of the version but this one, by its relative name.",
    )

    @property
    def inputs_digest(self) -> str:
        """SHA-256 over everything but the outputs and the label."""
        content = self.model_dump(mode="json", exclude={"outputs", "version"})
        return hashlib.sha256(canonical_json(content).encode("utf-8")).hexdigest()

    def with_outputs(self, outputs: Mapping[str, str]) -> Self:
        """Return this manifest with the hashes of what came out."""
        return self.model_copy(update={"outputs": dict(outputs)})

    def to_json(self) -> str:
        """Return it as JSON: keys sorted, indented, the same bytes for the same content."""
        return canonical_json(self.model_dump(mode="json"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """One thing in which two manifests differ; as text, a phrase for a person.

    Parameters
    ----------
    kind : {"input", "choice", "library", "setting"}
        What sort of thing.
    name : str
        Which one.
    before, after : str or None
        Its values; None where it is absent. For inputs, their hashes.
    """

    kind: Literal["input", "choice", "library", "setting"]
    name: str
    before: str | None
    after: str | None

    def __str__(self) -> str:
        """Say it in words."""
        if self.kind == "input":
            thing = _input_in_words(self.name)
        else:
            thing = self.name if self.kind == "setting" else f"{self.kind} {self.name}"
        if self.before is None:
            return f"{thing} was added" + ("" if self.kind == "input" else f" ({self.after})")
        if self.after is None:
            return f"{thing} was removed" + ("" if self.kind == "input" else f" ({self.before})")
        if self.kind == "input" or self.name == "source of foresay":
            return f"{thing} changed"
        return f"{thing}: {self.before} -> {self.after}"


def _input_in_words(name: str) -> str:
    """Say what sort of file an input is: a page, data, a bibliography."""
    place, _, file = name.partition("/")
    if place == "report":
        path = PurePosixPath(file)
        include = path.suffix == ".qmd" and path.name.startswith("_")
        return f"{'include' if include else _SORTS.get(path.suffix, 'report file')} {path.name}"
    if name == LEDGER:
        return f"ledger {name}"
    return f"data file {file}" if place == "data" else f"study file {name}"


_SORTS = {".qmd": "page", ".bib": "bibliography", ".csl": "citation style", ".yml": "settings"}


def differences(before: Manifest, after: Manifest) -> list[Difference]:
    """Name everything in which what went into two versions differs.

    Their outputs and labels are not compared.

    Parameters
    ----------
    before, after : Manifest
        The two, earlier one first.

    Returns
    -------
    list of Difference
        Settings first, then choices, inputs and libraries, each by name; empty when
        the `inputs_digest` of both is the same.
    """
    return [
        *_compare("setting", _settings(before), _settings(after)),
        *_compare("choice", _as_text(before.choices), _as_text(after.choices)),
        *_compare("input", before.inputs, after.inputs),
        *_compare("library", before.libraries, after.libraries),
    ]


def read_manifest(path: Path) -> Manifest:
    """Read a manifest.

    Raises
    ------
    VersionError
        It is missing, unreadable, or of another form.
    """
    try:
        return Manifest.model_validate_json(path.read_bytes())
    except FileNotFoundError as error:
        raise VersionError(
            f"'{path.parent}' holds no {path.name}, so it is not a version that foresay finished; "
            "move it away, or choose another label"
        ) from error
    except OSError as error:
        raise VersionError(f"cannot read '{path}': {error.strerror}") from error
    except ValidationError as error:
        first = error.errors()[0]
        place = ".".join(str(part) for part in first["loc"]) or "the file"
        raise VersionError(
            f"'{path}' is not a manifest that this foresay can read ({place}: {first['msg']}); "
            "it was changed by hand, or made by another release"
        ) from error


def canonical_json(content: JsonValue) -> str:
    """Return JSON with sorted keys and one final line end: the same bytes for the same content."""
    return json.dumps(content, indent=2, sort_keys=True, ensure_ascii=False, allow_nan=False) + "\n"


def _settings(manifest: Manifest) -> dict[str, str]:
    return {
        "study": manifest.study,
        "title": manifest.title,
        **({"date": manifest.date} if manifest.date else {}),
        "seed": str(manifest.seed),
        "engine": f"{manifest.engine} {manifest.engine_version}",
        "formats": ", ".join(manifest.formats),
        "foresay": manifest.package,
        "source of foresay": manifest.package_source,
    }


def _as_text(choices: Mapping[str, JsonValue]) -> dict[str, str]:
    return {
        name: value if isinstance(value, str) else json.dumps(value, sort_keys=True)
        for name, value in choices.items()
    }


def _compare(
    kind: Literal["input", "choice", "library", "setting"],
    before: Mapping[str, str],
    after: Mapping[str, str],
) -> Iterator[Difference]:
    for name in sorted(before.keys() | after.keys()):
        if before.get(name) != after.get(name):
            yield Difference(kind=kind, name=name, before=before.get(name), after=after.get(name))
