// Okta's own clients follow the System Log while support is let in, looks around and is shown out; and Panther's detection
// rules for Okta's log, and one of Sigma's kind, fire on what there was, and on nothing else.
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import http from "node:http";
import { once } from "node:events";
import { tmpdir } from "node:os";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import path from "node:path";
import { python } from "../lib/python.mjs";
import { cleanEnvironment } from "../lib/process.mjs";
import { get } from "../lib/replay.mjs";
import { withServer } from "../lib/server.mjs";
import { withNode, withPython } from "../okta/clients.mjs";

const WHY = "The totals on two pages differ; I would like to see both.";
const HOUR = 3_600_000;

// Runs `fn` with the origin of a product that answers whatever it is asked.
async function withProduct(fn) {
  const product = http.createServer((_, response) => response.end("<!doctype html><title>Invoices</title>"));
  product.listen(0, "127.0.0.1");
  await once(product, "listening");
  try {
    return await fn(`http://127.0.0.1:${product.address().port}`);
  } finally {
    product.close();
    product.closeAllConnections();
  }
}

// Acme with Dana, its super admin, and Ben; Globex with Grace; Sam on Acme's case 4711, who has asked for access.
async function fill({ cli, api }, origin) {
  for (const [slug, name, email] of [
    ["acme", "Acme Inc", "dana@acme.test"],
    ["globex", "Globex", "grace@globex.test"],
  ]) {
    await cli("org", "create", "--slug", slug, "--name", name);
    await cli("admin", "create", "--org", slug, "--email", email, "--name", "Dana Reed", "--role", "super_admin");
    await cli("upstream", "set", "--org", slug, "--origin", origin);
  }
  await cli("admin", "create", "--org", "acme", "--email", "ben@acme.test", "--name", "Ben Ode", "--role", "admin");
  await cli("agent", "create", "--email", "sam@vendor.test", "--name", "Sam Hill");
  const token = async (...whom) => (await cli("token", "create", ...whom)).token;
  const tokens = {
    dana: await token("--org", "acme", "--admin", "dana@acme.test"),
    grace: await token("--org", "globex", "--admin", "grace@globex.test"),
    sam: await token("--agent", "sam@vendor.test"),
    operator: await token("--operator"),
  };
  const opened_by = { admin: "dana@acme.test" };
  await api(tokens.operator)("POST", "/cases", { org: "acme", number: "4711", subject: "Totals differ", opened_by, team: ["sam@vendor.test"] });
  await api(tokens.sam)("POST", "/cases/4711/access-request", { justification: WHY });
  return tokens;
}

// Asks the gateway for `where` in a session, as a program does.
async function look({ gateway }, session, where, method = "GET") {
  const origin = new URL(session.url).origin;
  const at = new URL(gateway);
  const headers = { host: new URL(origin).host, "countersign-session": session.token };
  if (method === "GET") return get(`http://127.0.0.1:${at.port}`, where, headers);
  const request = http.request({ host: "127.0.0.1", port: at.port, path: where, method, headers, agent: false });
  request.end();
  const [response] = await once(request, "response");
  response.resume();
  return { status: response.statusCode };
}

// Access is granted, used, extended and revoked; what each step is called in the log, in order.
async function* visit(server, tokens) {
  const dana = server.api(tokens.dana);
  await dana("PUT", "/cases/4711/grant");
  yield ["user.session.impersonation.grant"];
  const session = await server.api(tokens.sam)("POST", "/cases/4711/sessions");
  yield ["user.session.impersonation.initiate"];
  assert.equal((await look(server, session, "/invoices?page=2")).status, 200);
  assert.equal((await look(server, session, "/invoices/9", "DELETE")).status, 403);
  yield ["support.org.view", "app.generic.unauth_app_access_attempt"];
  await dana("POST", "/cases/4711/grant/extend");
  yield ["user.session.impersonation.extend"];
  await dana("DELETE", "/cases/4711/grant");
  yield ["user.session.impersonation.end", "user.session.impersonation.revoke"];
}

// Opens a sign-in link as a person does who types its address.
async function open(url) {
  const { origin, pathname } = new URL(url);
  const { status } = await get(origin, pathname, {
    "sec-fetch-mode": "navigate",
    "sec-fetch-dest": "document",
    "sec-fetch-site": "none",
  });
  return status;
}

