"""The gallery: every figure, filed by what a reader wants to know, and what data it needs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from foresay.figures import Figure
from foresay.publishing.illustrations import question_of

SECTIONS: Mapping[str, Mapping[str, str]] = MappingProxyType(
    {
        "How good are the predictions?": {
            "headline": "predictions, and the behaviour that they are about",
            "accuracy-against-bounds": "predictions, and the behaviour that they are about",
            "normalised-accuracy": "repeated responses of a target to the same prompt",
            "accuracy-informative": "cells of task and property where no answer is nearly always "
            "given",
            "accuracy-by-property": "several properties",
            "predictor-by-target": "several predictors of each of several targets",
            "agreement": "repeated responses of a target to the same prompt",
            "ceiling-by-k": "three or more responses of a target to the same prompt",
            "agreement-by-n": "three or more responses of a target to the same prompt",
        },
        "Does a model know itself better than others know it?": {
            "self-advantage": "self- and cross-prediction of the same items",
            "contrasts": "contrasts that the study file declares, or those that are always known",
            "interaction": "a contrast of two contrasts in the study file",
            "two-scorings": "behaviour of the predictors, too, on the same items",
            "projection": "behaviour of the predictors, too, on the same items",
            "reproduction": "predictions of the whole answer (`identity`) beside those of its "
            "properties",
            "two-way-model": "several predictors of several targets, themselves among them",
        },
        "Can confidence be trusted?": {
            "reliability": "stated or token-level confidence of predictions",
            "detection": "trials that say whether there was something to detect, and whether it "
            "was reported",
            "correlation": "properties that are numbers",
        },
        "What does training change?": {
            "scaling": "predictors with several numbers of training examples (`n_train`)",
            "trend": "predictors with several numbers of training examples, or another trend in "
            "the study file",
            "stage-ladder": "models of several stages (`stage`)",
            "compliance-gain": "trained predictors and the models that they were trained from "
            "(`base`)",
            "shifted-share": "repeated responses of a behaviour-shifted model and of its base",
            "behaviour-change": "predictions about a behaviour-shifted model and responses of its "
            "base",
            "determinism": "repeated responses of a trained model and of its base",
            "entropy-matched": "repeated responses to items that differ in entropy",
        },
        "Does the result hold elsewhere?": {
            "specification-curve": "a grid of choices in the study file (`specifications`)",
            "influence": "several tasks, properties or models",
            "over-tasks": "several tasks",
            "templates": "templates of the training and of the test questions",
            "complexity": "a number for each item, such as its complexity",
            "compliance": "predictions that say whether they are in the asked form",
            "compliance-policies": "predictions, some of them not in the asked form",
        },
        "How large must a study be?": {
            "power": "a study to plan from: `foresay power --plot`",
            "ceiling-precision": "repeated responses to plan from: `foresay power --ceiling "
            "--plot`",
        },
    }
)
"""What a reader wants to know -> the figures that answer it -> the data that each needs."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """A figure as the gallery lists it.

    Parameters
    ----------
    name, question : str
        Of the figure.
    needs : str
        What data it needs, Markdown.
    figure : Figure or None
        It, where the study supports it.
    reason : str
        Why it could not be drawn; "" where that is not known.
    """

    name: str
    question: str
    needs: str
    figure: Figure | None = None
    reason: str = ""


def items(drawn: Mapping[str, Figure], reasons: Mapping[str, str]) -> dict[str, list[Item]]:
    """Return all figures by section.

    Parameters
    ----------
    drawn : mapping of str to Figure
        Those that there are.
    reasons : mapping of str to str
        Why others are not.
    """
    return {
        section: [
            Item(
                name=name,
                question=question_of(name),
                needs=needs,
                figure=drawn.get(name),
                reason=reasons.get(name, ""),
            )
            for name, needs in figures.items()
        ]
        for section, figures in SECTIONS.items()
    }
