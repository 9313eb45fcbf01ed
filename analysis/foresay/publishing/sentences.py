"""The sentences that a page can ask for by name, and the functions that write them."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from foresay.publishing import (
    answers,
    calibration_findings,
    claims,
    comparison_findings,
    findings,
    mechanism_findings,
    variation_findings,
)
from foresay.publishing.results import Results

SENTENCES: Mapping[str, Callable[[Results], str]] = {
    "answer_accuracy": answers.accuracy,
    "answer_self": answers.self_against_cross,
    "answer_calibration": answers.calibration,
    "answer_change": answers.change,
    "answer_robustness": answers.robustness,
    "answer_claims": claims.answer,
    "headline_arms": answers.headline_arms,
    "design": findings.design,
    "compliance": findings.compliance,
    "compliance_gain": mechanism_findings.compliance_gain,
    "reproduction": mechanism_findings.reproduction,
    "projection": mechanism_findings.projection,
    "shift": mechanism_findings.shift,
    "shifted_share": mechanism_findings.shifted_share,
    "agreement": findings.agreement,
    "pooled_wordings": findings.pooled_wordings,
    "calibration_by_rank": calibration_findings.by_rank,
    "informative": findings.informative,
    "trends": comparison_findings.trends,
    "over_tasks": comparison_findings.over_tasks,
    "two_way": comparison_findings.two_way,
    "interactions": comparison_findings.interactions,
    "specifications": variation_findings.specifications,
    "influence": variation_findings.influence,
    "title": lambda results: str(results.facts["title"]),
    "description": lambda results: " ".join(str(results.facts["description"]).split()),
    "where": lambda results: str(results.facts["where"]) or "no condition",
    "fingerprint": lambda results: str(results.facts["fingerprint"]),
    "generalises_to": findings.generalises_to,
}