// Dana signs in, somebody finds her link afterwards, and Sam would grant himself what he asked for.
async function tries({ cli, console: at }, tokens) {
  const { url } = await cli("login-link", "--org", "acme", "--admin", "dana@acme.test");
  assert.equal(await open(url), 303);
  assert.equal(await open(url), 410);
  const headers = { authorization: `Bearer ${tokens.sam}` };
  const ticked = await fetch(`${at}/api/v1/cases/4711/grant`, { method: "PUT", headers });
  assert.equal(ticked.status, 403);
}

const types = (events) => events.map(({ eventType }) => eventType);

async function day(server, client) {
  await withProduct(async (origin) => {
    const tokens = await fill(server, origin);
    const dana = client(tokens.dana);
    const all = await dana.logs({ limit: 2 });
    const impersonation = await dana.logs({ filter: 'eventType sw "user.session.impersonation."', limit: 3 });
    const seen = await all();
    assert.ok(types(seen).includes("user.lifecycle.create"), "what was before is there");
    assert.deepEqual(await impersonation(), []);
    await tries(server, tokens);
    const [link, ...tried] = await all();
    seen.push(link, ...tried);
    assert.equal(link.eventType, "user.sign_in_link.create");
    assert.deepEqual(
      tried.map(({ eventType, outcome, actor }) => [eventType, outcome.result, outcome.reason, actor.alternateId]),
      [
        ["user.session.start", "SUCCESS", null, "dana@acme.test"],
        ["user.session.start", "FAILURE", "link_used", "dana@acme.test"],
        ["user.session.impersonation.grant", "FAILURE", "only_approvers", "sam@vendor.test"],
      ],
    );
    assert.ok(tried.every(({ client }) => client.ipAddress === "127.0.0.1"));
    assert.deepEqual(types(await impersonation()), ["user.session.impersonation.grant"]);
    const failed = await dana.logs({ filter: 'eventType eq "user.session.start" and outcome.result eq "FAILURE"' });
    assert.deepEqual((await failed()).map(({ uuid }) => uuid), [tried[1].uuid]);
    const expected = [];
    for await (const happened of visit(server, tokens)) {
      const found = await all();
      assert.deepEqual(types(found), happened);
      assert.deepEqual(types(await impersonation()), happened.filter((type) => type.startsWith("user.session.")));
      expected.push(...happened);
      seen.push(...found);
    }
    assert.deepEqual([await all(), await impersonation()], [[], []]);
    assert.equal(new Set(seen.map(({ uuid }) => uuid)).size, seen.length, "each once");
    const granted = seen.find(({ eventType, outcome }) => eventType.endsWith(".grant") && outcome.result === "SUCCESS");
    assert.equal(granted.actor.alternateId, "dana@acme.test");
    const [subject] = granted.target;
    assert.deepEqual([subject.type, subject.alternateId, subject.displayName], ["User", "dana@acme.test", "Dana Reed"]);
    assert.equal(granted.debugContext.debugData.justification, WHY);

    // The same again as a bounded query, which ends.
    const until = new Date(Date.now() + HOUR).toISOString();
    const bounded = await dana.logs({ until, limit: 4, q: "4711" });
    assert.deepEqual(types(await bounded()), ["support.case.open", "support.access.request", tried[2].eventType, ...expected]);
    const grace = await client(tokens.grace).logs({ q: "acme" });
    assert.deepEqual(await grace(), []);
    for (const [token, status, errorCode] of [[tokens.sam, 403, "E0000006"], ["cst_guess", 401, "E0000011"]]) {
      await assert.rejects(async () => (await client(token).logs({}))(), (error) => {
        assert.equal(error.status, status, error.message);
        assert.equal(error.errorCode, errorCode, error.message);
        return true;
      });
    }
    for (const filter of ["eventType is", 'outcome.result eq "FAILED"']) {
      await assert.rejects(async () => (await dana.logs({ filter }))(), (error) => error.status === 400);
    }
  });
}

