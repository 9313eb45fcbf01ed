"""`foresay simulate`: a study with known truth, in a folder of its own."""

from __future__ import annotations

import shlex
from pathlib import Path
from typing import Annotated

import typer

from foresay.cli import options
from foresay.cli.progress import Outcome, OutcomeFormat, finish, steps
from foresay.errors import ChoiceError


def simulate(
    folder: Annotated[Path, typer.Argument(help="Folder that is made; it must not exist yet.")],
    *,
    seed: Annotated[int, typer.Option("--seed", min=0, help="Seed.")] = 1,
    setting: Annotated[
        list[str] | None,
        typer.Option("--set", help="A parameter of the world: --set items=100. Repeatable."),
    ] = None,
    output_format: Outcome = OutcomeFormat.text,
    quiet: options.Quiet = False,
) -> None:
    """Simulate a study: the tables of a real one, a study file, and the truth beside them.

    truth.csv holds the values that estimates of endless prompts would have; world.json holds the
    parameters. Example: foresay simulate trial --set self_advantage=0.05 --set items=200
    """
    from pydantic import ValidationError

    from foresay.publishing.writing import staged_folder
    from foresay.simulation import World, simulate, true_values
    from foresay.study import nearest

    changes = _parsed(setting or [])
    unknown = [name for name in changes if name not in World.model_fields]
    if unknown:
        raise ChoiceError(
            f"a world has no parameter {unknown[0]!r}; "
            f"{nearest(unknown[0], list(World.model_fields))}"
        )
    try:
        world = World.model_validate(changes)
    except ValidationError as error:
        problems = [f"{'.'.join(map(str, e['loc']))}: {e['msg']}" for e in error.errors()]
        raise ChoiceError("\n".join(problems)) from error
    with (
        steps(quiet=quiet, log=False) as progress,
        staged_folder(folder, replace=False) as stage,
    ):
        progress("simulating the tables")
        made = simulate(world, seed)
        progress("computing what is true")
        truth = true_values(world, seed)
        progress("writing")
        made.write(stage)
        (stage / "truth.csv").write_text(
            truth.to_csv(index=False, lineterminator="\n"), encoding="utf-8", newline=""
        )
        (stage / "world.json").write_text(world.model_dump_json(indent=2) + "\n", encoding="utf-8")
    finish(
        f"Simulated study in {folder}: foresay estimate {shlex.quote(str(folder))} --by predictor",
        {"folder": str(folder), "files": [*made.files(), "truth.csv", "world.json"]},
        output_format,
        quiet=quiet,
    )


def _parsed(pairs: list[str]) -> dict[str, object]:
    import yaml

    changes: dict[str, object] = {}
    for pair in pairs:
        name, equals, text = pair.partition("=")
        if not equals:
            raise ChoiceError(f"--set takes name=value, such as items=100; got {pair!r}")
        value = yaml.safe_load(text)
        if name == "n_train" and isinstance(value, str):
            value = [int(part) for part in value.split(",")]
        changes[name.strip()] = value
    return changes
