"""Engines: where the columns are computed. DuckDB is embedded; Spark is an extra, and a cluster by its master address."""

from __future__ import annotations

import codecs
import logging
from abc import ABC, abstractmethod
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count
from pathlib import Path
from shutil import copyfileobj

import ibis
import pyarrow as pa
from ibis.backends import BaseBackend
from ibis.expr.types import Table

from eligibility.screening.columns import RosterError
from eligibility.screening.source import LINE

HERE = 4
"""Into so many parts Spark shuffles on this machine; a cluster knows itself."""

MEMORY = "3GB"
"""So much DuckDB holds in memory; what is more goes to disk."""


class Engine(ABC):
    """An engine at work.

    Attributes:
        backend: what ibis speaks to.
        lines: whether :data:`LINE` of a Parquet file is the place in the file.
    """

    backend: BaseBackend
    lines: bool

    @abstractmethod
    def read(self, file: Path) -> Table:
        """A Parquet file, with :data:`LINE` where it has none."""

    @abstractmethod
    def read_result(self, file: Path) -> Table:
        """An earlier result."""

    @abstractmethod
    def hold(self, table: Table, name: str) -> Table:
        """The table, computed once."""

    @abstractmethod
    def small(self, table: pa.Table) -> Table:
        """A small table of ours, to look something up in."""

    @abstractmethod
    def known(self, table: pa.Table, name: str) -> Table:
        """A small table of ours whose few texts millions of rows will carry."""

    def write(self, table: Table, target: Path, excel: bool = False) -> None:  # noqa: ARG002 - Spark's parts are not for Excel
        """Writes a table as CSV or Parquet, as the name of the file says; ``excel``: with a mark that Excel wants of UTF-8."""
        self._write(table, target, target.suffix.lower() == ".parquet")

    def _write(self, table: Table, target: Path, parquet: bool) -> None:
        (self.backend.to_parquet if parquet else self.backend.to_csv)(table, target)

    @abstractmethod
    def close(self) -> None:
        """Lets everything go."""


class DuckDb(Engine):
    """The embedded engine."""

    lines = True

    def __init__(self, folder: Path) -> None:
        self.backend = ibis.duckdb.connect(memory_limit=MEMORY, temp_directory=str(folder))

    def read(self, file: Path) -> Table:
        table = self.backend.read_parquet(file, file_row_number=True)
        place = table["file_row_number"].cast("int64") + 1
        return (table if LINE in table.columns else table.mutate(**{LINE: place})).drop("file_row_number")

    def read_result(self, file: Path) -> Table:
        from duckdb import Error

        try:
            if file.suffix.lower() == ".parquet":
                return self.backend.read_parquet(file)
            return self.backend.read_csv(file, all_varchar=True)
        except Error:
            raise RosterError("上次的结果读不了") from None

    def write(self, table: Table, target: Path, excel: bool = False) -> None:
        parquet = target.suffix.lower() == ".parquet"
        part = target.with_name(f".{target.name}.part")  # what is there stays, whole, until the new one is
        try:
            self._write(table, part, parquet)
            if excel and not parquet:
                _mark(part)
            part.replace(target)
        finally:
            part.unlink(missing_ok=True)

    def hold(self, table: Table, name: str) -> Table:
        return self.backend.create_table(name, table, temp=True)

    def small(self, table: pa.Table) -> Table:
        return ibis.memtable(table)

    def known(self, table: pa.Table, name: str) -> Table:
        # Of millions of rows each would carry, and hash, its texts, were they not one of a few that are known beforehand.
        selected = [_enumerated(column, table[column]) for column in table.column_names]
        connection = self.backend.con
        connection.register(f"{name}_given", table)
        connection.execute(f'CREATE TEMP TABLE "{name}" AS SELECT {", ".join(selected)} FROM "{name}_given"')  # noqa: S608
        connection.unregister(f"{name}_given")
        return self.backend.table(name, database=("temp", "main"))

    def close(self) -> None:
        self.backend.disconnect()


