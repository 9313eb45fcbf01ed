"""An opened study: its tables, read when they are needed, and the trials they make."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import cached_property
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any, Self, TypeVar

from foresay.errors import InvalidTablesError, StudyError
from foresay.study import Choices, Study, override, read_study
from foresay.tables.engine import explained_engine

if TYPE_CHECKING:
    import pandas as pd

    from foresay.tables.engine import Engine
    from foresay.tables.reading import Tables
    from foresay.tables.validation import Validation
    from foresay.trials import Population

_MATERIALISED_ROWS = 2_000_000
_Spec = TypeVar("_Spec")


class Opened:
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
        self._populations: dict[tuple[str, str, tuple[str, ...]], Population] = {}
        self._kept = 0

    @classmethod
    def open(
        cls,
        study: str | Path,
        *,
        data: str | Path | None = None,
        memory: str | None = None,
        threads: int | None = None,
    ) -> Self:
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
            Columns, conditions or estimands that will be asked of it, so that the derived columns
            that they need are there; see `foresay.trials.derived`.

        Raises
        ------
        UnsupportedError
            The tables lack what a named column is derived from.
        """
        from foresay.trials.derived import named_in

        choices = choices or self.choices
        derived = named_in((*uses, where or ""))
        if choices.compliance == "bounds":  # the same trials; what they add up to differs
            choices = choices.model_copy(update={"compliance": "count_wrong"})
        named = choices.model_dump_json(include={"truth", "temperature", "compliance"})
        base = self._population(choices, named, None, ())
        more = self._columns_behind(uses, base, choices)
        return self._population(choices, named, where, tuple(dict.fromkeys([*derived, *more])))

    def _columns_behind(
        self, names: Sequence[str], population: Population, choices: Choices
    ) -> list[str]:
        """Return the derived columns behind those names that are estimands, where supported."""
        from foresay.counts.derived_sums import derived_columns
        from foresay.measures.registry import measures
        from foresay.trials.derived import DERIVED

        known = measures(baseline=choices.baseline)
        sums = [s for name in names if name in known for s in known[name].sums]
        return [c for c in derived_columns(sums) if not DERIVED[c].lacking(population)]

    def _population(
        self, choices: Choices, named: str, where: str | None, derived: tuple[str, ...]
    ) -> Population:
        """Build a population on the ones that it restricts, each joined once and kept."""
        from foresay.trials import populate, restrict
        from foresay.trials.derived import derive

        key = (named, where or "", derived)
        if key in self._populations:
            return self._populations[key]
        if where:
            base = self._population(choices, named, None, derived)
            made = restrict(base, where, self.engine)
        elif derived:
            made = derive(self._population(choices, named, None, ()), derived, choices)
        else:
            made = replace(populate(self.tables, choices, self._keep), key=self._key)
            if self.study.where:
                made = restrict(made, self.study.where, self.engine)
                made = replace(made, everyone=made.trials)
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

    def _without_predictions(self, names: Sequence[str], choices: Choices) -> list[str]:
        """Return the estimands of behaviour change where nobody predicts a changed target."""
        from foresay.measures.shift import OF_BEHAVIOUR
        from foresay.trials.shifts import lacks_shift

        asked = [name for name in names if name in OF_BEHAVIOUR]
        if not asked or "answers" not in self.tables:
            return []
        population = self.population(choices=choices)
        models = self.tables.get("models")
        if models is None or not {"stage", "base"} <= set(models.columns):
            return []
        return asked if population.has_predictions and lacks_shift(population) else []

    def _behaviours(self, where: str | None, choices: Choices) -> tuple[Population, Any]:
        """Return the behaviours of changed models, whoever predicts them, and their context.

        The study's own condition is one on predictions: it counts where behaviours have its
        columns, and is noted where they have not.
        """
        from foresay.errors import ExpressionError
        from foresay.trials import populate, restrict
        from foresay.trials.shifts import SHIFTED

        named = choices.model_dump_json(include={"truth", "temperature", "compliance"})
        key = (named, "", ("behaviours",))
        if key not in self._populations:
            kept = {k: t for k, t in self.tables.items() if k not in ("predictions", "trials")}
            found = populate(kept, choices, self._keep)
            shifted = found.trials.filter(found.trials.target_stage == SHIFTED)
            self._populations[key] = replace(found, trials=self._keep(shifted))
        made = self._populations[key]
        conditions: list[str] = []
        notes: tuple[str, ...] = ()
        if own := self.study.where:
            try:
                made = restrict(made, own, self.engine)
                conditions.append(own)
            except ExpressionError:
                notes = (f"of all recorded behaviours: {own} is a condition on predictions",)
        if where:
            made = restrict(made, where, self.engine)
            conditions.append(where)
        context = replace(
            self._context(None),
            where=" AND ".join(f"({c})" for c in conditions) if conditions[1:] else where or "",
            notes=notes,
        )
        return made, context

    def _declared(self, name: str, kind: type[_Spec]) -> _Spec:
        from foresay.study import find_comparison

        return find_comparison(self.study, name, kind).spec  # type: ignore[return-value]

    def supports(self, estimand: str) -> str:
        """Return "" if the tables support an estimand, else what is missing."""
        from foresay.estimation.correlations import NAMES as CORRELATIONS
        from foresay.estimation.pairing import NAMES, lacking_calibration
        from foresay.estimation.points import lacking_points
        from foresay.estimation.relations import lacking
        from foresay.measures.registry import find_measure

        if estimand in NAMES:
            return lacking_calibration(estimand, self.population(), self.tables)
        if self._without_predictions([estimand], self.choices):
            return lacking(find_measure(estimand), self._behaviours(None, self.choices)[0])
        if estimand in CORRELATIONS:
            return lacking_points(self.population())
        chosen = self.choices
        measure = find_measure(estimand, baseline=chosen.baseline, ceiling=chosen.ceiling)
        return lacking(measure, self.population(), chosen)

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
