"""Questions written once: Django takes longer to write a large one than a database to answer it (decision 35).

PostgreSQL plans them once too, which takes it longer than to find one row by ten joins.

It holds to parts of Django that are not documented, a query's compiler and what puts joined rows into their models;
``tests/core/test_prepared.py`` compares what comes with what the queryset itself finds.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Generic, TypeVar

from django.db import connection, models
from django.db.models.query import get_related_populators
from django.db.transaction import TransactionManagementError

M = TypeVar("M", bound=models.Model)
Value = int | str

# What stands for a value while the question is written: nothing that it says by itself, and no number too large; far
# enough from each other that none is another's successor.
_NUMBER, _APART = 2_100_000_000, 1_000
_TEXT = "\N{OBJECT REPLACEMENT CHARACTER}"


def cursor() -> Any:
    """One whose questions the database plans once, whatever their values."""
    of_engine = getattr(connection, "prepared_cursor", connection.cursor)
    return of_engine()


class Prepared(Generic[M]):
    """The rows of ``build(**values)``, a queryset written at the first use and then asked with other values.

    Values are named with their type, int or str, and are compared for equality, as they are: neither ``icontains``
    nor what the question looks like may depend on them, nor may it find nothing by itself (``none()``). Who asks keeps
    numbers within 64 bits. ``select_related`` comes along.
    """

    def __init__(self, build: Callable[..., models.QuerySet[M]], **types: type[Value]) -> None:
        self._build = build
        self._stand_ins: dict[str, Value] = {
            name: _NUMBER + _APART * rank if of is int else f"{_TEXT}{rank}"
            for rank, (name, of) in enumerate(types.items())
        }

    def rows(self, **values: Value) -> list[M]:
        question = self._question
        # Django itself says so while it writes, which is done once.
        if question.locks and connection.get_autocommit():
            raise TransactionManagementError("rows are held for a transaction, and there is none")
        given = {stand_in: values[name] for name, stand_in in self._stand_ins.items()}
        with cursor() as asked:
            asked.execute(question.sql, [given.get(value, value) for value in question.parameters])
            found = asked.fetchall()
        return question.read(found)

    def get(self, **values: Value) -> M:
        """The only one; raises the model's DoesNotExist. Its question finds one at most."""
        for row in self.rows(**values):
            return row
        raise self._question.model.DoesNotExist

    @cached_property
    def _question(self) -> "_Question[M]":
        compiler = self._build(**self._stand_ins).query.get_compiler(connection=connection)
        sql, parameters = compiler.as_sql()
        if missing := [name for name, stand_in in self._stand_ins.items() if stand_in not in parameters]:
            raise ValueError(f"not asked as they are: {', '.join(missing)}")
        return _Question(sql, parameters, compiler)


@dataclass(frozen=True)
class _Question(Generic[M]):
    sql: str
    parameters: Sequence[Any]
    compiler: Any

    @property
    def locks(self) -> bool:
        return bool(self.compiler.query.select_for_update)

    @cached_property
    def model(self) -> Any:
        return self.compiler.klass_info["model"]

    def read(self, rows: Iterable[Any]) -> list[M]:
        if self._converters:
            rows = self.compiler.apply_converters(rows, self._converters)
        own, names = self._own
        found = []
        for row in rows:
            instance = self.model.from_db(connection.alias, names, row[own])
            for populator in self._populators:
                populator.populate(row, instance)
            found.append(instance)
        return found

    @cached_property
    def _own(self) -> tuple[slice, list[str]]:
        """Where the model's own columns stand, and the attributes that they fill."""
        ranks = self.compiler.klass_info["select_fields"]
        own = slice(ranks[0], ranks[-1] + 1)
        return own, [column[0].target.attname for column in self.compiler.select[own]]

    @cached_property
    def _converters(self) -> Any:
        return self.compiler.get_converters([column[0] for column in self.compiler.select])

    @cached_property
    def _populators(self) -> Any:
        # The stubs are those of a later Django.
        return get_related_populators(  # type: ignore[call-arg]
            self.compiler.klass_info, self.compiler.select, connection.alias
        )
