// A program that knows nothing but the address finds everything by metadata (RFC 8414), and does with `openid-client` what docs/oauth.md says.
import assert from "node:assert/strict";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { test } from "node:test";
import { withServer } from "../lib/server.mjs";
import { modules } from "../oauth/client.mjs";

const RESOURCE = "https://api.vendor.test/v2";
const TOKEN_EXCHANGE = "urn:ietf:params:oauth:grant-type:token-exchange";
const ACCESS_TOKEN = "urn:ietf:params:oauth:token-type:access_token";

// Acme, whose product takes tokens past the gateway; Sam has access to case 4711, and a session under it.
async function fill({ cli, api }) {
  await cli("org", "create", "--slug", "acme", "--name", "Acme Inc");
  await cli("admin", "create", "--org", "acme", "--email", "dana@acme.test", "--name", "Dana", "--role", "super_admin");
  await cli("upstream", "set", "--org", "acme", "--origin", "http://127.0.0.1:9", "--token-resource", RESOURCE);
  await cli("agent", "create", "--email", "sam@vendor.test", "--name", "Sam");
  const token = async (...whom) => (await cli("token", "create", ...whom)).token;
  const dana = await token("--org", "acme", "--admin", "dana@acme.test");
  const sam = await token("--agent", "sam@vendor.test");
  const opened = { org: "acme", number: "4711", subject: "Totals differ", opened_by: { admin: "dana@acme.test" }, team: ["sam@vendor.test"] };
  await api(await token("--operator"))("POST", "/cases", opened);
  await api(sam)("POST", "/cases/4711/access-request", { justification: "The totals on two pages differ; I would like to see both." });
  await api(dana)("PUT", "/cases/4711/grant");
  return { dana, sam, session: (await api(sam)("POST", "/cases/4711/sessions")).token };
}

// Makes a service client with a fresh key: {clientId, key}.
async function made({ cli }, directory, name, ...more) {
  const key = await crypto.subtle.generateKey({ name: "ECDSA", namedCurve: "P-256" }, true, ["sign", "verify"]);
  const { kty, crv, x, y } = await crypto.subtle.exportKey("jwk", key.publicKey);
  const file = path.join(directory, `${name}.json`);
  await writeFile(file, JSON.stringify({ kty, crv, x, y }));
  const { id } = await cli("client", "create", "--org", "acme", "--name", name, "--jwks", file, ...more);
  return { clientId: id, key: key.privateKey };
}

async function refused(call, error) {
  await assert.rejects(call, (thrown) => {
    assert.equal(thrown.error ?? thrown.cause?.error, error, thrown.message);
    return true;
  });
}

test("a program finds the endpoints, and does everything by them", async () => {
  const { openid, jose } = await modules();
  const directory = await mkdtemp(path.join(tmpdir(), "countersign-oauth-"));
  try {
    await withServer(async (server) => {
      const people = await fill(server);
      const at = new URL(server.console);
      const options = { algorithm: "oauth2", execute: [openid.allowInsecureRequests] };
      const found = (clientId, by) => openid.discovery(at, clientId, undefined, by, options);

      // Client credentials, with a key bound to each token.
      const reader = await made(server, directory, "Reader", "--scope", "cases.read", "--scope", "log.read", "--dpop");
      const read = await found(reader.clientId, openid.PrivateKeyJwt(reader.key));
      const handle = openid.getDPoPHandle(read, await openid.randomDPoPKeyPair());
      const got = await openid.clientCredentialsGrant(read, { scope: "cases.read" }, { DPoP: handle });
      assert.deepEqual([got.token_type, got.scope], ["dpop", "cases.read"]);
      const fetched = (where, method = "GET") =>
        openid.fetchProtectedResource(read, got.access_token, new URL(`/api/v1${where}`, at), method, undefined, undefined, { DPoP: handle });
      // The library throws where it is challenged, and answers with what else is refused.
      const status = (call) => call.then((response) => response.status, (thrown) => thrown.status);
      const cases = await (await fetched("/cases")).json();
      assert.deepEqual(cases.items.map(({ number }) => number), ["4711"]);
      assert.equal(await status(fetched("/orgs/acme/entries")), 403);

      // What it is worth, until it is ended.
      const worth = await openid.tokenIntrospection(read, got.access_token);
      assert.deepEqual([worth.active, worth.client_id, worth.scope], [true, reader.clientId, "cases.read"]);
      assert.equal(typeof worth.cnf.jkt, "string");
      await openid.tokenRevocation(read, got.access_token);
      assert.deepEqual({ ...(await openid.tokenIntrospection(read, got.access_token)) }, { active: false });
      assert.equal(await status(fetched("/cases")), 401);

      // An agent's program exchanges a session.
      const { client_id } = await server.api(people.sam)("GET", "/me");
      const agent = await found(client_id, openid.None());
      const ask = {
        subject_token: people.session,
        subject_token_type: ACCESS_TOKEN,
        actor_token: people.sam,
        actor_token_type: ACCESS_TOKEN,
        resource: RESOURCE,
      };
      const exchanged = await openid.genericGrantRequest(agent, TOKEN_EXCHANGE, ask);
      assert.deepEqual([exchanged.issued_token_type, exchanged.scope], [ACCESS_TOKEN, "read"]);
      const keys = jose.createRemoteJWKSet(new URL(agent.serverMetadata().jwks_uri));
      const expected = { issuer: agent.serverMetadata().issuer, audience: RESOURCE, typ: "at+jwt" };
      const { payload } = await jose.jwtVerify(exchanged.access_token, keys, expected);
      assert.deepEqual([payload.sub, payload.act, payload.org, payload.case], ["dana@acme.test", { sub: "sam@vendor.test" }, "acme", "4711"]);
      assert.ok(payload.exp - payload.iat <= 60);
      await refused(openid.genericGrantRequest(agent, TOKEN_EXCHANGE, { ...ask, resource: "https://other.test" }), "invalid_target");
      await refused(openid.genericGrantRequest(agent, TOKEN_EXCHANGE, { ...ask, subject_token: exchanged.access_token }), "invalid_request");

      // The product asks for as long as the customer lets it, and nobody else hears anything.
      const product = await made(server, directory, "Product", "--scope", "tokens.introspect");
      const asks = await found(product.clientId, openid.PrivateKeyJwt(product.key));
      const heard = async (by, { access_token }) => ({ ...(await openid.tokenIntrospection(by, access_token)) });
      const told = await heard(asks, exchanged);
      assert.deepEqual([told.active, told.aud, told.act, told.jti], [true, RESOURCE, { sub: "sam@vendor.test" }, payload.jti]);
      assert.deepEqual(await heard(read, exchanged), { active: false });
      const second = await openid.genericGrantRequest(agent, TOKEN_EXCHANGE, ask);
      await openid.tokenRevocation(agent, second.access_token);
      assert.deepEqual(await heard(asks, second), { active: false });
      assert.equal((await heard(asks, exchanged)).active, true);
      await server.api(people.dana)("DELETE", "/cases/4711/grant");
      assert.deepEqual(await heard(asks, exchanged), { active: false });
      await refused(openid.genericGrantRequest(agent, TOKEN_EXCHANGE, ask), "invalid_request");

      // At Countersign it opens nothing, whatever it is shown as.
      const opened = await fetch(new URL("/api/v1/me", at), { headers: { authorization: `Bearer ${exchanged.access_token}` } });
      assert.deepEqual([opened.status, (await opened.json()).code], [403, "impersonation_cannot_act"]);
    });
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
});
