"""Calls Okta's own Python client as each line of the input says, and answers with a line."""

import asyncio
import json
import os
import sys

from okta.client import Client
from okta.models import OktaSupportCase


async def called(client, name, number=None, body=None):
    if name == "change":
        change = OktaSupportCase.from_dict(body)
        return await client.update_okta_support_case(number, change)
    calls = {
        "settings": client.get_org_okta_support_settings,
        "cases": client.list_okta_support_cases,
        "grant": client.grant_okta_support,
        "extend": client.extend_okta_support,
        "revoke": client.revoke_okta_support,
    }
    return await calls[name]()


async def answer(client, line):
    result, response, error = await called(client, *json.loads(line))
    if error is not None:
        said = {"status": error.status, "errorCode": getattr(error, "error_code", None)}
        return {"refused": {**said, "message": error.message}}
    # What the client sends would leave out what it may only read.
    read = None if result is None else result.model_dump(mode="json", by_alias=True)
    return {"read": read, "status": response.status_code}


async def main():
    client = Client({"orgUrl": os.environ["ORG_URL"], **json.loads(os.environ["WHO"])})
    for line in sys.stdin:
        print(json.dumps(await answer(client, line)), flush=True)


asyncio.run(main())
