"""From a world to the tables of a study, as a real study would have them."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from foresay.simulation.world import OTHER, TARGET, World

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


@dataclass(frozen=True, slots=True, kw_only=True)
class Behaviours:
    """What the target and the other model do, prompt by prompt.

    Parameters
    ----------
    probability : array of shape (prompts, properties, answers)
        The target's chance of each answer.
    task : int array of shape (prompts,)
        Index of each prompt's task.
    own_mode, other_mode : int array of shape (prompts, properties)
        Commonest answer of the target and of the other model.
    task_mode : int array of shape (prompts, properties)
        Commonest answer in the task of the prompt.
    """

    probability: Floats
    task: Ints
    own_mode: Ints
    other_mode: Ints
    task_mode: Ints


@dataclass(frozen=True, slots=True, kw_only=True)
class Simulated:
    """A simulated study: its tables by canonical name, and its study file's content."""

    tables: dict[str, pd.DataFrame]
    study: dict[str, Any]

    def files(self) -> dict[str, str]:
        """Return the text of each file of the study, by name."""
        texts = {
            f"{name}.csv": frame.to_csv(index=False, lineterminator="\n")
            for name, frame in self.tables.items()
        }
        # JSON is YAML, and needs no library here
        return {**texts, "study.yml": json.dumps(self.study, indent=2) + "\n"}

    def write(self, folder: Path) -> Path:
        """Write the files into a folder that exists; return the path of the study file."""
        for name, text in self.files().items():
            (folder / name).write_text(text, encoding="utf-8", newline="")
        return folder / "study.yml"


def behave(world: World, rng: np.random.Generator) -> Behaviours:
    """Draw what the models do on every prompt of a world."""
    shape = (world.tasks, world.properties)
    habits = rng.dirichlet(np.full(world.answers, world.habit), shape)
    task = np.repeat(np.arange(world.tasks), world.items)
    # a Dirichlet distribution around the habits of the task, from gamma variables
    alpha = world.concentration * world.answers * habits[task]
    gamma = np.maximum(rng.standard_gamma(alpha), 1e-300)
    probability = gamma / gamma.sum(axis=2, keepdims=True)
    other = np.maximum(rng.standard_gamma(alpha), 1e-300)
    own_mode = probability.argmax(axis=2)
    same = rng.random(len(task)) < world.similarity
    other_mode = np.where(same[:, None], own_mode, other.argmax(axis=2))
    return Behaviours(
        probability=probability,
        task=task,
        own_mode=own_mode,
        other_mode=other_mode,
        task_mode=habits[task].argmax(axis=2),
    )


def simulate(world: World, seed: int) -> Simulated:
    """Simulate a study.

    Parameters
    ----------
    world : World
        What is true.
    seed : int
        Seed; the same world and seed give the same tables.

    Returns
    -------
    Simulated
        Tables `models`, `answers`, `predictions` and `items`, and a study file for them.
    """
    rng = np.random.Generator(np.random.PCG64DXSM([seed, 1]))
    behaviours = behave(world, rng)
    return Simulated(
        tables={
            "models": _models(world),
            "answers": _answers(world, behaviours, rng),
            "predictions": _predictions(world, behaviours, rng),
            "items": _items(behaviours),
        },
        study=_study(),
    )


def draw_predictions(
    world: World, behaviours: Behaviours, rng: np.random.Generator, *, own: bool, n_train: int
) -> Ints:
    """Return what a predictor says, shape (prompts, properties), as indices of answers."""
    shape = behaviours.own_mode.shape
    known = _together(rng, world.known(own=own, n_train=n_train), world.dependence, shape)
    projects = rng.random(shape) < world.projection
    projected = behaviours.own_mode if own else behaviours.other_mode
    guess = np.where(projects, projected, behaviours.task_mode)
    return np.where(known, behaviours.own_mode, guess)


def _together(
    rng: np.random.Generator, share: float, dependence: float, shape: tuple[int, ...]
) -> NDArray[np.bool_]:
    """Draw yes or no with probability `share`, alike within some prompts."""
    alike = rng.random(shape[0]) < dependence
    one = rng.random((shape[0], 1)) < share
    each = rng.random(shape) < share
    return np.where(alike[:, None], one, each)


