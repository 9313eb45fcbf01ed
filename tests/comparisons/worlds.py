"""Specification curves of simulated worlds, without an engine: effects of clusters, joint tests.

Nothing here is a test; the validity study uses the same pieces with more data sets.
"""

from __future__ import annotations

import numpy as np

from foresay.comparisons.arms import Comparison
from foresay.comparisons.flip_scores import scores
from foresay.comparisons.joint_tests import JointTest, Scores, joint_test
from foresay.counts import Counts
from foresay.measures import find_measure
from foresay.simulation.generation import behave, draw_predictions
from foresay.simulation.world import World

NULL = World(
    tasks=4,
    items=20,
    similarity=1.0,  # the other model projects what the target does
    self_advantage=0.0,
    knowledge=0.3,
    compliance_after=0.85,
    n_train=(300,),
)
"""A world in which self and cross have one law; `effect` adds knowledge to self alone."""

ARMS = ("of", "minus")
COMPARED = Comparison(name="c", measure=find_measure("accuracy"))


def world(effect: float = 0.0, items: int = 20) -> World:
    return NULL.model_copy(update={"self_advantage": effect, "items": items})


def effects(of: World, rng: np.random.Generator) -> list[Scores]:
    """Draw a study; return the effect under each truth, compliance and selection of tasks."""
    return [scored for scored, _ in specified(of, rng)]


def specified(of: World, rng: np.random.Generator) -> list[tuple[Scores, float]]:
    """Return each effect with its direct estimate, the difference of two accuracies."""
    behaviours = behave(of, rng)
    cumulative = behaviours.probability.cumsum(axis=2)
    repeats = [
        (rng.random(behaviours.own_mode.shape)[..., None] > cumulative[..., :-1]).sum(axis=2)
        for _ in range(of.repeats)
    ]
    arms = {}
    for arm, own in (("of", True), ("minus", False)):
        said = draw_predictions(of, behaviours, rng, own=own, n_train=300)
        arms[arm] = said, rng.random(said.shape) < of.compliance(300)
    found = []
    for truth in ("each", "first"):
        against = repeats if truth == "each" else repeats[:1]
        for compliance in ("count_wrong", "ignore", "drop_either"):
            for selected in (np.ones(len(behaviours.task), bool), behaviours.task < 2):
                columns = {}
                kept = np.broadcast_to(selected[:, None], behaviours.own_mode.shape)
                if compliance == "drop_either":  # items that both arms still have
                    kept = kept & arms["of"][1] & arms["minus"][1]
                for arm, (said, compliant) in arms.items():
                    right = sum((said == given).astype(np.int64) for given in against)
                    counted = kept & compliant if compliance == "count_wrong" else kept
                    match = np.where(counted, right, 0).sum(axis=1)
                    columns |= {
                        f"{arm}.match": match,
                        f"{arm}.match_squared": match,
                        f"{arm}.trials": kept.sum(axis=1) * len(against),
                    }
                found.append(_scores(columns, selected))
    return found


def _scores(columns: dict[str, np.ndarray], selected: np.ndarray) -> tuple[Scores, float]:
    numerators = np.column_stack([columns[name] for name in columns]).astype(np.int64)
    there = (numerators != 0).any(axis=1)
    n = int(there.sum())
    counts = Counts(
        names=tuple(columns),
        numerators=numerators[there],
        scale=np.ones(len(columns), np.int64),
        multiplicity=np.ones(n, np.int64),
        stratum=np.zeros(n, np.int64),
    )
    labels = tuple((int(place),) for place in np.flatnonzero(there))
    made = Scores(values=(), labels=labels, scores=scores(counts, COMPARED))
    direct = [columns[f"{arm}.match"].sum() / columns[f"{arm}.trials"].sum() for arm in ARMS]
    return made, float(direct[0] - direct[1])


def examined(of: World, seed: int, run: int, flips: int = 199) -> JointTest:
    """Return the joint test of one simulated study."""
    rng = np.random.default_rng([seed, run])
    return joint(effects(of, rng), rng, flips)


def joint(found: list[Scores], rng: np.random.Generator, flips: int = 199) -> JointTest:
    """Return the joint test of some effects, each a specification."""
    place = np.arange(len(found))
    return joint_test(found, place, np.full(len(found), 0.95), flips=flips, rng=rng)
