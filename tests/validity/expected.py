"""An independent table of coverages: same law, other code, 4,000 to 6,000 data sets a case.

One proportion of clustered trials, beta-binomial with correlation 1/3, sizes uniform on 1..20;
bootstraps with 2,000 replicates. Given to two digits.
"""

from __future__ import annotations

TABLE_RUNS = 4_000

_NAMES = ("percentile", "basic", "bca", "cluster_t", "logit_t", "wilson", "korn_graubard")
_CLOSED = _NAMES[3:]

TABLE: dict[tuple[int, float], dict[str, float]] = {
    (20, 0.5): dict(zip(_NAMES, (0.93, 0.90, 0.94, 0.93, 0.94, 0.93, 0.96), strict=True)),
    (20, 0.9): dict(zip(_NAMES, (0.87, 0.82, 0.90, 0.86, 0.92, 0.89, 0.93), strict=True)),
    (20, 0.98): dict(zip(_CLOSED, (0.63, 0.76, 0.75, 0.78), strict=True)),
    (50, 0.5): dict(zip(_NAMES, (0.94, 0.93, 0.95, 0.95, 0.95, 0.94, 0.96), strict=True)),
    (50, 0.9): dict(zip(_NAMES, (0.91, 0.89, 0.92, 0.90, 0.93, 0.92, 0.94), strict=True)),
    (50, 0.98): dict(zip(_CLOSED, (0.78, 0.86, 0.85, 0.88), strict=True)),
    (200, 0.5): dict(zip(_NAMES, (0.94, 0.94, 0.94, 0.95, 0.95, 0.95, 0.96), strict=True)),
    (200, 0.9): dict(zip(_NAMES, (0.94, 0.93, 0.95, 0.94, 0.95, 0.94, 0.95), strict=True)),
    (200, 0.98): dict(zip(_CLOSED, (0.90, 0.93, 0.92, 0.94), strict=True)),
}
"""Coverage by clusters and rate, then by interval."""
