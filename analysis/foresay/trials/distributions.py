"""The predictor's probabilities held against the target's shares of answers.

The target's repeats are split in two: ordered by their sample number, the first, third, ... decide
which answer is the commonest, second and so on; the second, fourth, ... say how often each of
these was given. Ranks decided on the repeats that they are scored on would flatter the first rank
(winner's curse), and a predictor would look too timid.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import ibis
import numpy as np
import pandas as pd
from scipy import special

from foresay.errors import UnsupportedError
from foresay.study import Choices
from foresay.trials.behaviours import ITEM, UNIT, repeats_of, shares
from foresay.trials.confidences import asked
from foresay.trials.population import Population, with_compliance

RANKS = 5
"""Ranks that are scored; the target gives few answers more often than that."""

WHOLE = 0.99
"""Probabilities that add up to this or more are of all answers, not of the likeliest alone."""

_NOT_OF_A_QUESTION = (
    *("prediction", "confidence", "compliant", "k", "seed", "sample"),
    *("answer", "probability", "rank"),
)
"""Columns of trials that are of a prediction, or have another meaning here."""

_LACKING = "the predictor's distribution against the target's needs"


def most_repeated(answers: Any) -> float:
    """Return the temperature at which targets were run most often; the lowest of equal ones."""
    if "temperature" not in answers.columns:
        return 0.0
    table = answers.mutate(temperature=answers.temperature.fill_null(0.0))
    counted = table.group_by(["temperature"]).aggregate(n=lambda t: t.count())
    first = counted.order_by([ibis.desc("n"), "temperature"]).limit(1).to_pyarrow().to_pylist()
    return float(first[0]["temperature"]) if first else 0.0


def needed(tables: Mapping[str, Any]) -> tuple[Any, Any]:
    """Return the tables of probabilities and of answers.

    Raises
    ------
    UnsupportedError
        One of them is not there, or repeats are not numbered.
    """
    if "probabilities" not in tables:
        raise UnsupportedError(f"{_LACKING} a table probabilities")
    if "answers" not in tables:
        raise UnsupportedError(
            f"{_LACKING} repeated behaviours of the target; add a table answers, or responses with "
            "properties, with a column `sample`"
        )
    if "sample" not in tables["answers"].columns:
        raise UnsupportedError(f"{_LACKING} a column `sample` of answers, to split repeats by")
    return tables["probabilities"], with_compliance(tables["answers"], tables.get("responses"))


def halves(answers: Any, choices: Choices) -> tuple[Any, Any]:
    """Return the shares of answers of each half of the repeats, see `behaviours.shares`.

    The usable repeats are dealt out in turn: the first half decides ranks, the second is scored;
    an odd repeat more is in the first.
    """
    usable = answers.answer.notnull()
    if "compliant" in answers.columns and choices.compliance in ("paper", "drop_either"):
        usable &= answers.compliant.fill_null(ibis.literal(value=False))
    table = answers.filter(usable)
    table = table.mutate(_said=table.answer)
    keys = [c for c in ("model", "task", "item", "property", "temperature") if c in table.columns]
    order = [c for c in ("sample", "wording", "_said") if c in table.columns]
    place = ibis.row_number().over(ibis.window(group_by=keys, order_by=order))
    table = table.mutate(_second=place % 2 == 1)
    each = choices.model_copy(update={"truth": "each"})
    first, second = (
        shares(repeats_of(table.filter(part), each), "each")
        for part in (~table._second, table._second)  # noqa: SLF001  # a column
    )
    return first, second


def ranked(
    population: Population,
    tables: Mapping[str, Any],
    choices: Choices,
    conditions: Sequence[str] = (),
) -> Population:
    """Return one row a question and rank: the stated probability of the target's answer there.

    Parameters
    ----------
    population : Population
        Trials whose questions are taken, with all their columns that may group or select.
    tables : mapping of str to ibis.Table
        Canonical tables of the study.
    choices : Choices
        `temperature` and `compliance` are used; truth is the share of repeats.
    conditions : sequence of str
        Columns of `probabilities` beyond the standard key that tell its rows apart.

    Returns
    -------
    Population
        Trials with `rank` (1 is the commonest answer of the first half, equal counts in the order
        of their text), `confidence` (the probability that the predictor gives that answer; of one
        that it does not list, 0 where its list is whole, else missing), `k` (repeats of the second
        half) and `match` (its share of the second half, in units of ``1 / UNIT``).

    Raises
    ------
    UnsupportedError
        A table is missing.
    """
    probabilities, answers = needed(tables)
    first, second = halves(answers, choices)
    order = ibis.window(group_by=list(ITEM), order_by=[ibis.desc("n"), "answer"])
    first = first.mutate(rank=ibis.row_number().over(order) + 1)
    first = population.keep(first.filter(first["rank"] <= RANKS))
    scored = second.group_by(list(ITEM)).aggregate(k=lambda t: t.k.max())
    second = population.keep(second)
    places = _left(
        first.select(*ITEM, "answer", "rank").inner_join(scored, list(ITEM)),
        second.select(*ITEM, "answer", "truth"),
        (*ITEM, "answer"),
    )
    on = asked(population.trials, probabilities, conditions)
    questions = _questions(population, on)
    known = questions.semi_join(
        probabilities, [questions[c].identical_to(probabilities[c]) for c in on]
    )
    rows = known.inner_join(places, list(ITEM))
    listed = probabilities.select(*on, "answer", "probability")
    in_all = listed.group_by(list(on)).aggregate(_sum=lambda t: t.probability.sum())
    rows = _left(_left(rows, listed, (*on, "answer")), in_all, on)
    # nothing is left for an answer that a whole list leaves out; a short list does not say
    unlisted = ibis.ifelse(rows._sum >= WHOLE, 0.0, None)  # noqa: SLF001  # a column
    rows = rows.mutate(
        confidence=rows.probability.fill_null(unlisted),
        match=rows.truth.fill_null(0).cast("int64"),
        included=ibis.literal(value=True),
        compliant=ibis.literal(value=True),
    ).drop("probability", "truth", "_sum")
    return replace(population, trials=population.keep(rows), key=())


def _questions(population: Population, on: Sequence[str]) -> Any:
    """Return one row for each question that trials ask, with the columns that do not vary."""
    trials = population.trials
    own = [c for c in population.columns if c not in (*on, *_NOT_OF_A_QUESTION)]
    return trials.group_by(list(on)).aggregate(**{c: (lambda t, c=c: t[c].min()) for c in own})


def _left(left: Any, right: Any, on: Sequence[str]) -> Any:
    renamed = right.rename({f"_{name}_": name for name in on})
    joined = left.left_join(renamed, [left[name].identical_to(renamed[f"_{name}_"]) for name in on])
    return joined.drop(*[f"_{name}_" for name in on])


def variations(
    population: Population,
    tables: Mapping[str, Any],
    choices: Choices,
    conditions: Sequence[str] = (),
) -> Population:
    """Return one row a question: how far the two distributions are apart.

    Answers that the predictor does not list are one answer; probabilities that add up to more than
    1 are divided by their sum.

    Parameters
    ----------
    population, tables, choices, conditions
        As for `ranked`.

    Returns
    -------
    Population
        Trials with `match`, the total variation of the predictor's probabilities and the target's
        shares of all its repeats, and `match_high`, what it would be on average if the target's
        repeats were drawn from the predictor's probabilities; both in units of ``1 / UNIT``.

    Raises
    ------
    UnsupportedError
        A table is missing.

    Notes
    -----
    The mean distance of a binomial share from its probability has a closed form (de Moivre): with
    m the least whole number above kp, ``2 m C(k, m) p^m (1 - p)^(k - m + 1) / k``.
    """
    probabilities, answers = needed(tables)
    each = choices.model_copy(update={"truth": "each"})
    given = population.keep(shares(repeats_of(answers, each), "each"))
    asked_of = given.group_by(list(ITEM)).aggregate(k=lambda t: t.k.max())
    on = asked(population.trials, probabilities, conditions)
    questions = _questions(population, on)
    questions = population.keep(questions.inner_join(asked_of, list(ITEM)))
    listed = probabilities.group_by(list(on)).mutate(_sum=lambda t: t.probability.sum())
    listed = listed.select(
        *on,
        "answer",
        p=listed.probability / ibis.greatest(listed._sum, 1.0),  # noqa: SLF001
    )
    pairs = _left(listed, questions.select(*on, "k"), on)
    pairs = pairs.filter(pairs.k.notnull())
    pairs = _left(pairs, given.select(*ITEM, "answer", "n"), (*ITEM, "answer"))
    pairs = pairs.mutate(q=pairs.n.fill_null(0) / pairs.k)
    rest = pairs.group_by([*on, "k"]).aggregate(
        p=lambda t: ibis.greatest(1.0 - t.p.sum(), 0.0),
        q=lambda t: ibis.greatest(1.0 - t.q.sum(), 0.0),
    )
    both = population.keep(
        pairs.select(*on, "k", "p", "q").union(rest.select(*on, "k", "p", "q"), distinct=False)
    )
    expected = ibis.memtable(_expected(both))
    both = both.inner_join(expected, [both.k == expected["_k"], both.p == expected["_p"]])
    apart = both.group_by(list(on)).aggregate(
        match=lambda t: ((t.p - t.q).abs().sum() / 2 * UNIT).round().cast("int64"),
        match_high=lambda t: (t["_e"].sum() / 2 * UNIT).round().cast("int64"),
    )
    rows = _left(questions, apart, on)
    rows = rows.filter(rows["match"].notnull()).mutate(
        included=ibis.literal(value=True),
        compliant=ibis.literal(value=True),
        confidence=ibis.literal(1.0),
    )
    return replace(population, trials=population.keep(rows), key=())


def _expected(both: Any) -> pd.DataFrame:
    """Return the mean distance of a share of k draws from p, for each k and p that there is."""
    found = both.select("k", "p").distinct().to_pyarrow()
    k, p = found["k"].to_numpy().astype(float), found["p"].to_numpy().astype(float)
    return pd.DataFrame({"_k": k.astype(np.int64), "_p": p, "_e": mean_distance(k, p)})


def mean_distance(k: np.ndarray[Any, Any], p: np.ndarray[Any, Any]) -> np.ndarray[Any, Any]:
    """Return the mean of |B / k - p| for binomial B of k draws with chance p.

    Examples
    --------
    >>> mean_distance(np.array([1.0, 2.0]), np.array([0.5, 0.5])).round(12).tolist()
    [0.5, 0.25]
    """
    above = np.floor(k * p) + 1
    inside = (p > 0) & (p < 1)
    p = np.where(inside, p, 0.5)
    chosen = special.gammaln(k + 1) - special.gammaln(above + 1) - special.gammaln(k - above + 1)
    with np.errstate(invalid="ignore", over="ignore"):
        terms = chosen + above * np.log(p) + (k - above + 1) * np.log1p(-p)
        return np.where(inside & (above <= k), 2 * above * np.exp(terms) / k, 0.0)
