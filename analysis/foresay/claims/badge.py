"""The verdicts of a ledger for machines: a badge and a short summary."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass

from foresay import __version__
from foresay.claims.recompute import Checked
from foresay.claims.verdicts import Verdict
from foresay.display import escape_html, plural

_LABEL = "claims"
_COLOURS = {"supported": "#2a6b3f", "unresolved": "#7a5200", "contradicted": "#a3261e"}
_WIDE, _NARROW, _USUAL = frozenset("mwMW%"), frozenset("fijlrt.,: "), 6.8
_PADDING, _HEIGHT = 6.0, 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Summary:
    """How the claims of a ledger that are still made stand; those that were withdrawn do not count.

    Parameters
    ----------
    study : str
        Its name.
    fingerprint : str
        Of the data; "" where no claim could be assessed.
    by_verdict : dict of str to tuple of str
        Ids of the claims by their verdict.
    withdrawn : int
        Claims that were withdrawn.
    page_problems : int
        What is to be mended on the study's pages, such as a number without a claim.
    strict : bool
        Whether a claim that could not be assessed fails too.
    """

    study: str
    fingerprint: str
    by_verdict: dict[Verdict, tuple[str, ...]]
    withdrawn: int
    page_problems: int = 0
    strict: bool = False

    @property
    def total(self) -> int:
        """Number of claims."""
        return sum(len(ids) for ids in self.by_verdict.values())

    @property
    def exit_code(self) -> int:
        """1 where a claim is contradicted or a page is to be mended, else 0.

        With `strict` also 1 where a claim could not be assessed.
        """
        failing = [*self.by_verdict["contradicted"]]
        if self.strict:
            failing += self.by_verdict["not assessed"]
        return int(bool(failing) or self.page_problems > 0)

    def to_json(self) -> str:
        """Return it as JSON, the same bytes for the same data and ledger."""
        said = {
            "foresay": __version__,
            "study": self.study,
            "fingerprint": self.fingerprint,
            "claims": self.total,
            "counts": {v.replace(" ", "_"): len(ids) for v, ids in self.by_verdict.items()},
            "not_supported": {
                v.replace(" ", "_"): list(ids)
                for v, ids in self.by_verdict.items()
                if v != "supported"
            },
            "withdrawn": self.withdrawn,
            "page_problems": self.page_problems,
            "strict": self.strict,
            "passed": self.exit_code == 0,
        }
        return json.dumps(said, ensure_ascii=False, indent=1) + "\n"


def summary(
    checked: Checked, study: str, *, page_problems: int = 0, strict: bool = False
) -> Summary:
    """Return how the claims of a checked ledger stand."""
    order: tuple[Verdict, ...] = ("supported", "unresolved", "not assessed", "contradicted")
    made = checked.made
    return Summary(
        study=study,
        fingerprint=next((o.fingerprint for o in checked.judged.values() if o.fingerprint), ""),
        by_verdict={v: tuple(n for n in made if checked.judged[n].verdict == v) for v in order},
        withdrawn=len(checked.ledger.claims) - len(made),
        page_problems=page_problems,
        strict=strict,
    )


def badge(found: Summary) -> str:
    """Return a badge as SVG: ``claims | 12 of 14 supported``. It asks for nothing from elsewhere.

    Green where all are supported, red where the exit code is 1, else ochre; the words say so too.
    """
    verdicts: tuple[Verdict, ...] = ("supported", "contradicted", "not assessed")
    supported, contradicted, unknown = (len(found.by_verdict[v]) for v in verdicts)
    words = [f"{supported} of {found.total} supported"] if found.total else ["none"]
    words += [f"{contradicted} contradicted"] * bool(contradicted)
    words += [f"{unknown} not assessed"] * bool(unknown)
    words += [f"{plural(found.page_problems, 'problem')} on pages"] * bool(found.page_problems)
    if found.exit_code:
        colour = _COLOURS["contradicted"]
    else:
        colour = _COLOURS["supported" if 0 < found.total == supported else "unresolved"]
    return _svg(_LABEL, ", ".join(words), colour)


def _svg(label: str, said: str, colour: str) -> str:
    widths = [_width(text) for text in (label, said)]
    left = widths[0] + 2 * _PADDING
    whole, name = left + widths[1] + 2 * _PADDING, escape_html(f"{label}: {said}")
    texts: Sequence[tuple[str, float, float]] = (
        (label, _PADDING, widths[0]),
        (said, left + _PADDING, widths[1]),
    )
    size = f'width="{whole:g}" height="{_HEIGHT}" viewBox="0 0 {whole:g} {_HEIGHT}"'
    lines = [
        f'<svg xmlns="http://www.w3.org/2000/svg" {size} role="img" aria-label="{name}">',
        f"<title>{name}</title>",
        f'<rect width="{whole:g}" height="{_HEIGHT}" rx="3" fill="{colour}"/>',
        f'<path d="M3 0H{left:g}V{_HEIGHT}H3A3 3 0 0 1 0 17V3A3 3 0 0 1 3 0Z" fill="#444"/>',
        '<g fill="#fff" font-family="Verdana, DejaVu Sans, sans-serif" font-size="11">',
        *(
            f'<text x="{x:g}" y="14" textLength="{width:g}">{escape_html(text)}</text>'
            for text, x, width in texts
        ),
        "</g>",
        "</svg>",
    ]
    return "\n".join(lines) + "\n"


def _width(text: str) -> float:
    """Return about how wide a text is; the viewer fits the letters to it."""
    return round(sum(9.6 if c in _WIDE else 4.0 if c in _NARROW else _USUAL for c in text), 1)
