"""Sentences: the words around numbers, so that a direction is never typed by hand."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from foresay.display.numbers import count, is_missing

ESTIMANDS = {
    "accuracy": "Accuracy",
    "accuracy_own": "Match with the own behaviour",
    "accuracy_target": "Match with the target",
    "accuracy_unshifted": "Accuracy, unshifted items",
    "advantage": "Advantage over baseline",
    "agreement_answer": "Agreement of answers",
    "agreement_raw": "Agreement of replies",
    "auroc": "AUROC of confidence",
    "baseline_distribution": "Distribution baseline",
    "baseline_mode": "Mode baseline",
    "baseline_mode_insample": "Mode baseline (in-sample)",
    "baseline_mode_train": "Mode baseline (train split)",
    "baseline_other": "Baseline of another model",
    "baseline_uniform": "Uniform baseline",
    "brier": "Brier score",
    "calibration_intercept": "Calibration intercept",
    "calibration_l2": "Calibration error (squared, debiased)",
    "calibration_skill": "Skill over a constant",
    "calibration_slope": "Calibration slope",
    "ceiling_modal": "Modal ceiling",
    "ceiling_modal_lower": "Modal ceiling, lower end",
    "ceiling_modal_upper": "Modal ceiling, upper end",
    "ceiling_resample": "Resample ceiling",
    "compliance": "Compliance",
    "compliance_behaviour": "Compliance of behaviour",
    "copy_gap": "Accuracy minus copied property",
    "copy_oracle": "Property of the predicted answer",
    "correlation": "Correlation",
    "correlation_corrected": "Correlation, corrected",
    "d_prime": "d\N{PRIME}",
    "differing_share": "Items where models differ",
    "discrimination": "Discrimination (DSC)",
    "distinct_answers": "Distinct answers",
    "ece": "ECE, equal mass",
    "ece_equal_width": "ECE, equal width",
    "entropy": "Entropy (bits)",
    "extraction": "Right where reproduced",
    "false_alarm_rate": "False alarm rate",
    "gain_accuracy": "Gain among compliant",
    "gain_compliance": "Gain from compliance",
    "gain_share": "Share of gain from compliance",
    "hit_rate": "Hit rate",
    "identity_gap": "Accuracy minus reproduction",
    "log_score": "Log score",
    "mad": "MAD, as published",
    "match_unreproduced": "Right where not reproduced",
    "miscalibration": "Miscalibration (MCB)",
    "normalized_accuracy": "Normalised accuracy",
    "normalized_accuracy_modal": "Normalised accuracy (modal)",
    "projection_all": "Projection, all items",
    "right_reproduced": "Reproduced and right",
    "right_unreproduced": "Right, not reproduced",
    "self_advantage": "Self advantage",
    "shift_neither": "Neither behaviour",
    "shift_new": "New behaviour",
    "shift_noise": "Shifted by noise alone",
    "shift_old": "Old behaviour",
    "shifted_beyond_noise": "Shifted beyond noise",
    "shifted_share": "Items shifted",
    "smooth_ece": "Smooth ECE",
    "total_variation": "Total variation",
    "uncertainty": "Uncertainty (UNC)",
    "wrong_reproduced": "Reproduced but wrong",
    "wrong_unreproduced": "Neither right",
}
"""How reports print the names of estimands; others are printed with spaces for underscores."""

COLUMNS = {
    "design_effect": "Design effect",
    "level": "Level",
    "n_clusters": "Clusters",
    "n_excluded": "Excluded",
    "n_items": "Items",
    "n_train": "Training examples",
    "n_trials": "Trials",
    "of_value": "First term",
    "minus_value": "Second term",
    "p_value": "p",
    "standard_error": "SE",
}
"""How tables print the names of columns."""


def label_of(name: object) -> str:
    """Return the printed name of an estimand or a column.

    Examples
    --------
    >>> label_of("baseline_mode"), label_of("training_seed")
    ('Mode baseline', 'Training seed')
    """
    text = str(name)
    known = ESTIMANDS.get(text) or COLUMNS.get(text)
    if known:
        return known
    plain = text.replace("_", " ")
    return plain[:1].upper() + plain[1:]


def listing(parts: Sequence[object], *, last: str = "and", most: int | None = None) -> str:
    """Join words as a sentence does; beyond `most`, say how many more there are.

    Examples
    --------
    >>> listing(["a", "b", "c"]), listing("abcde", most=3)
    ('a, b and c', 'a, b, c and 2 more')
    """
    words = [str(part) for part in parts]
    if most is not None and len(words) > most:
        words = [*words[:most], f"{count(len(words) - most)} more"]
    if len(words) < 2:
        return "".join(words)
    return f"{', '.join(words[:-1])} {last} {words[-1]}"


def plural(number: int, noun: str, nouns: str | None = None) -> str:
    """Return a count with its noun.

    Examples
    --------
    >>> plural(1, "item"), plural(1200, "item")
    ('1 item', '1,200 items')
    """
    return f"{count(number)} {noun if number == 1 else nouns or noun + 's'}"


def direction(row: Mapping[str, Any], reference: float = 0.0) -> str:
    """Say where an estimate lies against `reference`, by its interval.

    Returns
    -------
    str
        ``higher than``, ``lower than``, ``not distinguishable from`` (the interval holds the
        reference) or ``not comparable with`` (no value or no interval).
    """
    value, low, high = row.get("value"), row.get("low"), row.get("high")
    if value is None or low is None or high is None or any(map(is_missing, (value, low, high))):
        return "not comparable with"
    if low > reference:
        return "higher than"
    return "lower than" if high < reference else "not distinguishable from"


def tally(
    directions: Sequence[str], nouns: str = "", *, above: str = "higher", below: str = "lower"
) -> str:
    """Count directions in words.

    Parameters
    ----------
    directions : sequence of str
        As `direction` returns them, one or more.
    nouns : str
        What is counted, in the plural.
    above, below : str
        The words for ``higher than`` and ``lower than``.

    Examples
    --------
    >>> tally(["higher than", "not distinguishable from", "higher than"], "tests")
    'higher in 2 of 3 tests and not distinguishable in 1'
    >>> tally(["lower than", "lower than"], below="worse"), tally(["higher than"])
    ('worse in all 2', 'higher in 1 of 1')
    """
    words = {
        "higher than": above,
        "lower than": below,
        "not distinguishable from": "not distinguishable",
        "not comparable with": "not comparable",
    }
    of = f" {nouns}" if nouns else ""
    parts: list[str] = []
    for said, word in words.items():
        number = directions.count(said)
        if number == len(directions) > 1:
            return f"{word} in all {count(number)}{of}"
        if number:
            whole = "" if parts else f" of {count(len(directions))}{of}"
            parts.append(f"{word} in {count(number)}{whole}")
    return listing(parts)
