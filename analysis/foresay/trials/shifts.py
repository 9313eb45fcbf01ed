"""Behaviour change: what a target that was trained to behave differently did before.

The old behaviour is that of the model that it was trained from (column `base` of models). Two
models that do the same thing also differ on some items, because neither repeats itself always;
how many such items there would be is estimated from repeats.
"""

from __future__ import annotations

from typing import Any

import ibis

from foresay.study import Choices
from foresay.trials.behaviours import ITEM
from foresay.trials.ceilings import in_units, profiles, with_columns
from foresay.trials.commonest import PLACE, apart, commonest, left, with_answers
from foresay.trials.population import Population
from foresay.trials.profiles import Profile
from foresay.trials.splits import disjoint, odd_half

SHIFTED = "behaviour-shifted"
"""The stage of a model that was trained to behave differently from its base."""


def lacks_shift(population: Population) -> str:
    """Say what is missing for the behaviour change of targets; "" if nothing."""
    if population.shares is None:
        return "needs the target's answers; add a column `behaviour` to trials, or a table answers"
    trials = population.trials
    lacking = [c for c in ("target_stage", "target_base") if c not in trials.columns]
    if lacking:
        column = lacking[0].removeprefix("target_")
        return f"needs the column `{column}` of the table models"
    shifted = trials.filter((trials.target_stage == SHIFTED) & trials.target_base.notnull())
    pairs = shifted.select("target", "target_base").distinct().to_pyarrow().to_pylist()
    if not pairs:
        about = "predictions about" if population.has_predictions else "behaviour of"
        return (
            f"needs {about} a model of stage `{SHIFTED}` whose `base` the table models names, and "
            "there are none"
        )
    known = set(with_answers(population.shares))
    bases = sorted({pair["target_base"] for pair in pairs} - known)
    if len(bases) == len({pair["target_base"] for pair in pairs}):
        return f"needs the old behaviour: the table answers has no rows of {bases[0]!r}"
    return ""


def with_behaviour_shifted(table: Any, population: Population, choices: Choices) -> Any:
    """Add `behaviour_shifted` and `clearly_shifted` to a table that names items and `target_base`.

    `behaviour_shifted` is true where the target and its base share none of their commonest
    answers on the item, false where they share one (tied answers are commonest each), and missing
    for other targets and where either behaviour is not known. `clearly_shifted` is stricter, and
    needs repeats: both have two usable ones or more, and the commonest answers of neither are
    ever given by the other.
    """
    del choices  # the shares are made under them
    shares, facts = population.shares, population.facts
    assert shares is not None and facts is not None  # noqa: S101, PT018  # see `lacks_shift`
    changed = table.filter(table.target_stage == SHIFTED)
    pairs = changed.select(*ITEM, "target_base").distinct()
    found = apart(pairs, "target", "target_base", shares)
    modes = commonest(shares)
    given = shares.filter(shares.n > 0)
    both = [_given_by(found, modes, given, *order) for order in _ORDERS]
    k = facts.select(**{f"_{c}": facts[c] for c in (*ITEM, "k")})
    keys = ["target", "target_base", *PLACE]
    for name, overlap in zip(("_new_in_old", "_old_in_new"), both, strict=True):
        found = left(found, overlap.mutate(**{name: ibis.literal(value=True)}), keys)
    for name, model in (("_k_new", "target"), ("_k_old", "target_base")):
        named = k.select(
            **{model: k["_target"], **{c: k[f"_{c}"] for c in PLACE}}, **{name: k["_k"]}
        )
        found = left(found, named, [model, *PLACE])
    repeated = (found["_k_new"] >= 2) & (found["_k_old"] >= 2)
    alone = found["_new_in_old"].isnull() & found["_old_in_new"].isnull()
    found = found.select(
        *keys,
        behaviour_shifted=found["_apart"],
        clearly_shifted=(found["_apart"] & repeated & alone).fill_null(ibis.literal(value=False)),
    )
    stage = left(table, found, keys)
    own = table.target_stage == SHIFTED
    return stage.mutate(
        behaviour_shifted=ibis.ifelse(own, stage.behaviour_shifted, None),
        clearly_shifted=ibis.ifelse(own, stage.clearly_shifted, None),
    )


