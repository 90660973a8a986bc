// Okta's own clients over the product's own TLS: a day of theirs by a certificate whose authority they are told to trust, at an
// org's own host name, too, and nothing by one that they are not.
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath, pathToFileURL } from "node:url";
import { test } from "node:test";
import path from "node:path";
import { withAuthority } from "../lib/authority.mjs";
import { root } from "../lib/process.mjs";
import { withServer } from "../lib/server.mjs";
import { withNode, withPython } from "../okta/clients.mjs";

const HOST = "acme.countersign.test";
const day = fileURLToPath(new URL("okta.test.mjs", import.meta.url));
const names = pathToFileURL(path.join(root, "e2e/lib/loopback-names.mjs")).href;

// The tests of the other file in a process that trusts the authority: Node reads NODE_EXTRA_CA_CERTS when it starts.
async function passes({ ca, cert, key }, more, args = []) {
  // Whoever runs tests inside of a test would have them report to it and not to us.
  const { NODE_TEST_CONTEXT: _, ...inherited } = process.env;
  const env = { ...inherited, NODE_EXTRA_CA_CERTS: ca, SSL_CERT_FILE: ca, E2E_TLS_CERT: cert, E2E_TLS_KEY: key, ...more };
  const child = spawn(process.execPath, [...args, "--test-reporter=tap", day], { env, stdio: ["ignore", "pipe", "inherit"] });
  let said = "";
  child.stdout.setEncoding("utf8").on("data", (text) => (said += text));
  const [code] = await once(child, "close");
  assert.equal(code, 0, said);
  return Number(/^# pass (\d+)$/m.exec(said)?.[1]);
}

const both = (fn) => withAuthority(["localhost", HOST], fn);

test("Okta's clients over TLS", { timeout: 900_000 }, () =>
  both(async (files) => assert.ok((await passes(files, {})) >= 2)));

test("Okta's client for Node at an org's own host name", { timeout: 900_000 }, () =>
  both(async (files) => {
    const only = ["--import", names, "--test-name-pattern=Node"];
    assert.ok((await passes(files, { E2E_OWN_HOST: HOST }, only)) >= 1);
  }));

test("Okta's clients refuse a certificate that nobody they trust has signed", { timeout: 600_000 }, () =>
  both(({ cert, key }) =>
    withServer(
      async ({ console: at }) => {
        await withNode(at, (client) => assert.rejects(client("cst_x").cases(), /self-signed|unable to verify|local issuer/));
        // This one falls over the answer that it did not get; one that it got would say E0000011.
        await withPython(at, (client) => assert.rejects(client("cst_x").cases(), /ended without an answer/));
      },
      ["--tls-cert", cert, "--tls-key", key],
    )));