def _names(behaviours: Behaviours) -> pd.DataFrame:
    task = behaviours.task
    number = np.concatenate([np.arange(n) for n in np.bincount(task)])
    return pd.DataFrame(
        {
            "task": [f"task{t + 1}" for t in task],
            "item": [f"task{t + 1}-{n + 1:05d}" for t, n in zip(task, number, strict=True)],
        }
    )


def _long(names: pd.DataFrame, properties: int) -> pd.DataFrame:
    long = names.loc[names.index.repeat(properties)].reset_index(drop=True)
    long["property"] = np.tile([f"property{p + 1}" for p in range(properties)], len(names))
    return long


def _text(indices: Ints) -> list[str]:
    return [f"answer{index + 1}" for index in indices.reshape(-1)]


def _models(world: World) -> pd.DataFrame:
    rows = []
    for name, base, own, n in world.predictors():
        stage = ("self-trained" if own else "cross-trained") if n else "base"
        rows.append(
            {
                "model": name,
                "family": base,
                "base": base if n else None,
                "stage": stage,
                "trained_on": TARGET if n else None,
                "n_train": n,
            }
        )
    for name in (TARGET, OTHER):
        if not any(row["model"] == name for row in rows):
            rows.append({"model": name, "family": name, "stage": "base", "n_train": 0})
    return pd.DataFrame(rows)


def _answers(world: World, behaviours: Behaviours, rng: np.random.Generator) -> pd.DataFrame:
    cumulative = behaviours.probability.cumsum(axis=2)
    parts = []
    long = _long(_names(behaviours), world.properties)
    for sample in range(world.repeats):
        chance = rng.random(behaviours.own_mode.shape)
        given = (chance[..., None] > cumulative[..., :-1]).sum(axis=2)
        compliant = np.repeat(
            rng.random(len(behaviours.task)) < world.behaviour_compliance, world.properties
        )
        parts.append(
            long.assign(
                model=TARGET,
                temperature=1.0,
                sample=sample,
                answer=_text(given),
                compliant=compliant,
            )
        )
    return pd.concat(parts, ignore_index=True)


def _predictions(world: World, behaviours: Behaviours, rng: np.random.Generator) -> pd.DataFrame:
    parts = []
    long = _long(_names(behaviours), world.properties)
    for name, _, own, n in world.predictors():
        said = draw_predictions(world, behaviours, rng, own=own, n_train=n)
        right = np.take_along_axis(behaviours.probability, said[..., None], axis=2)[..., 0]
        compliant = rng.random(said.shape) < world.compliance(n)
        parts.append(
            long.assign(
                predictor=name,
                target=TARGET,
                wording="second_person" if own else "named_model",
                temperature=0.0,
                sample=0,
                prediction=_text(said),
                compliant=compliant.reshape(-1),
                confidence=np.clip(right + world.confidence_shift, 0, 1).reshape(-1).round(6),
                split="held-out",
            )
        )
    return pd.concat(parts, ignore_index=True)


def _items(behaviours: Behaviours) -> pd.DataFrame:
    names = _names(behaviours)
    entropy = -(behaviours.probability * np.log2(behaviours.probability)).sum(axis=2).mean(axis=1)
    return names.assign(complexity=entropy.round(6))


def _study() -> dict[str, Any]:
    tables = ("models", "answers", "predictions", "items")
    return {
        "study": "simulated",
        "title": "A simulated study",
        "description": "Simulated data with known truth; no model was asked anything.",
        "tables": {name: {"files": f"{name}.csv"} for name in tables},
        "choices": {"compliance": "count_wrong", "truth": "each", "baseline": "mode_loo"},
        "contrasts": {
            "self_advantage": {
                "of": "accuracy",
                "where": "role = 'self'",
                "minus": "role = 'cross'",
                "by": ["target", "n_train"],
                "title": "Self minus cross",
            }
        },
    }
