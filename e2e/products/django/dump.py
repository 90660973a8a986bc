"""Prints every row of every table of an SQLite file, as {table: [row, ...]}, each row {column: value}."""

import json
import sqlite3
import sys

database = sqlite3.connect(f"file:{sys.argv[1]}?mode=ro", uri=True)
database.row_factory = sqlite3.Row
names = [name for (name,) in database.execute("SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name")]
json.dump(
    {
        name: [dict(row) for row in database.execute(f'SELECT * FROM "{name}" ORDER BY rowid')]  # noqa: S608
        for name in names
    },
    sys.stdout,
    default=repr,
)