for (const [name, withClients] of [["Node", withNode], ["Python", withPython]]) {
  test(`Okta's client for ${name} follows the log, and gets each event once`, { timeout: 600_000 }, () =>
    withServer((server) => withClients(server.console, (client) => day(server, client))));
}

// What a program of `folder` answers about the events.
async function asked(folder, events, ...args) {
  const at = fileURLToPath(new URL(`../${folder}/`, import.meta.url));
  // Panther's package names Python 3.11 alone, and is installed with less than its command line needs.
  const flags = folder === "panther" ? ["--no-deps", "--ignore-requires-python"] : [];
  const program = await python(`${folder}-python`, path.join(at, "requirements.txt"), flags);
  const run = spawnSync(program, ["match.py", ...args, events], {
    cwd: at,
    encoding: "utf8",
    env: cleanEnvironment({ PYTHONDONTWRITEBYTECODE: "1" }),
  });
  assert.equal(run.status, 0, run.stderr);
  return JSON.parse(run.stdout);
}

// Which rules fired on which of the org's events: Panther's with the titles of their alerts by type, and the one of Sigma's kind
// as it is and with the pipeline.
async function fired(server, token) {
  const answer = await fetch(`${server.console}/api/v1/logs?limit=1000`, { headers: { authorization: `SSWS ${token}` } });
  const events = await answer.json();
  const directory = await mkdtemp(path.join(tmpdir(), "countersign-rules-"));
  try {
    const file = path.join(directory, "events.json");
    await writeFile(file, JSON.stringify(events));
    const typeOf = new Map(events.map(({ uuid, eventType }) => [uuid, eventType]));
    const alerts = Object.entries(await asked("panther", file)).map(([rule, titles]) => [
      rule.replace(/-prototype$/, ""),
      Object.entries(titles).map(([uuid, title]) => [typeOf.get(uuid), title]).sort(),
    ]);
    const sigma = async (...args) => {
      const { "Support Access Granted": uuids, ...others } = await asked("sigma", file, "--rules", "rules", ...args);
      assert.deepEqual(others, {});
      return uuids.map((uuid) => typeOf.get(uuid));
    };
    return {
      panther: Object.fromEntries(alerts),
      plain: await sigma(),
      piped: await sigma("--pipeline", "countersign.yml"),
    };
  } finally {
    await rm(directory, { recursive: true });
  }
}

test("detection rules for Okta's log fire on what they are about, and on nothing else", { timeout: 600_000 }, () =>
  withServer((server) =>
    withProduct(async (origin) => {
      const tokens = await fill(server, origin);
      const made = (whose) => ["system.api_token.create", `Operator <command_line>created a new API key - <${whose}>`];
      const quiet = await fired(server, tokens.dana);
      assert.deepEqual(quiet, { panther: { "Okta.APIKeyCreated": [made("Dana Reed")] }, plain: [], piped: [] });

      for await (const _ of visit(server, tokens));
      const { id } = await server.cli("token", "create", "--org", "acme", "--admin", "ben@acme.test");
      await server.cli("token", "revoke", "--id", id);
      await server.cli("admin", "set-role", "--org", "acme", "--email", "ben@acme.test", "--role", "super_admin");
      const loud = await fired(server, tokens.dana);
      assert.deepEqual(loud.panther, {
        "Okta.APIKeyCreated": [made("Ben Ode"), made("Dana Reed")],
        "Okta.APIKeyRevoked": [["system.api_token.revoke", "Operator <command_line>revoked API key - <Ben Ode>"]],
        "Okta.AdminRoleAssigned": [
          ["user.account.privilege.grant", "Operator <command_line> granted [Super administrator] privileges to Ben Ode <ben@acme.test>"],
        ],
        "Okta.App.Unauthorized.Access.Attempt": [
          ["app.generic.unauth_app_access_attempt", "[sam@vendor.test] attempted unauthorized access to [dana@acme.test]"],
        ],
        "Okta.Support.Access": [
          ["user.session.impersonation.grant", "Okta Support Access Granted by Dana Reed"],
          ["user.session.impersonation.initiate", "Okta Support Access Granted by Sam Hill"],
        ],
      });
      assert.deepEqual(loud.plain, [], "a grant has no address of Okta's admin console");
      assert.deepEqual(loud.piped, ["user.session.impersonation.grant"]);
    })));
