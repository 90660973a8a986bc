"""Runs the detection rules on the events (a JSON list) on standard input, and says which fired on which.

Answers with {"as published": {rule: [uuid]}, "with the pipeline": {rule: [uuid]}} as JSON.
"""

import importlib.util
import json
import re
import sqlite3
import sys
from pathlib import Path

from sigma.backends.sqlite import sqliteBackend
from sigma.collection import SigmaCollection
from sigma.processing.pipeline import ProcessingPipeline

HERE = Path(__file__).parent


def flat(value, name=""):
    """The fields of an event by dotted names. Lists are text, as log tables have them."""
    if isinstance(value, dict):
        for key, inner in value.items():
            yield from flat(inner, f"{name}.{key}" if name else key)
    else:
        yield name, json.dumps(value) if isinstance(value, list) else value


def table(events):
    rows = [dict(flat(event)) for event in events]
    database = sqlite3.connect(":memory:")
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
            found = database.execute(query.replace("SELECT *", "SELECT uuid", 1))
            return sorted(uuid for (uuid,) in found)
        except sqlite3.OperationalError as error:
            missing = re.fullmatch(r"no such column: (\S+)", str(error))
            if not missing:
                raise
            database.execute(f"ALTER TABLE logs ADD COLUMN `{missing[1]}`")


def sigma(database, pipeline):
    answers = {}
    for path in sorted((HERE / "rules").glob("*.yml")):
        rules = SigmaCollection.from_yaml(path.read_text())
        [query] = sqliteBackend(pipeline()).convert(rules)
        answers[rules[0].title] = fired(database, query)
    return answers


def panther(events):
    answers = {}
    for path in sorted((HERE / "panther").glob("*.py")):
        spec = importlib.util.spec_from_file_location(path.stem, path)
        module = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(module)
        answers[path.stem] = sorted(event["uuid"] for event in events if module.rule(event))
    return answers


def main():
    events = json.load(sys.stdin)
    database = table(events)
    ours = (HERE / "countersign.yml").read_text()
    answers = {
        "as published": {**sigma(database, lambda: None), **panther(events)},
        "with the pipeline": sigma(database, lambda: ProcessingPipeline.from_yaml(ours)),
    }
    print(json.dumps(answers))


main()
