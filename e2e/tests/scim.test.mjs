// A directory provisions people by SCIM, with a client and a checker that nobody here wrote.
import assert from "node:assert/strict";
import { test } from "node:test";
import { withServer } from "../lib/server.mjs";
import { withScim } from "../scim/directory.mjs";

const WHY = "The totals on two pages differ; I would like to see both.";

async function acme({ cli }) {
  await cli("org", "create", "--slug", "acme", "--name", "Acme Inc");
  await cli("admin", "create", "--org", "acme", "--email", "dana@acme.test", "--name", "Dana", "--role", "super_admin");
  return (await cli("token", "scim", "--org", "acme")).token;
}

test("scim2-client provisions a customer's admins", { timeout: 600_000 }, () =>
  withServer(async (server) => {
    const told = await withScim("client.py", server.console, await acme(server));
    assert.deepEqual(told, {
      created: ["lee@acme.test", "00u1", "Lee Chan", true],
      again: [409, "uniqueness"],
      "no address": [400, "invalidValue"],
      found: [1, true],
      filter: [400, "invalidFilter"],
      page: [2, 2, 1, "lee@acme.test"],
      replaced: ["Lee", "00u1"],
      stale: [412, null],
      deactivated: [false, "Chan"],
      members: ["Dana", "Lee"],
      "deleted stale": [412, null],
      groups: ["super_admin"],
      gone: [404, null],
    });
  }));

// What it finds and what stays so. Everybody has one role, and who may act is never left unsaid, so that neither can be
// removed; a role says that it is the primary one; people and groups are searched each at their own address.
const STAYS = new Set(["search_with_attributes", "check_remove_attribute active", "check_remove_attribute roles", "check_add_attribute roles", "check_replace_attribute roles"]);

test("scim2-tester finds nothing else wrong, for either directory", { timeout: 600_000 }, () =>
  withServer(async (server) => {
    const customers = await acme(server);
    const { token: vendors } = await server.cli("token", "scim");
    for (const token of [customers, vendors]) {
      const checked = await withScim("check.py", server.console, token);
      const known = ([, title, why]) => STAYS.has([title, ...(why.match(/(?<=')(active|roles)(?=')/)?.slice(0, 1) ?? [])].join(" "));
      const failed = checked.filter(([status]) => !["SUCCESS", "SKIPPED", "ACCEPTABLE"].includes(status));
      const wrong = failed.filter((one) => !known(one));
      assert.deepEqual(wrong, []);
      assert.ok(checked.filter(([status]) => status === "SUCCESS").length > 20, `${checked.length} checks`);
    }
  }));

test("an agent whom the vendor's directory takes away is out before it is answered", { timeout: 600_000 }, () =>
  withServer(async ({ cli, api, console: address }) => {
    await acme({ cli });
    await cli("upstream", "set", "--org", "acme", "--origin", "http://127.0.0.1:9");
    const { token: vendors } = await cli("token", "scim");
    const scim = async (method, where, body) => {
      const headers = { authorization: `Bearer ${vendors}`, "content-type": "application/scim+json" };
      const response = await fetch(`${address}/scim/v2${where}`, { method, headers, body: body && JSON.stringify(body) });
      return { status: response.status, headers: response.headers, read: await response.text() };
    };
    const schemas = ["urn:ietf:params:scim:schemas:core:2.0:User"];
    const made = await scim("POST", "/Users", { schemas, userName: "sam@vendor.test", displayName: "Sam" });
    assert.equal(made.status, 201, made.read);
    const token = async (...whom) => (await cli("token", "create", ...whom)).token;
    const [dana, sam, operator] = [
      api(await token("--org", "acme", "--admin", "dana@acme.test")),
      api(await token("--agent", "sam@vendor.test")),
      api(await token("--operator")),
    ];
    const opened = { org: "acme", number: "4711", subject: "Totals differ", opened_by: { admin: "dana@acme.test" }, team: ["sam@vendor.test"] };
    await operator("POST", "/cases", opened);
    await sam("POST", "/cases/4711/access-request", { justification: WHY });
    await dana("PUT", "/cases/4711/grant");
    const session = await sam("POST", "/cases/4711/sessions");
    const gone = await scim("DELETE", `/Users/${JSON.parse(made.read).id}`);
    assert.equal(gone.status, 204, gone.read);
    assert.match(gone.headers.get("countersign-effective"), /^acknowledged=1/);
    const { status, ended_why } = await dana("GET", `/sessions/${session.id}`);
    assert.deepEqual([status, ended_why], ["ended", "agent_deactivated"]);
    await assert.rejects(sam("GET", "/cases"), /403/);
  }));
