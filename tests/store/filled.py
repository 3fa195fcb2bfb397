"""Rows for every table there is, with what is hard to carry from one database to another."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

from sqlalchemy import JSON, Column, Table
from sqlmodel import AutoString, Session, SQLModel

from bot.store.tables import UtcTime

ROWS = 3
ODD = "猫 e\u0301 🧑‍🔬 \u202e\u2028 \\ ' \" %s {x} \ue000\uffff\x01 ΣΩ"
MOMENT = datetime(2026, 6, 17, 23, 59, 59, 999999, tzinfo=UTC)


def fill(session: Session, rows: int = ROWS) -> None:
    """``rows`` rows of each table; those of one number belong together."""
    made: dict[str, list[dict[str, Any]]] = {}
    for table in SQLModel.metadata.sorted_tables:
        made[table.name] = [row(table, number, made) for number in range(rows)]
        session.execute(table.insert(), made[table.name])


def row(table: Table, number: int, made: dict[str, list[dict[str, Any]]]) -> dict[str, Any]:
    values = {column.key: value(column, number) for column in table.columns}
    for constraint in table.foreign_key_constraints:
        for key in constraint.elements:
            values[key.parent.key] = made[key.column.table.name][number][key.column.key]
    return values


def value(column: Column[Any], number: int) -> Any:
    """Nothing in the first row where nothing may stand."""
    if column.nullable and number == 0:
        return None
    if isinstance(column.type, UtcTime):
        return MOMENT + timedelta(days=number)
    kind = column.type.python_type
    return VALUES[{AutoString: str, JSON: dict}.get(type(column.type), kind)](column, number)


NAMES = [ODD, "Ada Lovelace"]
SHAPES = {"evidence": [["word", 0.5]], "authors": NAMES, "categories": ["cs.CL"], "keywords": NAMES, "sources": NAMES}
"""What code of ours reads while rows are carried on."""


def text(name: str, number: int) -> str:
    """What is searched has gone through the sieve and holds letters and digits only."""
    if name.startswith("search_"):
        return f"猫 word{number}"
    return f"{name} {number} {ODD}" if number else f"{name}0"


VALUES: dict[type, Any] = {
    str: lambda column, number: text(column.key, number),
    int: lambda column, number: 2**31 - 1 - number if column.foreign_keys or not column.primary_key else number + 10,
    float: lambda _, number: (0.1 + 0.2, -1e-300, 1e300)[number % 3],
    bool: lambda _, number: bool(number % 2),
    bytes: lambda _, number: bytes(range(256)) * number,
    date: lambda _, number: date(2026, 6, 15) + timedelta(days=7 * number),
    datetime: lambda _, number: MOMENT.replace(tzinfo=None) + timedelta(days=number),
    dict: lambda column, number: (
        SHAPES.get(column.key) or [[ODD, number, 0.1, None, True, {"b": 1, "a": [column.key]}]] * number
    ),
}
