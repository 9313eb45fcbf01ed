"""What holds for the project as a whole, and no program of `make test` checks already."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
import tomllib
from pathlib import Path
from typing import Any

import pytest
import yaml
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

import foresay

ROOT = Path(__file__).resolve().parents[1]
PROJECT: dict[str, Any] = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))

# One letter of each in brackets, so that this file does not hold what it looks for.
_MACHINE_PATHS = (
    r"/[w]ork/|/[f]arm/|/[r]oot/|\.[l]ibrary\b"
    r"|(?<![\w.])/(?:[h]ome|[U]sers)/[a-z]\w*/|\b[A-Z]:\\+[U]sers\\"
)
_REGISTRIES = r"\b(?:[p]ypi|[d]ebian)\.org\b|\b[p]ythonhosted\.org\b|\b[n]pmjs\.(?:org|com)\b"


def tracked_files() -> list[Path]:
    """Files that are, or would be, committed."""
    listing = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        check=False,
        capture_output=True,
        text=True,
    )
    if listing.returncode:
        pytest.skip("not a git checkout, so nothing says which files belong to the project")
    return [ROOT / name for name in listing.stdout.split("\0") if name and (ROOT / name).is_file()]


@pytest.mark.parametrize("forbidden", [_MACHINE_PATHS, _REGISTRIES], ids=["paths", "registries"])
def test_no_file_names_a_machine(forbidden: str) -> None:
    pattern = re.compile(forbidden)
    found = []
    for path in tracked_files():
        content = path.read_bytes()
        if b"\0" in content:
            continue
        lines = content.decode("utf-8", errors="replace").splitlines()
        found += [
            f"{path.relative_to(ROOT)}:{number}: {match[0]}"
            for number, line in enumerate(lines, start=1)
            if (match := pattern.search(line))
        ]
    assert found == []


@pytest.mark.parametrize(
    ("forbidden", "text"),
    [
        (_MACHINE_PATHS, "/*ork/main"),
        (_MACHINE_PATHS, "see /*ome/ann/data"),
        (_MACHINE_PATHS, "C:\\*sers\\ann"),
        (_REGISTRIES, "https://files.*ythonhosted.org/x"),
    ],
)
def test_patterns_find_what_they_look_for(forbidden: str, text: str) -> None:
    assert any(re.search(forbidden, text.replace("*", letter)) for letter in "whpU")


def locked() -> dict[str, list[str]]:
    """Versions that the lock allows of each library; several where Python's version decides."""
    versions: dict[str, list[str]] = {}
    for line in (ROOT / "requirements.lock").read_text(encoding="utf-8").splitlines():
        if found := re.match(r"([\w.-]+)==([^ ;]+)", line):
            versions.setdefault(canonicalize_name(found[1]), []).append(found[2])
    return versions


def test_lock_pins_every_library_by_hash_and_names_no_source() -> None:
    text = (ROOT / "requirements.lock").read_text(encoding="utf-8")
    requirements = text.replace("\\\n", " ").splitlines()
    assert len(requirements) > 50
    for requirement in requirements:
        assert re.fullmatch(
            r"[a-z0-9-]+==[\w.+!]+( ; [^#:@]+?)?( +--hash=sha256:[0-9a-f]{64})+ *", requirement
        ), requirement


def wanted() -> list[str]:
    return [*PROJECT["project"]["dependencies"], *PROJECT["dependency-groups"]["dev"],
            *PROJECT["build-system"]["requires"]]  # fmt: skip


@pytest.mark.parametrize("dependency", wanted())
def test_lock_holds_what_is_asked_for(dependency: str) -> None:
    requirement = Requirement(dependency)
    versions = locked().get(canonicalize_name(requirement.name), [])
    assert versions, f"{requirement.name} is not in requirements.lock; run make lock"
    assert all(requirement.specifier.contains(version) for version in versions)


def test_version_is_the_same_everywhere() -> None:
    version = PROJECT["project"]["version"]
    citation = yaml.safe_load((ROOT / "CITATION.cff").read_text(encoding="utf-8"))
    assert foresay.__version__ == version
    assert citation["version"] == version


def test_changelog_has_a_place_for_what_comes_next() -> None:
    changelog = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
    assert re.search(r"^## \[Unreleased\]$", changelog, flags=re.MULTILINE)


def test_hooks_before_a_commit_come_from_the_virtual_environment() -> None:
    hooks = yaml.safe_load((ROOT / ".pre-commit-config.yaml").read_text(encoding="utf-8"))
    assert {repository["repo"] for repository in hooks["repos"]} == {"local"}


@pytest.mark.parametrize("path", sorted((ROOT / "analysis" / "foresay").rglob("*.py")), ids=str)
def test_module_says_what_it_is(path: Path) -> None:
    docstring = ast.get_docstring(ast.parse(path.read_text(encoding="utf-8")))
    assert docstring
    assert docstring.splitlines()[0].endswith((".", "::", "?"))


def test_help_loads_nothing_heavy() -> None:
    code = "import sys; sys.argv = ['foresay', '--help']; from foresay.cli import main; main()"
    run = subprocess.run(
        [sys.executable, "-X", "importtime", "-c", code],
        check=False,
        capture_output=True,
        text=True,
        encoding="utf-8",
    )
    assert run.returncode == 0, run.stderr[-2000:]
    assert "render" in run.stdout
    loaded = set(re.findall(r"^import time:.*\| +(\w+)$", run.stderr, flags=re.MULTILINE))
    assert "foresay" in loaded
    heavy = "altair duckdb great_tables ibis numpy pandas pandera pyarrow scipy sqlglot statsmodels"
    assert loaded & set(heavy.split()) == set()
