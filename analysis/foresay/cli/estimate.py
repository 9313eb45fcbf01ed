"""`foresay estimate`: estimates with intervals, as a table on the terminal or in a file."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import typer

from foresay.cli import options, tables
from foresay.cli.progress import steps
from foresay.errors import ChoiceError

if TYPE_CHECKING:
    import pandas as pd

    from foresay.workbench import Workbench


def estimate(
    study: options.Study = options.HERE,
    *,
    estimand: Annotated[
        str,
        typer.Option(
            "--estimand",
            "-e",
            help="One or more, with commas: accuracy, compliance, compliance_behaviour, "
            "baseline_mode, baseline_mode_insample, baseline_mode_train, baseline_distribution, "
            "baseline_uniform, baseline_other, advantage, ceiling_resample, ceiling_modal, "
            "ceiling_modal_lower, ceiling_modal_upper, normalized_accuracy, "
            "normalized_accuracy_modal, skill, agreement_raw, "
            "agreement_answer, projection, reproduction, extraction, copy_oracle, shift_new, "
            "shift_old, shifted_share, compliance_gain, self_advantage or another declared "
            "contrast.",
        ),
    ] = "accuracy",
    by: Annotated[
        str | None,
        typer.Option(
            "--by",
            help="Grouping columns, with commas; '' for all together. Default: predictor,target; "
            "a contrast has its own.",
        ),
    ] = None,
    where: options.Where = None,
    choice: options.Set = None,
    output_format: tables.Format = None,
    output: tables.Output = None,
    data: options.Data = None,
    memory: options.Memory = None,
    threads: options.Threads = None,
    quiet: options.Quiet = False,
) -> None:
    """Estimate with intervals, for each group.

    The format follows the ending of -o where --format is not given. Example: foresay estimate
    data/small-models -e accuracy,baseline_mode --by predictor --where "temperature = 0"
    --set compliance=ignore -o accuracy.csv. Another baseline: --set baseline=uniform, or
    mode_train, distribution, other_model with --set baseline_predictor=NAME.
    """
    chosen = tables.chosen_format(output_format, output)
    with (
        steps(quiet=quiet, log=False) as progress,
        options.open_study(study, data=data, memory=memory, threads=threads) as bench,
    ):
        progress("validating")
        bench.validate()
        progress("estimating")
        frame = _estimated(bench, estimand, by, where, options.parse_choices(choice))
    if frame.empty:
        condition = f" that satisfies {where!r}" if where else ""
        raise ChoiceError(f"there is nothing to estimate: the study has no trial{condition}")
    if output is None and chosen is tables.TableFormat.text:
        from foresay.display.terminal import print_estimates

        print_estimates(frame)
        return
    from foresay.display.terminal import estimates_text

    content = tables.content_of(frame, chosen, estimates_text)
    tables.write_table(content, len(frame), output, quiet=quiet)


def _estimated(
    bench: Workbench, estimand: str, by: str | None, where: str | None, choices: dict[str, Any]
) -> pd.DataFrame:
    """Estimate by the columns asked for; without any, each estimand by its own."""
    if by is not None:
        return bench.estimate(estimand, by=by, where=where, **choices)
    from foresay.comparisons.contrasts import known_contrasts
    from foresay.comparisons.gains import NAME as COMPLIANCE_GAIN
    from foresay.estimation.table import stacked

    names = [name.strip() for name in estimand.split(",") if name.strip()]
    contrasts = [name for name in names if name in known_contrasts(bench.study)]
    gains = [name for name in names if name == COMPLIANCE_GAIN]
    measured = [name for name in names if name not in {*contrasts, *gains}]
    parts = [bench.contrast(name, where=where, **choices) for name in contrasts]
    parts += [bench.compliance_gain(where=where, **choices) for _ in gains]
    if measured:
        parts.insert(0, bench.estimate(measured, by="predictor,target", where=where, **choices))
    return stacked(parts)