def _mark(file: Path) -> None:
    """Puts the mark in front of a file."""
    marked = file.with_name(f"{file.name}.marked")
    try:
        with file.open("rb") as plain, marked.open("wb") as out:
            out.write(codecs.BOM_UTF8)
            copyfileobj(plain, out)
        marked.replace(file)
    finally:
        marked.unlink(missing_ok=True)


def _enumerated(name: str, column: pa.ChunkedArray) -> str:
    """A column in SQL, texts as an enumeration."""
    texts = [str(text).replace("'", "''") for text in column.unique().drop_null().to_pylist()]
    if not pa.types.is_string(column.type) or not texts:
        return f'"{name}"'
    quoted = ", ".join(f"'{text}'" for text in texts)
    return f'"{name}"::ENUM({quoted}) AS "{name}"'


class Spark(Engine):
    """Spark, here or on a cluster; the result is a folder, as Spark writes it."""

    lines = False

    def __init__(self, master: str) -> None:
        from pyspark.sql import SparkSession

        logging.getLogger("SQLQueryContextLogger").disabled = True  # it would log queries, and with them what cells say
        builder = SparkSession.builder.master(master).appName("yanglao").config("spark.ui.enabled", "false")
        if master.startswith("local"):
            builder = builder.config("spark.sql.shuffle.partitions", HERE)
        self._session = builder.getOrCreate()
        self._session.sparkContext.setLogLevel("OFF")
        self.backend = ibis.pyspark.connect(self._session)
        self._held: list[Table] = []
        self._numbers = count()

    def read(self, file: Path) -> Table:
        from pyspark.sql import functions

        frame = self._session.read.parquet(str(file))
        if LINE not in frame.columns:
            frame = frame.withColumn(LINE, functions.monotonically_increasing_id())
        frame.createOrReplaceTempView("yanglao_roster")
        return self.backend.table("yanglao_roster")

    def read_result(self, file: Path) -> Table:
        read = self._session.read
        frame = read.parquet(str(file)) if file.suffix.lower() == ".parquet" else read.csv(str(file), header=True)
        frame.createOrReplaceTempView("yanglao_before")
        return self.backend.table("yanglao_before")

    def hold(self, table: Table, name: str) -> Table:  # noqa: ARG002
        held = table.cache()
        self._held.append(held)  # or it would be let go as soon as nobody has it in hand
        return held

    def small(self, table: pa.Table) -> Table:
        name = f"yanglao_small_{next(self._numbers)}"
        self._session.createDataFrame(table.to_pylist(), _spark_schema(table)).createOrReplaceTempView(name)
        return self.backend.table(name)

    def known(self, table: pa.Table, name: str) -> Table:  # noqa: ARG002
        return self.small(table)

    def close(self) -> None:
        self._held.clear()
        self._session.stop()


SPARK_KINDS = {
    "int32": "int", "int64": "bigint", "double": "double", "string": "string", "bool": "boolean", "date32[day]": "date",
}
"""Arrow's types in Spark's words."""


def _spark_schema(table: pa.Table) -> str:
    return ", ".join(f"`{field.name}` {SPARK_KINDS[str(field.type)]}" for field in table.schema)


@contextmanager
def engine(name: str, folder: Path, master: str = "local[*]") -> Iterator[Engine]:
    """An engine by its name.

    Raises:
        RosterError: it is not installed.
    """
    try:
        running: Engine = Spark(master) if name == "spark" else DuckDb(folder)
    except ImportError:
        raise RosterError("没有装 Spark：pip install 'yanglao[spark]'") from None
    try:
        yield running
    except RuntimeError as fault:
        if "interrupted" in str(fault).lower():  # what DuckDB makes of Ctrl-C
            raise KeyboardInterrupt from None
        raise
    finally:
        running.close()
