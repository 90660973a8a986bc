// The vendor's staff sign in by the vendor's own provider, which nobody here wrote, in a real browser.
import assert from "node:assert/strict";
import { once } from "node:events";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import path from "node:path";
import { test } from "node:test";
import { assertAccessible } from "../lib/axe.mjs";
import { withBrowser } from "../lib/browser.mjs";
import { withServer } from "../lib/server.mjs";
import { signInThere, withProvider } from "../openid/provider.mjs";

const CLIENT = "countersign";
const SECRET = "another secret with + and /";
const CASE = "00004711";

// The server is told of the provider before that can be told of the server.
async function freePort() {
  const server = createServer();
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address();
  server.close();
  await once(server, "close");
  return port;
}

async function withStaff(fn) {
  const files = await mkdtemp(path.join(tmpdir(), "countersign-e2e-"));
  const port = await freePort();
  const config = path.join(files, "countersign.toml");
  await writeFile(path.join(files, "secret"), SECRET);
  await writeFile(
    config,
    `[staff]
     fresh_sign_in_minutes = 15
     [[staff.provider]]
     id = "vendor"
     name = "Vendor SSO"
     issuer = "http://127.0.0.1:${port}"
     client_id = "${CLIENT}"
     client_secret_file = "${path.join(files, "secret")}"
     scopes = ["groups"]
     agents = ["support"]
     operators = ["platform"]
     domains = ["vendor.test"]
     create_agents = true
    `,
  );
  try {
    await withServer((server) => {
      const { console } = server;
      const redirect = `${console}/sign-in/staff/vendor`;
      const client = { client: CLIENT, secret: SECRET, console, redirect, domain: "vendor.test", port };
      return withProvider(client, (issuer) => withBrowser((browser) => fn({ server, browser, issuer })));
    }, ["--config", config]);
  } finally {
    await rm(files, { recursive: true, force: true });
  }
}

// A case of Acme's with Sam on its team, whom Dana has let in.
async function granted({ cli, api }) {
  await cli("org", "create", "--slug", "acme", "--name", "Acme Inc");
  await cli("admin", "create", "--org", "acme", "--email", "dana@acme.test", "--name", "Dana", "--role", "super_admin");
  await cli("upstream", "set", "--org", "acme", "--origin", "http://127.0.0.1:9");
  const token = async (...whose) => api((await cli("token", "create", ...whose)).token);
  const [operator, dana, sam] = [
    await token("--operator"),
    await token("--org", "acme", "--admin", "dana@acme.test"),
    await token("--agent", "sam@vendor.test"),
  ];
  const opened = { admin: "dana@acme.test" };
  await operator("POST", "/cases", {
    org: "acme", number: CASE, subject: "Invoices are missing", opened_by: opened, team: ["sam@vendor.test"],
  });
  await sam("POST", `/cases/${CASE}/access-request`, { justification: "To see the missing invoices" });
  await dana("PUT", `/cases/${CASE}/grant`);
  return sam;
}

test("the vendor's staff sign in by the vendor's provider", { timeout: 300_000 }, () =>
  withStaff(async (scene) => {
    await samOpensASession(scene);
    await patIsAnOperator(scene);
    await whoIsInNoGroup(scene);
  }));

async function samOpensASession({ server, browser, issuer }) {
  const context = await browser.newContext();
  const page = await context.newPage();
  await page.goto(`${server.console}/sign-in`);
  await assertAccessible(page, "the sign-in page with the vendor's own");
  await page.getByRole("link", { name: "Sign in with Vendor SSO" }).click();
  await signInThere(page, "sam");
  await page.waitForURL(`${server.console}/cases`);
  const program = await granted(server);

  // The provider has not said when Sam showed who they are: they are asked to, and come back.
  await page.goto(`${server.console}/cases/${CASE}`);
  await page.getByRole("button", { name: "Open read-only session" }).click();
  await page.getByRole("heading", { name: "Show once more that it is you" }).waitFor();
  await assertAccessible(page, "showing anew who one is");
  await page.getByRole("link", { name: `Continue to ${issuer}` }).click();
  await page.waitForURL(`${server.console}/cases/${CASE}`);
  await page.getByRole("button", { name: "Open read-only session" }).click();
  const gateway = new URL(server.gateway).host;
  await page.waitForURL((url) => url.host.endsWith(`.${gateway}`) && !url.pathname.startsWith("/.countersign/"));
  const session = page.url();

  // A program shows nobody who it is.
  await assert.rejects(program("POST", `/cases/${CASE}/sessions`), /403 .*fresh_sign_in_needed/s);

  // Sam signs out at the provider: out here, and out of the customer's tenant.
  const elsewhere = await context.newPage();
  await elsewhere.goto(`${issuer}/session/end`);
  await elsewhere.getByRole("button", { name: "Yes, sign me out" }).click();
  await elsewhere.getByText("Sign-out Success").waitFor();
  assert.equal((await elsewhere.goto(`${server.console}/cases`)).status(), 401);
  assert.equal((await page.goto(session)).status(), 401);
  await context.close();
}

async function patIsAnOperator({ server, browser, issuer }) {
  const context = await browser.newContext();
  const page = await context.newPage();
  await page.goto(`${server.console}/operator/cases`);
  await assertAccessible(page, "where operators sign in");
  await page.getByRole("link", { name: "Sign in with Vendor SSO" }).click();
  await signInThere(page, "pat");
  // The operators' cookie is sent nowhere from elsewhere: a page of ours goes on.
  await page.waitForURL(`${server.console}/operator/cases`);
  await page.getByText("pat@vendor.test").first().waitFor();
  await page.goto(`${server.console}/cases`);
  await page.getByRole("link", { name: "Sign in with Vendor SSO" }).waitFor();

  await page.goto(`${server.console}/operator`);
  await page.getByRole("button", { name: "Sign out" }).click();
  await page.getByRole("link", { name: `Sign out at ${issuer} as well` }).waitFor();
  assert.equal((await page.goto(`${server.console}/operator`)).status(), 401);
  await context.close();
}

async function whoIsInNoGroup({ server, browser }) {
  const context = await browser.newContext();
  const page = await context.newPage();
  await page.goto(`${server.console}/sign-in`);
  await page.getByRole("link", { name: "Sign in with Vendor SSO" }).click();
  await signInThere(page, "dana");
  await page.getByRole("heading", { name: "You are not one of the support staff here" }).waitFor();
  await assertAccessible(page, "somebody in no group");
  const cookies = (await context.cookies(server.console)).map((cookie) => cookie.name);
  assert.deepEqual(cookies.filter((name) => /^__Host-countersign(-operator)?$/.test(name)), []);
  await context.close();
}
