"""Says which of a folder's Sigma rules fire on which events of a System Log.

The rules are converted to SQLite with pySigma, as an analyst would. The answer is JSON: {title: [uuid]}.
"""

import argparse
import json
import re
import sqlite3
from pathlib import Path

from sigma.backends.sqlite import sqliteBackend
from sigma.collection import SigmaCollection
from sigma.exceptions import SigmaError
from sigma.processing.pipeline import ProcessingPipeline


def read(path):
    """The events of an answer of the API (a JSON list), or of a file with one on each line."""
    text = path.read_text()
    if text.lstrip().startswith("["):
        return json.loads(text)
    return [json.loads(line) for line in text.splitlines() if line.strip()]


def flat(value, name=""):
    """The fields of an event by dotted names. Lists are text, as log tables have them."""
    if isinstance(value, dict):
        for key, inner in value.items():
            yield from flat(inner, f"{name}.{key}" if name else key)
    else:
        yield name, json.dumps(value) if isinstance(value, list) else value


def found(pattern, value):
    """What SQLite leaves to programs: `value REGEXP pattern`."""
    return None if value is None else re.search(pattern, str(value)) is not None


def table(events):
    rows = [dict(flat(event)) for event in events]
    database = sqlite3.connect(":memory:")
    database.create_function("REGEXP", 2, found)
    columns = sorted({name for row in rows for name in row} | {"uuid"})
    database.execute(f"CREATE TABLE logs ({', '.join(f'`{name}`' for name in columns)})")
    for row in rows:
        marks = ", ".join("?" for _ in columns)
        database.execute(f"INSERT INTO logs VALUES ({marks})", [row.get(name) for name in columns])
    return database


def fired(database, query):
    """A field that no event has is a column without values."""
    while True:
        try:
            rows = database.execute(query.replace("SELECT *", "SELECT uuid", 1))
            return {uuid for (uuid,) in rows}
        except sqlite3.OperationalError as error:
            missing = re.fullmatch(r"no such column: (\S+)", str(error))
            if not missing:
                raise
            database.execute(f"ALTER TABLE logs ADD COLUMN `{missing[1]}`")


def matches(database, path, pipeline):
    """What one file of rules fires on, by title."""
    try:
        rules = SigmaCollection.from_yaml(path.read_text())
        return {
            rule.title: sorted(set().union(*(fired(database, query) for query in sqliteBackend(pipeline()).convert_rule(rule))))
            for rule in rules
        }
    except SigmaError as error:
        raise SystemExit(f"{path}: {error}") from error


def main():
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--rules", type=Path, required=True, help="a folder, looked through with those in it")
    arguments.add_argument("--pipeline", type=Path, help="a processing pipeline of pySigma's")
    arguments.add_argument("events", type=Path, help="a JSON list, or an event on each line")
    given = arguments.parse_args()

    files = sorted(given.rules.rglob("*.yml"))
    if not files:
        raise SystemExit(f"{given.rules} has no rules (*.yml)")
    described = given.pipeline and given.pipeline.read_text()
    pipeline = lambda: described and ProcessingPipeline.from_yaml(described)  # noqa: E731
    database = table(read(given.events))
    answers = {}
    for path in files:
        answers.update(matches(database, path, pipeline))
    print(json.dumps(answers, indent=2))


main()
