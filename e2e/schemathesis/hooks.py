"""What schemathesis has to be told of this API, because no description can say it."""

import hashlib
import itertools
import json
import os
import urllib.parse

import schemathesis

JSON_LINES = "application/jsonl"
IMPORTED = {"org": "acme", "subject": "Totals differ", "opened_by": {"admin": "ben@acme.test"}}

keys = itertools.count()


@schemathesis.serializer(JSON_LINES)
def as_lines(context, value):
    """Text as it was generated; anything else becomes one line."""
    text = value if isinstance(value, str) else json.dumps(value)
    return text.encode("utf-8", "surrogatepass")


def lines(text):
    """A good import for each text that there may be."""
    try:
        if all(isinstance(json.loads(line), dict) for line in text.splitlines()) and text:
            return text
    except ValueError:
        pass
    number = hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:16]
    return json.dumps({**IMPORTED, "number": number}) + "\n"


@schemathesis.hook
def before_call(context, case, kwargs):
    """Makes of a request that fits the description one that fits what it says in words."""
    # Callers who deactivated themselves would try nothing from then on.
    email = str((case.path_parameters or {}).get("email"))
    if urllib.parse.unquote(email).lower() == os.environ["CALLER"]:
        case.path_parameters["email"] = "ben@acme.test"
    if case.meta is None or case.meta.generation.mode != schemathesis.GenerationMode.POSITIVE:
        return
    # A key is good for one request.
    if (case.headers or {}).get("Idempotency-Key"):
        case.headers["Idempotency-Key"] = f"{next(keys):08}"
    # A body of lines is described as a text.
    if case.media_type == JSON_LINES and isinstance(case.body, str):
        case.body = lines(case.body)
