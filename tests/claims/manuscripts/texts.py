"""A ledger of a few numbers, and what the check of a text against it tells."""

from __future__ import annotations

from foresay.claims.judged import Judged
from foresay.claims.ledger import Ledger
from foresay.claims.manuscripts import check_manuscript

LEDGER = Ledger.model_validate(
    {
        "claims": {
            "self": {
                "sentence": "The model predicts itself",
                "kind": "value",
                "of": "accuracy",
                "value": "52.3 %",
                "interval": ["50.7 %", "53.9 %"],
                "n": "600",
            },
            "cross": {
                "sentence": "Another one reaches",
                "kind": "value",
                "of": "accuracy",
                "value": "48.9 %",
                "n": "600",
            },
            "base": {
                "sentence": "Before training",
                "kind": "value",
                "of": "accuracy",
                "value": ".251",
            },
            "gain": {
                "sentence": "The gain is",
                "kind": "difference",
                "of": "accuracy",
                "arms": ["a", "b"],
                "value": "3.4 points",
                "direction": ">",
            },
            "trials": {
                "sentence": "There are so many predictions",
                "kind": "count",
                "of": "trials",
                "value": "7,200",
            },
            "none": {
                "sentence": "None was empty",
                "kind": "count",
                "of": "trials",
                "value": "0",
            },
            "sig": {
                "sentence": "The difference is significant",
                "kind": "significance",
                "of": "gain",
                "value": "< .001",
            },
        }
    }
)
P = 4.6e-5
JUDGED = {
    "self": Judged(verdict="supported", value=0.52283, low=0.50658, high=0.53904),
    "cross": Judged(verdict="supported", value=0.4885, low=0.47192, high=0.5051),
    "sig": Judged(verdict="supported", value=0.034, p=P),
}


def check(tmp_path, text, judged=JUDGED, form="md"):
    path = tmp_path / f"paper.{form}"
    if form == "tex":
        text = f"\\documentclass{{article}}\\begin{{document}}\n{text}\n\\end{{document}}\n"
    path.write_text(text, encoding="utf-8")
    return check_manuscript(path, LEDGER, judged)


def told(found):
    return [
        (one.outcome, one.rule, one.claim)
        for one in found.findings
        if one.outcome not in ("nowhere", "no claim")
    ]
