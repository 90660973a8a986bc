// Okta's own clients, as they come, do with Countersign what they do with Okta's support access.
import assert from "node:assert/strict";
import { test } from "node:test";
import { withServer } from "../lib/server.mjs";
import { withNode, withPython } from "../okta/clients.mjs";

const HOUR = 3_600_000;
// Over the product's own TLS where a certificate is given, and at a host name of Acme's own where one is.
const { E2E_TLS_CERT: cert, E2E_TLS_KEY: key, E2E_OWN_HOST: host } = process.env;
const tls = cert ? ["--tls-cert", cert, "--tls-key", key] : [];
const WHY = "The totals on two pages differ; I would like to see both.";

// Acme with Dana, its super admin, and Globex with Grace; Sam asks for access for a case that Dana opened, 4711, and for
// one that Sam opened, 4712.
async function fill({ cli, api }) {
  for (const [slug, name, email] of [
    ["acme", "Acme Inc", "dana@acme.test"],
    ["globex", "Globex", "grace@globex.test"],
  ]) {
    await cli("org", "create", "--slug", slug, "--name", name);
    await cli("admin", "create", "--org", slug, "--email", email, "--name", "Somebody", "--role", "super_admin");
    await cli("upstream", "set", "--org", slug, "--origin", "http://127.0.0.1:9");
  }
  if (host) await cli("org", "hosts", "--org", "acme", "--host", host);
  await cli("agent", "create", "--email", "sam@vendor.test", "--name", "Sam");
  const token = async (...whom) => (await cli("token", "create", ...whom)).token;
  const tokens = {
    dana: await token("--org", "acme", "--admin", "dana@acme.test"),
    grace: await token("--org", "globex", "--admin", "grace@globex.test"),
    sam: await token("--agent", "sam@vendor.test"),
    operator: await token("--operator"),
  };
  for (const [number, opened_by] of [["4711", { admin: "dana@acme.test" }], ["4712", { agent: "sam@vendor.test" }]]) {
    const opened = { org: "acme", number, subject: "Totals differ", opened_by, team: ["sam@vendor.test"] };
    await api(tokens.operator)("POST", "/cases", opened);
    await api(tokens.sam)("POST", `/cases/${number}/access-request`, { justification: WHY });
  }
  return tokens;
}

// What a client read of a case, with the expiration as a number.
function plain({ caseNumber, subject, impersonation, selfAssigned }) {
  const { status, expiration } = impersonation;
  const at = expiration == null ? null : new Date(expiration).getTime();
  return { caseNumber, subject, status, at, selfAssigned: selfAssigned.status };
}

// Now and `hours`, by a clock that is this machine's as the server's is.
function about(at, hours) {
  const off = at - Date.now() - hours * HOUR;
  assert.ok(Math.abs(off) < HOUR / 60, `${new Date(at).toISOString()} is about ${hours} hours from now`);
}

async function refused(call, status, errorCode) {
  await assert.rejects(call, (error) => {
    assert.deepEqual([error.status, error.errorCode], [status, errorCode], error.message);
    return true;
  });
}

// `elsewhere` makes the clients of those who are nobody where `client` makes Dana's.
async function day(server, client, elsewhere = client) {
  const tokens = await fill(server);
  const dana = client(tokens.dana);
  const sam = server.api(tokens.sam);
  const listed = async () => (await dana.cases()).supportCases.map(plain);
  const shown = { subject: "Totals differ", status: "REQUESTED", at: null };
  assert.deepEqual(await listed(), [
    { ...shown, caseNumber: "4711", selfAssigned: "NOT_REQUIRED" },
    { ...shown, caseNumber: "4712", selfAssigned: "REQUESTED" },
  ]);
  assert.equal((await dana.settings()).support, "DISABLED");

  const granted = plain(await dana.change("4711", { impersonation: { status: "ENABLED" } }));
  assert.equal(granted.status, "ENABLED");
  about(granted.at, 8);
  const settings = await dana.settings();
  assert.deepEqual([settings.support, settings.caseNumber], ["ENABLED", "4711"]);
  assert.equal(new Date(settings.expiration).getTime(), granted.at);
  const session = await sam("POST", "/cases/4711/sessions");

  const until = (hours) => ({ impersonation: { expiration: new Date(Date.now() + hours * HOUR).toISOString() } });
  const extended = plain(await dana.change("4711", until(24)));
  about(extended.at, 24);
  const same = { impersonation: { expiration: new Date(extended.at).toISOString() } };
  assert.deepEqual(plain(await dana.change("4711", same)), extended);
  await refused(dana.change("4711", until(26)), 400, "E0000001");

  // Not before it is approved; and both at once.
  await refused(dana.change("4712", { impersonation: { status: "ENABLED" } }), 400, "E0000001");
  const both = { impersonation: { status: "ENABLED" }, selfAssigned: { status: "APPROVED" } };
  const approved = plain(await dana.change("4712", both));
  assert.deepEqual([approved.status, approved.selfAssigned], ["ENABLED", "APPROVED"]);

  const disable = { impersonation: { status: "DISABLED" } };
  const grace = elsewhere(tokens.grace);
  assert.deepEqual((await grace.cases()).supportCases, []);
  await refused(grace.change("4711", disable), 404, "E0000007");
  const agent = elsewhere(tokens.sam);
  await refused(agent.cases(), 403, "E0000006");
  await refused(agent.change("4711", { impersonation: { status: "ENABLED" } }), 403, "E0000006");
  await refused(client("cst_guess").settings(), 401, "E0000011");

  const revoked = plain(await dana.change("4711", disable));
  assert.deepEqual([revoked.status, revoked.at], ["DISABLED", null]);
  const { status, ended_why } = await server.api(tokens.dana)("GET", `/sessions/${session.id}`);
  assert.deepEqual([status, ended_why], ["ended", "grant_revoked"]);
  assert.equal((await dana.settings()).caseNumber, "4712");

  // What was there before cases sends its clients to the list, and changes nothing.
  const before = await listed();
  for (const old of ["grant", "extend", "revoke"]) await dana[old]();
  assert.deepEqual(await listed(), before);

  await server.api(tokens.operator)("POST", "/cases/4712/close");
  assert.deepEqual((await listed()).map((one) => one.caseNumber), ["4711"]);
  await refused(dana.change("4712", disable), 404, "E0000007");
  assert.equal((await dana.settings()).support, "DISABLED");
}

async function atOwnHost(server, withClients, at) {
  const own = server.console.replace("localhost", host);
  return withClients(own, async (client) => {
    await day(server, client, at);
    const { token } = await server.cli("token", "create", "--org", "acme", "--admin", "dana@acme.test");
    const settings = await client(token).settings();
    assert.equal(settings._links.cases.href, `${own}/api/v1/org/privacy/oktaSupport/cases`);
    const others = await server.cli("token", "create", "--org", "globex", "--admin", "grace@globex.test");
    await refused(client(others.token).cases(), 401, "E0000011");
    assert.deepEqual((await at(others.token).cases()).supportCases, []);
  });
}

for (const [name, withClients] of [["Node", withNode], ["Python", withPython]]) {
  test(`Okta's client for ${name} lists, grants, extends, revokes and approves`, { timeout: 600_000 }, () =>
    withServer(
      (server) =>
        withClients(server.console, (client) => (host ? atOwnHost(server, withClients, client) : day(server, client))),
      tls,
    ));
}
