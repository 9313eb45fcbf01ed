"""The workbench: an opened study, and everything that can be asked of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import cached_property
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any, Self, TypeVar

from foresay.errors import InvalidTablesError, StudyError, UnsupportedError
from foresay.study import Choices, Study, override, read_study
from foresay.tables.engine import explained_engine

if TYPE_CHECKING:
    import pandas as pd

    from foresay.comparisons.summaries import Summary
    from foresay.planning.from_study import Planned
    from foresay.study import Declared, Trend
    from foresay.tables.engine import Engine
    from foresay.tables.reading import Tables
    from foresay.tables.validation import Validation
    from foresay.trials import Population

_MATERIALISED_ROWS = 2_000_000
_Spec = TypeVar("_Spec")


class Workbench:
    """An opened study. Tables are read when they are first needed.

    Use `foresay.read` to make one; it is also a context manager that closes the engine.

    Parameters
    ----------
    study : Study
        What the study file says.
    path : Path
        The study file.
    root : Path
        Folder that data files are relative to.
    memory : str, optional
        Memory limit of the engine, such as ``"512MB"``.
    threads : int, optional
        Threads of the engine; results do not depend on it.
    """

    def __init__(
        self,
        study: Study,
        path: Path,
        root: Path,
        *,
        memory: str | None = None,
        threads: int | None = None,
    ) -> None:
        self.study = study
        self.path = path
        self.root = root
        self._memory = memory
        self._threads = threads
        self._populations: dict[tuple[str, str, bool], Population] = {}
        self._kept = 0

    @classmethod
    def open(
        cls,
        study: str | Path,
        *,
        data: str | Path | None = None,
        memory: str | None = None,
        threads: int | None = None,
    ) -> Workbench:
        """Open a study file, or the `study.yml` of a folder; see `foresay.read`."""
        path = Path(study)
        if path.is_dir():
            path = path / "study.yml"
        root = Path(data) if data is not None else path.parent
        if not root.is_dir():
            raise StudyError(f"the data folder {root} does not exist")
        return cls(read_study(path), path, root.resolve(), memory=memory, threads=threads)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def __repr__(self) -> str:
        return f"<foresay study {self.name!r}: {', '.join(self.study.tables)}>"

    @property
    def name(self) -> str:
        """Short name of the study."""
        return self.study.study

    @property
    def title(self) -> str:
        """Title of the study; its name where it has none."""
        return self.study.title or self.study.study

    @property
    def choices(self) -> Choices:
        """The named choices of the study file."""
        return self.study.choices

    @cached_property
    def engine(self) -> Engine:
        """The locked engine that holds the tables."""
        from foresay.tables.engine import Engine

        folders = [self.path.resolve().parent, self.root]
        return Engine(folders, memory=self._memory, threads=self._threads)

    @cached_property
    def raw_tables(self) -> Tables:
        """The tables as read and mapped, duplicates included."""
        from foresay.tables.reading import read_tables

        return read_tables(self.study, self.root, self.engine)

    @cached_property
    def digests(self) -> dict[str, str]:
        """File name -> SHA-256 of every data file."""
        return self.raw_tables.digests()

    @cached_property
    def fingerprint(self) -> str:
        """Digest of all data files, in 12 hexadecimal digits."""
        from foresay.tables.reading import fingerprint

        return fingerprint(self.digests)

    @cached_property
    @explained_engine()
    def validation(self) -> Validation:
        """What is wrong with the tables, found once."""
        from foresay.tables.validation import validate_tables

        return validate_tables(
            self._with_derived(self.raw_tables.tables),
            duplicates=self.choices.duplicates,
            reading_problems=self.raw_tables.problems,
            conditions={name: tuple(t.conditions) for name, t in self.study.tables.items()},
        )

    def validate(self) -> Validation:
        """Check all tables against their rules and each other.

        Returns
        -------
        Validation
            All problems at once; `ok` is false where there are errors.
        """
        return self.validation

    @cached_property
    def tables(self) -> Mapping[str, Any]:
        """The valid tables, without exact duplicates where the study drops them.

        Raises
        ------
        InvalidTablesError
            Validation found errors; they are in the message.
        """
        if not self.validation.ok:
            raise InvalidTablesError(self.validation.summary())
        tables = dict(self._with_derived(self.raw_tables.tables))
        if self.choices.duplicates == "drop_exact":
            from foresay.tables.duplicates import without_exact_copies

            tables = {name: without_exact_copies(table) for name, table in tables.items()}
        return tables

    def _with_derived(self, tables: Mapping[str, Any]) -> Mapping[str, Any]:
        if not self.study.properties:
            return tables
        from foresay.tables.derivation import with_derived_answers

        return with_derived_answers(tables, self.study.properties, self.engine)

    @explained_engine()
    def population(
        self, *, where: str | None = None, choices: Choices | None = None, uses: Sequence[str] = ()
    ) -> Population:
        """Return trials and behaviours under some choices, joined once and kept.

        Parameters
        ----------
        where : str, optional
            SQL condition on columns of trials, added to the study's own.
        choices : Choices, optional
            Those of the study by default.
        uses : sequence of str
            Columns or conditions that will be asked of it, so that `mode_share` is there.
        """
        choices = choices or self.choices
        mode_share = any("mode_share" in text.lower() for text in (*uses, where or ""))
        if choices.compliance == "bounds":  # the same trials; what they add up to differs
            choices = choices.model_copy(update={"compliance": "count_wrong"})
        named = choices.model_dump_json(include={"truth", "temperature", "compliance"})
        return self._population(choices, named, where, mode_share=mode_share)

    def _population(
        self, choices: Choices, named: str, where: str | None, *, mode_share: bool
    ) -> Population:
        """Build a population on the ones that it restricts, each joined once and kept."""
        from foresay.trials import populate, restrict, with_mode_share

        key = (named, where or "", mode_share)
        if key in self._populations:
            return self._populations[key]
        if where:
            base = self._population(choices, named, None, mode_share=mode_share)
            made = restrict(base, where, self.engine)
        elif mode_share:
            made = with_mode_share(self._population(choices, named, None, mode_share=False))
        else:
            made = replace(populate(self.tables, choices, self._keep), key=self._key)
            if self.study.where:
                made = restrict(made, self.study.where, self.engine)
        self._populations[key] = made
        return made

    @cached_property
    def _key(self) -> tuple[str, ...]:
        """The columns that validation found to name a trial, where trials keep them as they are."""
        from foresay.trials.roles import MODEL_COLUMNS

        name = "trials" if "trials" in self.tables else "predictions"
        key = next((t.key for t in self.validation.tables if t.name == name), ())
        return () if set(key) & set(MODEL_COLUMNS) else key  # those come from the models table

    @cached_property
    def _is_small(self) -> bool:
        counts = [int(t.count().to_pyarrow().as_py()) for t in self.tables.values()]
        return max(counts) <= _MATERIALISED_ROWS

    def _keep(self, table: Any) -> Any:
        """Compute a relation once where the study is small; a large one stays an expression."""
        if not self._is_small:
            return table
        self._kept += 1
        return self.engine.backend.create_table(f"_kept_{self._kept}", table, temp=True)

    def trials(self, *, where: str | None = None, **choices: Any) -> Any:
        """Return the trials as an Ibis table: one row a prediction, with role and match."""
        return self.population(where=where, choices=override(self.choices, choices)).trials

    @explained_engine()
    def estimate(
        self,
        estimand: str | Sequence[str],
        *,
        by: str | Sequence[str] = (),
        where: str | None = None,
        **choices: Any,
    ) -> pd.DataFrame:
        """Estimate one or more estimands for each group.

        Parameters
        ----------
        estimand : str or sequence of str
            Names such as ``"accuracy"``, see `foresay.measures.registry.measures`, or of
            contrasts, such as ``"self_advantage"``.
        by : str or sequence of str
            Grouping columns of trials, such as ``["predictor", "target"]``.
        where : str, optional
            SQL condition on columns of trials, such as ``"split = 'held-out'"``; it is added to
            the study's own.
        **choices
            Named choices that replace those of the study file.

        Returns
        -------
        DataFrame
            One row an estimand and group; `value`, `low` and `high` in natural units. Undefined
            is missing, with the reason in `note`.

        Raises
        ------
        InvalidTablesError, ChoiceError, ExpressionError, StudyError, UnsupportedError
            With what is wrong and the way out.
        """
        from foresay.comparisons.contrasts import known_contrasts
        from foresay.estimation.table import estimates, stacked

        chosen = override(self.choices, choices)
        contrasts = known_contrasts(self.study)
        names = _listed(estimand)
        parts = [
            self.contrast(name, by=by or None, where=where, **choices)
            for name in names
            if name in contrasts
        ]
        measured = [name for name in names if name not in contrasts]
        if measured:
            made = estimates(
                self.population(where=where, choices=chosen, uses=_listed(by)),
                measured,
                by=_listed(by),
                choices=chosen,
                context=self._context(where),
            )
            parts.insert(0, made)
        return stacked(parts)

    @explained_engine()
    def contrast(
        self,
        name: str = "self_advantage",
        *,
        by: str | Sequence[str] | None = None,
        where: str | None = None,
        **choices: Any,
    ) -> pd.DataFrame:
        """Estimate a paired difference that the study file declares; self_advantage always is.

        Parameters
        ----------
        name : str
            Name under `contrasts`; ``self_advantage`` is self minus cross accuracy by target
            unless the study file says otherwise.
        by, where, **choices
            As for `estimate`; `by` replaces the contrast's own.

        Returns
        -------
        DataFrame
            As `estimate`, with the two terms `of_value` and `minus_value`.
        """
        from foresay.comparisons.contrasts import contrast, find_contrast
        from foresay.comparisons.families import family_of, in_family, outside_family

        chosen = override(self.choices, choices)

        def compute(one: str, columns: list[str] | None = None) -> pd.DataFrame:
            spec = find_contrast(self.study, one)
            columns = _listed(spec.by) if columns is None else columns
            return contrast(
                self.population(where=where, choices=chosen, uses=(*columns, *spec.conditions)),
                one,
                spec,
                by=columns,
                choices=chosen,
                context=self._context(where),
                engine=self.engine,
            )

        if by is None:
            return in_family(self.study, name, compute)
        made = compute(name, _listed(by))
        family = family_of(self.study, name)
        return outside_family(made, family) if family else made

    @explained_engine()
    def regression(
        self,
        name: str = "two_way",
        *,
        by: str | Sequence[str] | None = None,
        covariates: str | Sequence[str] | None = None,
        where: str | None = None,
        **choices: Any,
    ) -> pd.DataFrame:
        """Fit the two-way model match ~ predictor + target + self, with cluster-robust errors.

        Parameters
        ----------
        name : str
            Name under `regressions`; ``two_way`` always is.
        by : str or sequence of str, optional
            One model for each group; replaces the model's own.
        covariates : str or sequence of str, optional
            Further columns of trials, such as a similarity of predictor and target; the same.
        where, **choices
            As for `estimate`.

        Returns
        -------
        DataFrame
            One row a term; see `foresay.comparisons.regressions.regression`.
        """
        from foresay.comparisons.regressions import regression
        from foresay.study import Regression

        spec = self._declared(name, Regression)
        chosen = override(self.choices, choices)
        columns = _listed(spec.by if by is None else by)
        more = _listed(spec.covariates if covariates is None else covariates)
        condition = _both(spec.where, where)
        return regression(
            self.population(where=condition, choices=chosen, uses=(*columns, *more)),
            by=columns,
            covariates=more,
            predictor=spec.predictor,
            target=spec.target,
            choices=chosen,
            context=self._context(condition),
        )

    @explained_engine()
    def summary(
        self,
        of: str = "over_tasks",
        *,
        over: str | None = None,
        by: str | Sequence[str] | None = None,
        where: str | None = None,
        **choices: Any,
    ) -> Summary:
        """Summarise an estimand over tasks (or another column) with random effects.

        Parameters
        ----------
        of : str
            Name under `summaries`, where ``over_tasks`` always is; or an estimand or contrast.
        over : str, optional
            The column whose values are the effects; by default the summary's own, or ``task``.
        by, where, **choices
            As for `estimate`; `by` replaces the summary's own.

        Returns
        -------
        Summary
            `effects`, `summary` and `leave_one_out`, each a table.
        """
        from foresay.comparisons.summaries import clusters_across, summarize
        from foresay.study import Summary as Spec
        from foresay.study import known_comparisons

        known = known_comparisons(self.study).get(of)
        spec = known.spec if known and isinstance(known.spec, Spec) else Spec(of=of, by=[])
        chosen = override(self.choices, choices)
        columns, of_each = _listed(spec.by if by is None else by), over or spec.over
        condition = _both(spec.where, where)
        found = self.estimate(spec.of, by=[*columns, of_each], where=condition, **choices)
        population = self.population(where=condition, choices=chosen, uses=(*columns, of_each))
        shared = clusters_across(population, of_each, chosen)
        return summarize(found, over=of_each, by=tuple(columns), shared_clusters=shared)

    @explained_engine()
    def trend(
        self,
        spec: str | Trend = "scaling",
        *,
        by: str | Sequence[str] | None = None,
        where: str | None = None,
        **choices: Any,
    ) -> pd.DataFrame:
        """Estimate how an estimand changes with training, for self, cross and their difference.

        Parameters
        ----------
        spec : str or Trend
            Name under `trends`, where ``scaling`` always is: accuracy over log2 of `n_train`; or
            what changes with what.
        by, where, **choices
            As for `estimate`; `by` replaces the trend's own.

        Returns
        -------
        DataFrame
            Points, slopes and the plateau; see `foresay.comparisons.trends.trend`.
        """
        from foresay.comparisons.trends import trend
        from foresay.study import Trend as Spec

        wanted = self._declared(spec, Spec) if isinstance(spec, str) else spec
        chosen = override(self.choices, choices)
        columns = _listed(wanted.by if by is None else by)
        condition = _both(wanted.where, where)
        return trend(
            self.population(where=condition, choices=chosen, uses=(*columns, *wanted.conditions)),
            wanted,
            by=columns,
            choices=chosen,
            context=self._context(condition),
            engine=self.engine,
        )

    @explained_engine()
    def interaction(
        self,
        name: str,
        *,
        by: str | Sequence[str] | None = None,
        where: str | None = None,
        **choices: Any,
    ) -> pd.DataFrame:
        """Estimate the four arms of a contrast with `versus`, their differences, and theirs.

        Parameters
        ----------
        name : str
            Name under `contrasts`.
        by, where, **choices
            As for `contrast`.

        Returns
        -------
        DataFrame
            Seven rows a group; see `foresay.comparisons.interactions.interaction`.
        """
        from foresay.comparisons.contrasts import find_contrast
        from foresay.comparisons.interactions import interaction

        spec = find_contrast(self.study, name)
        chosen = override(self.choices, choices)
        columns = _listed(spec.by if by is None else by)
        return interaction(
            self.population(where=where, choices=chosen, uses=(*columns, *spec.conditions)),
            name,
            spec,
            by=columns,
            choices=chosen,
            context=self._context(where),
            engine=self.engine,
        )

    def compare(
        self,
        name: str,
        *,
        by: str | Sequence[str] | None = None,
        where: str | None = None,
        **choices: Any,
    ) -> pd.DataFrame:
        """Return any comparison by its name, in one form for all kinds.

        Parameters
        ----------
        name : str
            A contrast, regression, summary or trend of the study, or one that is always known:
            ``self_advantage``, ``two_way``, ``over_tasks``, ``scaling``.
        by, where, **choices
            As for `estimate`; `by` replaces the comparison's own.

        Returns
        -------
        DataFrame
            One row a number; see `foresay.comparisons.long_tables`.

        Raises
        ------
        UnsupportedError
            The tables lack what an undeclared comparison needs.
        """
        from foresay.comparisons import long_tables
        from foresay.study import find_comparison

        declared = find_comparison(self.study, name)
        spec = declared.spec
        columns = _listed(spec.by if by is None else by)
        own = columns if by is None else []
        self._require(declared, own, override(self.choices, choices))
        match declared.kind:
            case "contrast":
                table = self.contrast(name, by=by, where=where, **choices)
                return long_tables.long_contrast(table, declared, columns)
            case "regression":
                table = self.regression(name, by=by, where=where, **choices)
                return long_tables.long_regression(table, declared, columns)
            case "summary":
                made = self.summary(name, by=by, where=where, **choices)
                return long_tables.long_summary(made, declared, columns, declared.columns[0])
            case "trend":
                table = self.trend(name, by=by, where=where, **choices)
                return long_tables.long_trend(table, declared, columns)

    def _require(self, declared: Declared, by: Sequence[str], choices: Choices) -> None:
        """Leave out what nobody declared where the tables lack what it needs."""
        population = self.population(choices=choices)
        if not population.has_predictions:
            raise UnsupportedError("the study has no predictions")
        if declared.by_study:
            return
        lacking = [c for c in (*declared.columns, *by) if c not in population.columns]
        if lacking:
            raise UnsupportedError(f"the trials have no column {lacking[0]!r}")

    def _declared(self, name: str, kind: type[_Spec]) -> _Spec:
        from foresay.study import find_comparison

        return find_comparison(self.study, name, kind).spec  # type: ignore[return-value]

    @explained_engine()
    def power(
        self,
        contrast: str = "self_advantage",
        *,
        effects: Sequence[float] | None = None,
        clusters: Sequence[int] | None = None,
        by: str | Sequence[str] | None = None,
        where: str | None = None,
        reference: float | None = None,
        runs: int = 4_000,
        **choices: Any,
    ) -> pd.DataFrame:
        """Return how often a study like this one, of some size, would find an effect.

        Parameters
        ----------
        contrast : str
            Name of a contrast; or of an estimand, whose effect is its difference from `reference`.
        effects : sequence of float, optional
            True effects; by default around the one that the study's own size finds 4 times in 5.
        clusters : sequence of int, optional
            Clusters of the planned study; by default half, once, twice and four times the study's.
        by, where, **choices
            As for `contrast`; ``level`` and ``seed`` are choices too.
        reference : float, optional
            What an estimand is held against, such as the accuracy of guessing.
        runs : int
            Simulated studies of each case.

        Returns
        -------
        DataFrame
            One row a group, effect and number of clusters; see `foresay.planning.tables`.
        """
        from foresay.planning.tables import power_table

        planned, carried = self._planned(contrast, by, where, reference, choices)
        return power_table(planned, effects=effects, clusters=clusters, runs=runs, **carried)

    @explained_engine()
    def minimum_detectable_effect(
        self,
        contrast: str = "self_advantage",
        *,
        clusters: Sequence[int] | None = None,
        wanted: float = 0.8,
        by: str | Sequence[str] | None = None,
        where: str | None = None,
        reference: float | None = None,
        runs: int = 4_000,
        **choices: Any,
    ) -> pd.DataFrame:
        """Return the smallest positive effect that studies of some sizes find often enough.

        Parameters
        ----------
        contrast, clusters, by, where, reference, runs, **choices
            As for `power`. Without a `reference` an estimand has no effect, and its standard error
            is all that is planned.
        wanted : float
            How often it is to be found.

        Returns
        -------
        DataFrame
            One row a group and number of clusters; see `foresay.planning.tables`.
        """
        from foresay.planning.tables import detectable_table

        planned, carried = self._planned(contrast, by, where, reference, choices)
        return detectable_table(planned, clusters=clusters, wanted=wanted, runs=runs, **carried)

    @explained_engine()
    def ceiling_precision(
        self,
        *,
        repeats: Sequence[int] | None = None,
        items: Sequence[int] | None = None,
        by: str | Sequence[str] = ("target",),
        where: str | None = None,
        **choices: Any,
    ) -> pd.DataFrame:
        """Return the standard error of the resample ceiling for numbers of repeats and items.

        Parameters
        ----------
        repeats : sequence of int, optional
            Repeats of each item; by default 2, 3, 5, 10 and 20.
        items : sequence of int, optional
            Items; by default half, once, twice and four times the study's.
        by, where, **choices
            As for `estimate`.

        Returns
        -------
        DataFrame
            One row a group, number of repeats and number of items; see `foresay.planning.tables`.
        """
        from foresay.planning.answers import answers_of
        from foresay.planning.tables import precision_table

        chosen = override(self.choices, choices)
        columns = _listed(by)
        population = self.population(where=where, choices=chosen, uses=columns)
        return precision_table(
            answers_of(population, by=columns, choices=chosen),
            repeats=repeats,
            items=items,
            choices=chosen,
            context=self._context(where),
        )

    def _planned(
        self,
        name: str,
        by: str | Sequence[str] | None,
        where: str | None,
        reference: float | None,
        choices: Mapping[str, Any],
    ) -> tuple[list[Planned], dict[str, Any]]:
        """Return what is planned, group by group, and what its tables carry."""
        from foresay.planning.from_study import planned_effects

        chosen = override(self.choices, dict(choices))
        carried = {"choices": chosen, "context": self._context(where)}
        planned = planned_effects(
            self.study,
            name,
            lambda uses: self.population(where=where, choices=chosen, uses=uses),
            by=None if by is None else _listed(by),
            reference=reference,
            engine=self.engine,
            **carried,
        )
        return planned, carried

    def supports(self, estimand: str) -> str:
        """Return "" if the tables support an estimand, else what is missing."""
        from foresay.estimation.relations import lacking
        from foresay.measures.registry import find_measure

        return lacking(find_measure(estimand), self.population())

    @explained_engine()
    def glance(self) -> pd.DataFrame:
        """Return what was asked of whom, how many: one row a predictor and target."""
        from foresay.estimation.glance import glance

        return glance(self.population())

    def close(self) -> None:
        """Close the engine and remove its spill folder."""
        if "engine" in self.__dict__:
            self.engine.close()

    def _context(self, where: str | None) -> Any:
        from foresay.estimation.facts import Context

        conditions = [c for t in self.study.tables.values() for c in t.conditions]
        parts = [part for part in (self.study.where, where) if part]
        return Context(
            where=" AND ".join(parts) if len(parts) < 2 else " AND ".join(f"({p})" for p in parts),
            fingerprint=self.fingerprint,
            conditions=tuple(dict.fromkeys(["wording", "temperature", "split", *conditions])),
        )


def _listed(names: str | Sequence[str]) -> list[str]:
    if isinstance(names, str):
        names = [part.strip() for part in names.split(",") if part.strip()]
    return list(dict.fromkeys(names))


def _both(first: str | None, second: str | None) -> str | None:
    """Return two conditions as one."""
    if first and second:
        return f"({first}) AND ({second})"
    return first or second
