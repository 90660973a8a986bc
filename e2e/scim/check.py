"""What scim2-tester finds of a server: each check with its outcome, as one line of JSON."""

import json
import os
import sys
import uuid

from httpx2 import Client
from scim2_client.engines.httpx2 import SyncSCIMClient
from scim2_tester import check_server, filling

made_up = filling.generate_random_value


def generate_random_value(context, path, *args, **kwargs):
    """A userName here is an address, which no schema of SCIM's can say."""
    value = made_up(context, path, *args, **kwargs)
    if value is not None and str(path).endswith("userName"):
        return f"{uuid.uuid4()}@acme.test"
    return value


def main():
    for module in list(sys.modules.values()):
        if getattr(module, "generate_random_value", None) is made_up:
            module.generate_random_value = generate_random_value
    headers = {"Authorization": f"Bearer {os.environ['TOKEN']}"}
    scim = SyncSCIMClient(Client(base_url=os.environ["BASE_URL"], headers=headers))
    scim.discover()
    # There is one group, and none can be made.
    results = check_server(scim, resource_types=["User"])
    print(json.dumps([[one.status.name, one.title, str(one.reason)[:300]] for one in results]))


main()
