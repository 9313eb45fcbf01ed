"""The workbench: an opened study, and everything that can be asked of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import cached_property
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any, Self

from foresay.errors import InvalidTablesError, StudyError
from foresay.study import Choices, Study, override, read_study
from foresay.tables.engine import explained_engine

if TYPE_CHECKING:
    import pandas as pd

    from foresay.comparisons.summaries import Summary
    from foresay.comparisons.trend_specs import Trend
    from foresay.tables.engine import Engine
    from foresay.tables.reading import Tables
    from foresay.tables.validation import Validation
    from foresay.trials import Population

_MATERIALISED_ROWS = 2_000_000


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
        *,
        by: str | Sequence[str] = (),
        covariates: str | Sequence[str] = (),
        where: str | None = None,
        **choices: Any,
    ) -> pd.DataFrame:
        """Fit the two-way model match ~ predictor + target + self, with cluster-robust errors.

        Parameters
        ----------
        by : str or sequence of str
            One model for each group.
        covariates : str or sequence of str
            Further columns of trials, such as a similarity of predictor and target.
        where, **choices
            As for `estimate`.

        Returns
        -------
        DataFrame
            One row a term; see `foresay.comparisons.regressions.regression`.
        """
        from foresay.comparisons.regressions import regression

        chosen = override(self.choices, choices)
        columns, more = _listed(by), _listed(covariates)
        return regression(
            self.population(where=where, choices=chosen, uses=(*columns, *more)),
            by=columns,
            covariates=more,
            choices=chosen,
            context=self._context(where),
        )

    @explained_engine()
    def summary(
        self,
        estimand: str,
        *,
        over: str = "task",
        by: str | Sequence[str] = (),
        where: str | None = None,
        **choices: Any,
    ) -> Summary:
        """Summarise an estimand over tasks (or another column) with random effects.

        Parameters
        ----------
        estimand : str
            Name of an estimand or contrast.
        over : str
            The column whose values are the effects.
        by, where, **choices
            As for `estimate`.

        Returns
        -------
        Summary
            `effects`, `summary` and `leave_one_out`, each a table.
        """
        from foresay.comparisons.summaries import clusters_across, summarize

        chosen = override(self.choices, choices)
        columns = _listed(by)
        found = self.estimate(estimand, by=[*columns, over], where=where, **choices)
        population = self.population(where=where, choices=chosen, uses=(*columns, over))
        shared = clusters_across(population, over, chosen)
        return summarize(found, over=over, by=tuple(columns), shared_clusters=shared)

    @explained_engine()
    def trend(
        self,
        spec: Trend | None = None,
        *,
        by: str | Sequence[str] = ("target",),
        where: str | None = None,
        **choices: Any,
    ) -> pd.DataFrame:
        """Estimate how an estimand changes with training, for self, cross and their difference.

        Parameters
        ----------
        spec : Trend, optional
            What changes with what; by default accuracy over log2 of `n_train`.
        by, where, **choices
            As for `estimate`.

        Returns
        -------
        DataFrame
            Points, slopes and the plateau; see `foresay.comparisons.trends.trend`.
        """
        from foresay.comparisons.trend_specs import Trend as Spec
        from foresay.comparisons.trends import trend

        wanted = spec or Spec()
        chosen = override(self.choices, choices)
        columns = _listed(by)
        return trend(
            self.population(where=where, choices=chosen, uses=(*columns, *wanted.conditions)),
            wanted,
            by=columns,
            choices=chosen,
            context=self._context(where),
            engine=self.engine,
        )

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
