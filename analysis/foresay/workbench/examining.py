"""Closer looks at an opened study: templates, stages, determinism, complexity."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from foresay.errors import UnsupportedError
from foresay.study import override
from foresay.tables.engine import explained_engine
from foresay.workbench.arguments import listed
from foresay.workbench.modelling import Modelling

if TYPE_CHECKING:
    import pandas as pd


class Examining(Modelling):
    """Closer looks at an opened study: templates, stages, determinism, complexity."""

    @explained_engine()
    def templates(
        self,
        rows: str = "training_template",
        columns: str = "template",
        *,
        of: str = "accuracy",
        by: str | Sequence[str] = ("target",),
        where: str | None = None,
        **choices: Any,
    ) -> pd.DataFrame:
        """Estimate a measure for every pair of two columns of trials, and the worst pair.

        Parameters
        ----------
        rows, columns : str
            What a predictor was trained with, and what it is asked with; any two columns will do.
        of : str
            Estimand over trials.
        by, where, **choices
            As for `estimate`.

        Returns
        -------
        DataFrame
            See `foresay.comparisons.templates.templates`.
        """
        from foresay.comparisons.templates import templates

        chosen, columns_by = override(self.choices, choices), listed(by)
        return templates(
            self.population(where=where, choices=chosen, uses=(rows, columns, of, *columns_by)),
            rows=rows,
            columns=columns,
            of=of,
            by=columns_by,
            choices=chosen,
            context=self._context(where),
        )

    @explained_engine()
    def ladder(
        self,
        rungs: Mapping[str, str] | None = None,
        *,
        weighted_by: str | Sequence[str] = ("task", "property"),
        by: str | Sequence[str] | None = None,
        where: str | None = None,
        **choices: Any,
    ) -> pd.DataFrame:
        """Estimate each stage of eliciting a self-prediction, as asked and at matched compliance.

        Parameters
        ----------
        rungs : mapping of str to str, optional
            Stages from the lowest, and the SQL condition on the trials of each; by default those
            of the field that the columns can tell apart.
        weighted_by : str or sequence of str
            Columns whose cells every stage stands for alike.
        by : str or sequence of str, optional
            Grouping columns; by default the target, or none where stages have targets of their
            own.
        where, **choices
            As for `estimate`.

        Returns
        -------
        DataFrame
            See `foresay.comparisons.ladder.ladder`.
        """
        from foresay.comparisons.ladder import ladder

        chosen, columns_by = override(self.choices, choices), listed(by or ())
        uses = (*(rungs or {}).values(), *columns_by, *listed(weighted_by))
        population = self.population(where=where, choices=chosen, uses=uses)

        def compute(columns: list[str]) -> pd.DataFrame:
            return ladder(
                population,
                rungs,
                weighted_by=listed(weighted_by),
                by=columns,
                choices=chosen,
                context=self._context(where),
                engine=self.engine,
            )

        if by is not None:
            return compute(columns_by)
        try:
            return compute(["target"])
        except UnsupportedError:
            return compute([])

    @explained_engine()
    def determinism(
        self,
        *,
        by: str | Sequence[str] = ("base", "model"),
        where: str | None = None,
        **choices: Any,
    ) -> pd.DataFrame:
        """Estimate how varied the answers of models are before and after they were trained.

        Parameters
        ----------
        by : str or sequence of str
            Of `base`, `model`, `task`, `property` and the columns of models.
        where, **choices
            As for `estimate`; `where` selects the trials whose items are looked at.

        Returns
        -------
        DataFrame
            See `foresay.comparisons.determinism.determinism`.
        """
        from foresay.comparisons.determinism import determinism

        chosen = override(self.choices, choices)
        return determinism(
            self.population(where=where, choices=chosen),
            self.tables.get("models"),
            by=listed(by),
            choices=chosen,
            context=self._context(where),
        )

    @explained_engine()
    def entropy_matched(
        self,
        name: str = "self_advantage",
        *,
        edges: Sequence[float] | None = None,
        by: str | Sequence[str] = (),
        where: str | None = None,
        **choices: Any,
    ) -> pd.DataFrame:
        """Compare the arms of a contrast as they are, and weighted to the same entropy of items.

        Parameters
        ----------
        name : str
            Name under `contrasts`, whose `where` and `minus` are the arms; they need not share
            items.
        edges : sequence of float, optional
            Upper ends of the bins of entropy in bits.
        by, where, **choices
            As for `estimate`.

        Returns
        -------
        DataFrame
            See `foresay.comparisons.entropy_matched.entropy_matched`.
        """
        from foresay.comparisons.contrasts import find_contrast
        from foresay.comparisons.entropy_matched import EDGES, entropy_matched

        spec = find_contrast(self.study, name)
        first, second = spec.arms or ("first arm", "second arm")
        if name == "self_advantage" and not spec.arms:
            first, second = "self", "cross"
        chosen, columns_by = override(self.choices, choices), listed(by)
        uses = (spec.where, spec.minus, *columns_by)
        return entropy_matched(
            self.population(where=where, choices=chosen, uses=uses),
            (spec.where, spec.minus),
            names=(first, second),
            edges=EDGES if edges is None else edges,
            by=columns_by,
            choices=chosen,
            context=self._context(where),
            engine=self.engine,
        )

    @explained_engine()
    def complexity(
        self,
        over: str = "complexity",
        *,
        series: Mapping[str, str] | None = None,
        by: str | Sequence[str] = ("target",),
        where: str | None = None,
        **choices: Any,
    ) -> pd.DataFrame:
        """Estimate what accuracy has over its baseline at each level of a numeric column.

        Parameters
        ----------
        over : str
            A numeric column of trials, such as the items' `complexity`.
        series : mapping of str to str, optional
            Name of each curve and its SQL condition; self and cross by default.
        by, where, **choices
            As for `estimate`.

        Returns
        -------
        DataFrame
            See `foresay.comparisons.complexity.complexity`.
        """
        from foresay.comparisons.complexity import complexity

        chosen, columns_by = override(self.choices, choices), listed(by)
        uses = (over, *(series or {}).values(), *columns_by)
        return complexity(
            self.population(where=where, choices=chosen, uses=uses),
            over=over,
            series=None if series is None else dict(series),
            by=columns_by,
            choices=chosen,
            context=self._context(where),
            engine=self.engine,
        )
