"""The ledger of a study's claims: `claims.yml`, beside the study file."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

from pydantic import Field, ValidationError, field_validator, model_validator

from foresay.claims.claim import Change, Claim, Place
from foresay.errors import StudyError
from foresay.study.choices import Part
from foresay.study.grids import Branches, Grid
from foresay.study.reading import parse_part, read_part

FILE = "claims.yml"
"""Name of the ledger in the folder of a study file."""

WHAT = "ledger of claims"
ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*")


class Ledger(Part):
    """All claims of a study, by id."""

    claims: dict[str, Claim] = Field(
        description="Id: claim. Reports ask for it by its id.",
        json_schema_extra={"propertyNames": {"pattern": f"^{ID.pattern}$"}},
    )
    specifications: dict[str, Branches] = Field(
        default_factory=dict,
        description="Choice: {value: reason}. Every claim is checked under each combination too, "
        "to say how robust it is.",
    )

    @field_validator("claims")
    @classmethod
    def _ids(cls, claims: dict[str, Claim]) -> dict[str, Claim]:
        for name in claims:
            if not ID.fullmatch(name):
                raise ValueError(
                    f"has the id {name!r}; ids are letters, digits, dots, underscores and hyphens, "
                    "starting with one of the first two"
                )
        return claims

    @model_validator(mode="after")
    def _grid_is_known(self) -> Ledger:
        if self.specifications:
            try:
                self.grid()
            except ValidationError as error:
                said = "\n".join(
                    f"specifications: {one.get('ctx', {}).get('error', one['msg'])}"
                    for one in error.errors()
                )
                raise ValueError(said) from error
        return self

    def grid(self) -> Grid:
        """Return the combinations of choices under which claims are checked too."""
        return Grid(of="claims", choices=self.specifications)


def ledger_schema() -> dict[str, Any]:
    """Return the JSON Schema of ledgers, for editors."""
    schema = Ledger.model_json_schema()
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **schema}


def read_ledger(path: Path) -> Ledger:
    """Read and check a ledger.

    Parameters
    ----------
    path : Path
        The YAML file, or the folder that holds `claims.yml`.

    Raises
    ------
    StudyError
        With every problem of the file: its line, what is wrong, and the nearest known name.
    """
    file = path / FILE if path.is_dir() else path
    return read_part(file, Ledger, WHAT, part_of=_part_of)


def ledger_text(path: Path) -> str:
    """Return the text of a ledger; "" where there is none yet.

    Raises
    ------
    StudyError
        It cannot be read, or is not UTF-8.
    """
    if not path.exists():
        return ""
    try:
        return path.read_bytes().decode("utf-8-sig").replace("\r\n", "\n")
    except UnicodeDecodeError as error:
        line = error.object.count(b"\n", 0, error.start) + 1
        raise StudyError(f"{path}, line {line}: is not UTF-8 text; save it as UTF-8") from error
    except OSError as error:
        raise StudyError(f"cannot read the ledger of claims {path}: {error.strerror}") from error


def parse_ledger(text: str, path: Path) -> Ledger:
    """Check the text of a ledger; see `read_ledger`. Its path is for messages."""
    return parse_part(text, path, Ledger, WHAT, part_of=_part_of)


def _part_of(location: list[str]) -> type[Part]:
    """Return the part of a ledger that a key stands in."""
    if location[0] != "claims" or len(location) < 3:
        return Ledger
    parts: dict[str, type[Part]] = {"place": Place, "history": Change}
    return parts.get(location[2], Claim) if len(location) > 3 else Claim