_ORDERS = (("target", "target_base"), ("target_base", "target"))


def _given_by(pairs: Any, modes: Any, given: Any, one: str, other: str) -> Any:
    """Return the pairs in which a commonest answer of `one` is ever given by `other`."""
    keys = ["target", "target_base", *PLACE]
    mode = modes.select(**{one: modes.target}, **{c: modes[c] for c in (*PLACE, "answer")})
    said = given.select(**{other: given.target}, **{c: given[c] for c in (*PLACE, "answer")})
    found = pairs.inner_join(mode, [one, *PLACE]).select(*keys, "answer")
    return found.semi_join(said, [other, *PLACE, "answer"]).select(*keys).distinct()


def with_shift_answer(table: Any, population: Population, choices: Choices) -> Any:
    """Add `shift_answer` to trials that have `behaviour_shifted`: new, old or neither.

    For included trials on shifted items: whether the prediction is a commonest answer of the
    target (new), of its base (old), or neither, as is a reply that is not in the asked form
    wherever the compliance policy counts it as wrong. On a shifted item no answer is both.
    """
    modes = commonest(population.shares)
    said = {c: modes[c] for c in PLACE}
    new = modes.select(
        target=modes.target, **said, prediction=modes.answer, _new=ibis.literal(value=True)
    )
    old = modes.select(
        target_base=modes.target, **said, prediction=modes.answer, _old=ibis.literal(value=True)
    )
    table = left(table, new, ["target", *PLACE, "prediction"])
    table = left(table, old, ["target_base", *PLACE, "prediction"])
    usable = table.prediction.notnull()
    if choices.compliance not in ("ignore", "drop_either"):
        usable &= table.compliant
    there = table.included & table.behaviour_shifted.fill_null(ibis.literal(value=False))
    answer = ibis.cases(
        (~there, None),
        (usable & table["_new"].notnull(), "new"),
        (usable & table["_old"].notnull(), "old"),
        else_="neither",
    )
    return table.mutate(shift_answer=answer).drop("_new", "_old")


def with_shift_noise(table: Any, population: Population, choices: Choices) -> Any:
    """Add `_shift_noise` to a table that has `behaviour_shifted`, in units of ``1 / UNIT``.

    The chance that an item would count as shifted if the target still behaved as its base: how
    often two disjoint sets of the base's own repeats share no commonest answer, single repeats
    where the truth is one reply, else the largest odd sets that fit twice, which are noisier than
    the whole, so that the chance is rather too high. From the target's repeats where the base has
    only one; missing where both have.
    """
    single = choices.truth in ("first", "greedy")

    def columns(profile: Profile) -> dict[str, int | None]:
        k = sum(profile)
        if k < 2:
            return {"noise": None}
        return {"noise": in_units(disjoint(profile, 1 if single else odd_half(k)))}

    shares = population.shares
    assert shares is not None  # noqa: S101  # see `lacks_shift`
    of_item = population.keep(with_columns(profiles(shares, ITEM), columns))
    for model, name in (("target_base", "_noise_old"), ("target", "_noise_new")):
        named = of_item.select(
            **{model: of_item.target}, **{c: of_item[c] for c in PLACE}, **{name: of_item.noise}
        )
        table = left(table, named, [model, *PLACE])
    noise = ibis.coalesce(table["_noise_old"], table["_noise_new"])
    known = table.behaviour_shifted.notnull()
    return table.mutate(_shift_noise=ibis.ifelse(known, noise, None)).drop(
        "_noise_old", "_noise_new"
    )
