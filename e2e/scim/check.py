"""What scim2-tester finds of a server: each check with its outcome, as one line of JSON."""

import json
import os
import uuid

from httpx2 import Client
from scim2_client.engines.httpx2 import SyncSCIMClient
from scim2_tester import check_server, filling

made_up = filling.generate_random_value


def generate_random_value(context, obj, resource_manager, field_name):
    """A userName here is an address, which no schema of SCIM's can say."""
    if field_name == "user_name":
        return f"{uuid.uuid4()}@acme.test"
    return made_up(context, obj, resource_manager, field_name)


def main():
    filling.generate_random_value = generate_random_value
    headers = {"Authorization": f"Bearer {os.environ['TOKEN']}"}
    scim = SyncSCIMClient(Client(base_url=os.environ["BASE_URL"], headers=headers))
    scim.discover()
    # There is one group, and none can be made.
    results = check_server(scim, resource_types=["User"])
    print(json.dumps([[one.status.name, one.title, str(one.reason)] for one in results]))


main()
