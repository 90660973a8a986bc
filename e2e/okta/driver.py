"""Calls Okta's own Python client as each line of the input says, and answers with a line."""

import asyncio
import json
import os
import re
import sys
from urllib.parse import parse_qs, urlsplit

from okta.client import Client
from okta.models import OktaSupportCase


async def called(client, name, number=None, body=None):
    if name == "logs":
        return await client.list_log_events(**number)
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
    if isinstance(result, list):
        events = [event.model_dump(mode="json", by_alias=True) for event in result]
        return {"read": {"events": events, "after": next_page(response)}}
    # What the client sends would leave out what it may only read.
    read = None if result is None else result.model_dump(mode="json", by_alias=True)
    return {"read": read, "status": response.status_code}


def next_page(response):
    """Where the next page begins, if the answer says that there is one."""
    links = ", ".join(text for name, text in response.headers.items() if name.lower() == "link")
    found = re.search(r'<([^<>]*)>; rel="next"', links)
    return parse_qs(urlsplit(found[1]).query)["after"][0] if found else None


async def main():
    client = Client({"orgUrl": os.environ["ORG_URL"], **json.loads(os.environ["WHO"])})
    for line in sys.stdin:
        print(json.dumps(await answer(client, line)), flush=True)


asyncio.run(main())
