"""What a directory does with people, by scim2-client: what it read, as one line of JSON."""

import json
import os

from httpx2 import Client
from scim2_client.engines.httpx2 import SyncSCIMClient
from scim2_models import PatchOp, PatchOperation, SCIMException, SearchRequest


def refused(call, *args, **kwargs):
    try:
        call(*args, **kwargs)
    except SCIMException as refusal:
        error = refusal.to_error()
        return [error.status, error.scim_type]
    return "not refused"


def main():
    headers = {"Authorization": f"Bearer {os.environ['TOKEN']}"}
    scim = SyncSCIMClient(Client(base_url=os.environ["BASE_URL"], headers=headers))
    scim.discover()
    User = scim.get_resource_model("User")
    Group = scim.get_resource_model("Group")
    told = {}

    lee = scim.create(User(user_name="Lee@acme.test", external_id="00u1", display_name="Lee Chan"))
    told["created"] = [lee.user_name, lee.external_id, lee.display_name, lee.active]
    told["again"] = refused(scim.create, User(user_name="LEE@acme.test"))
    told["no address"] = refused(scim.create, User(user_name="lee"))

    found = scim.query(User, query_parameters=SearchRequest(filter='userName eq "lee@ACME.test"'))
    told["found"] = [found.total_results, found.resources[0].id == lee.id]
    told["filter"] = refused(scim.query, User, query_parameters=SearchRequest(filter='password eq "x"'))
    page = scim.query(User, query_parameters=SearchRequest(start_index=2, count=1))
    told["page"] = [page.total_results, page.start_index, page.items_per_page, page.resources[0].user_name]

    stale = scim.query(User, lee.id)
    lee.display_name = "Lee"
    lee = scim.replace(lee)
    told["replaced"] = [lee.display_name, lee.external_id]
    stale.display_name = "Somebody else"
    told["stale"] = refused(scim.replace, stale)

    def patched(resource, *operations):
        made = [PatchOperation(op=op, path=path, value=value) for op, path, value in operations]
        return scim.modify(resource, PatchOp[type(resource)](operations=made))

    lee = patched(lee, ("replace", "active", False), ("add", "name.familyName", "Chan"))
    told["deactivated"] = [lee.active, lee.name.family_name]
    lee = patched(lee, ("replace", "active", True))

    group = scim.query(Group, "super_admin")
    group = patched(group, ("add", "members", [{"value": lee.id}]))
    told["members"] = sorted(member.display for member in group.members)
    # The group made another representation of her.
    told["deleted stale"] = refused(scim.delete, lee)
    lee = scim.query(User, lee.id)
    told["groups"] = [one.value for one in lee.groups]

    scim.delete(lee)
    told["gone"] = refused(scim.query, User, lee.id)
    print(json.dumps(told))


main()
