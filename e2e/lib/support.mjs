// A customer and a support agent around a real product: a case, a request, a tick, and a session in a browser.
import assert from "node:assert/strict";
import { mkdirSync } from "node:fs";
import path from "node:path";
import { artifacts } from "./browser.mjs";
import { eventually } from "./process.mjs";

// How long a page may take to show what a test waits for.
const PATIENCE_MS = 15_000;

// How long a page has to ask for nothing before it is taken to be done.
const QUIET_MS = 300;

export const CASE = "4711";
export const ADMIN = "dana@acme.test";
export const AGENT = "sam@vendor.test";

// Makes the org, its super admin and the agent, says where the product is, opens a case and asks for access.
// `upstream` are the arguments of `countersign upstream set` besides the org.
export async function requestAccess(server, upstream) {
  await server.cli("org", "create", "--slug", "acme", "--name", "Acme Inc");
  const admin = ["--org", "acme", "--admin", ADMIN];
  await server.cli("admin", "create", "--org", "acme", "--email", ADMIN, "--name", "Dana", "--role", "super_admin");
  await server.cli("agent", "create", "--email", AGENT, "--name", "Sam");
  await server.cli("upstream", "set", "--org", "acme", ...upstream);
  const token = async (...whose) => server.api((await server.cli("token", "create", ...whose)).token);
  const tracker = await token("--operator");
  const asAgent = await token("--agent", AGENT);
  const asAdmin = await token(...admin);
  await tracker("POST", "/cases", {
    org: "acme",
    number: CASE,
    subject: "Some invoices do not add up",
    opened_by: { admin: ADMIN },
    team: [AGENT],
  });
  await asAgent("POST", `/cases/${CASE}/access-request`, {
    justification: "I want to look at the same records as the customer.",
  });
  return {
    signIn: {
      admin: async () => (await server.cli("login-link", ...admin)).url,
      agent: async () => (await server.cli("login-link", "--agent", AGENT)).url,
    },
    // The customer's log, oldest first.
    entries: () => everything((after) => asAdmin("GET", `/orgs/acme/entries?limit=1000${after}`)),
  };
}

async function everything(page) {
  const items = [];
  for (let after = ""; ; ) {
    const { items: more, next } = await page(after);
    items.push(...more);
    if (next === null) return items;
    after = `&after=${encodeURIComponent(next)}`;
  }
}

// The admin in a browser profile of their own, on the settings page with the case's card.
export async function openSettings(browser, server, link) {
  const context = await browser.newContext();
  context.setDefaultTimeout(PATIENCE_MS);
  const page = await context.newPage();
  await page.goto(link);
  await page.goto(`${server.console}/settings/account?edit=support#case-${CASE}`);
  const card = page.locator(`#case-${CASE}`);
  return {
    page,
    async tick() {
      await card.getByLabel("Grant impersonation").click();
      await card.getByText("Expires", { exact: true }).waitFor();
    },
    async untick() {
      await card.getByLabel("Grant impersonation").click();
      await page.locator(".notice").getByText(/Access removed/).waitFor();
    },
  };
}

// The agent in a browser profile of their own, signed in. It notes all that the profile ever gets to hold.
export async function openAgent(browser, server, link, options = {}) {
  const context = await browser.newContext({ viewport: { width: 1280, height: 900 }, ...options });
  context.setDefaultTimeout(PATIENCE_MS);
  const page = await context.newPage();
  const seen = { headers: [], failed: [], storage: [] };
  // The product's requests that are under way, and since when there are none.
  const pending = new Set();
  let quiet = Date.now();
  const over = (request) => {
    pending.delete(request);
    if (pending.size === 0) quiet = Date.now();
  };
  context.on("request", (request) => {
    if (isOurs(request.url()) || request.resourceType() === "eventsource") return;
    pending.add(request);
  });
  context.on("requestfinished", over);
  context.on("response", async (response) => {
    const where = new URL(response.url());
    if (response.status() >= 400 && !isOurs(where)) seen.failed.push(`${response.status()} ${where.pathname}`);
    seen.headers.push(...(await response.headersArray().catch(() => [])));
  });
  context.on("requestfailed", (request) => {
    over(request);
    // What a page of the console was waiting for ends when the page is left.
    if (isOurs(request.url()) || new URL(request.url()).origin === new URL(server.console).origin) return;
    seen.failed.push(`${request.failure()?.errorText} ${new URL(request.url()).pathname}`);
  });
  const idle = async () => {
    await page.waitForLoadState("load");
    await eventually(() => {
      const underWay = [...pending].map((request) => request.url());
      if (underWay.length > 0) throw new Error(`still under way: ${underWay.join(", ")}`);
      if (Date.now() - quiet < QUIET_MS) throw new Error("only just quiet");
    }, PATIENCE_MS);
  };
  await page.goto(link);
  return {
    context,
    page,
    seen,
    // What failed to load since this was last asked.
    failed: () => seen.failed.splice(0),
    // Waits until the page has loaded and asks for nothing more. What the gateway puts on the page for itself, and
    // streams that stay open, do not count.
    idle,
    // Opens the session on the case's page, and answers with its origin.
    async openSession() {
      await page.goto(`${server.console}/cases/${CASE}`);
      await page.getByRole("button", { name: "Open read-only session" }).click();
      await page.waitForURL((url) => url.hostname.endsWith(".gw.localhost") && !url.search.includes("code="));
      await idle();
      return new URL(page.url()).origin;
    },
    // Cookies and storage of this moment, besides those noted before.
    async note() {
      seen.storage.push(await context.storageState({ indexedDB: true }));
    },
  };
}

// Paths that the gateway keeps for itself.
function isOurs(url) {
  return new URL(url).pathname.startsWith("/.countersign/");
}

// The page that says that support may look and not change.
export async function assertRefusedWrite(page, what) {
  const said = await page.locator("body").innerText();
  assert.match(said, /Support can look, not change/);
  assert.ok(said.includes(what), `the refusal names ${what}: ${said}`);
}

// The page that says that access is gone, in answer to the next click.
export async function assertOver(page, response) {
  assert.equal(response.status(), 401);
  assert.match(await page.locator("body").innerText(), /The customer has taken access back/);
}

export async function screenshot(page, name) {
  mkdirSync(artifacts, { recursive: true });
  await page.screenshot({ path: path.join(artifacts, `${name}.png`) });
}
