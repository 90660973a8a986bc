// The whole journey in two real browsers: ask, approve, look read-only, extend, untick, gone.
import assert from "node:assert/strict";
import { test } from "node:test";
import { assertAccessible } from "../lib/axe.mjs";
import { withBrowser } from "../lib/browser.mjs";
import { withDemo } from "../lib/demo.mjs";
import { signIn } from "../lib/people.mjs";

const CASE = "00012351";
const WHY = "The customer cannot find where users are renamed; I want to see the same page.";

for (const javaScriptEnabled of [true, false]) {
  test(`the journey ${javaScriptEnabled ? "with" : "without"} JavaScript`, { timeout: 180_000 }, () =>
    withDemo((demo) => withBrowser((browser) => journey(browser, demo, javaScriptEnabled))),
  );
}

async function journey(browser, demo, javaScriptEnabled) {
  const agent = await signIn(browser, demo, "sam@vendor.test", { javaScriptEnabled });
  const admin = await signIn(browser, demo, "dana@acme.test", { javaScriptEnabled });
  const before = await stats(demo);
  // axe-core is a script; where the page may run none, the other run has looked.
  const accessible = javaScriptEnabled ? assertAccessible : async () => {};

  await test("a sign-in link is good once", async () => {
    const context = await browser.newContext();
    const page = await context.newPage();
    const response = await page.goto(agent.person.link);
    assert.ok(response.status() >= 400, `used link answered ${response.status()}`);
    assert.match(await page.locator("main").innerText(), /link/i);
    assert.deepEqual(await context.cookies(), []);
    await context.close();
  });

  // Sam asks, and gets a link to pass on.
  await agent.page.goto(`${demo.console}/cases/${CASE}`);
  await accessible(agent.page, "the agent's case page");
  await agent.page.getByLabel("Why do you need to look inside?").fill(WHY);
  await agent.page.locator("details.ask form").getByRole("button").click();
  await agent.page.getByText("The customer has not ticked it yet").waitFor();
  const link = await agent.page.getByLabel("Link for the customer").inputValue();
  assert.equal(await agent.page.getByRole("button", { name: "Open read-only session" }).isDisabled(), true);

  // Dana follows it and finds the request; one tick grants it for eight hours.
  await admin.page.goto(link);
  const card = admin.page.locator(`#case-${CASE}`);
  assert.match(await card.innerText(), new RegExp(WHY.slice(0, 40)));
  const box = card.getByLabel("Grant impersonation");
  assert.equal(await box.isChecked(), false);
  await accessible(admin.page, "the settings page");
  await tick(card, true, javaScriptEnabled);
  await card.getByText("Expires", { exact: true }).waitFor();
  assert.equal(await box.isChecked(), true);
  assert.match(await card.innerText(), /7 h 59 min left|8 h left/);

  // Sam opens a session and reads.
  await agent.page.goto(`${demo.console}/cases/${CASE}`);
  await agent.page.getByRole("button", { name: "Open read-only session" }).click();
  await agent.page.getByRole("link", { name: "Invoices", exact: true }).first().waitFor();
  const origin = new URL(agent.page.url()).origin;
  assert.match(origin, /^http:\/\/[a-z2-7]{16}\.gw\.localhost:\d+$/);
  assert.equal(new URL(agent.page.url()).search, "", "no secret stays in the address bar");
  await agent.page.getByRole("link", { name: "Invoices", exact: true }).first().click();
  await agent.page.waitForURL(`${origin}/invoices`);
  const first = agent.page.locator("main table tbody a").first();
  await first.click();
  await agent.page.waitForURL(/\/invoices\/.+/);

  // What would change something is refused with a clear page, and reaches nothing.
  const invoice = agent.page.url();
  await agent.page.locator("main form[method=post] button").first().click();
  await agent.page.getByRole("heading", { level: 1 }).waitFor();
  assert.match(await agent.page.locator("body").innerText(), /would change something, and the access that the customer has granted does not cover it/);
  await accessible(agent.page, "the refusal of a write");
  const after = await stats(demo);
  assert.equal(after.writes, before.writes);
  assert.equal(after.unsafe_requests, before.unsafe_requests);
  assert.ok(after.requests > before.requests);

  // The browser holds nothing that the product itself would take.
  const held = (await agent.context.cookies()).filter(({ domain }) => domain.includes("gw.localhost"));
  const names = held.map(({ name }) => name);
  assert.ok(!names.includes("ledgerly_session"), "the product's HttpOnly cookie stays at the gateway");
  const ours = held.filter(({ name }) => name.startsWith("__Host-countersign"));
  assert.deepEqual(
    ours.map(({ name, httpOnly, secure, path }) => ({ name, httpOnly, secure, path })),
    [{ name: "__Host-countersign-session", httpOnly: true, secure: true, path: "/" }],
  );

  // Another browser cannot use the session's address.
  const stranger = await browser.newContext();
  const strangers = await (await stranger.newPage()).goto(invoice);
  assert.equal(strangers.status(), 401);
  await stranger.close();

  // Dana extends by a day; a second click straight away has nothing to add.
  await admin.page.goto(link);
  await card.getByRole("button", { name: "Extend access by 1 day" }).click();
  await card.getByText(/23 h 59 min left|24 h left|1 day/).first().waitFor();
  assert.equal(await card.getByRole("button", { name: "Extend access by 1 day" }).isDisabled(), true);
  await agent.page.goto(invoice);
  assert.equal(new URL(agent.page.url()).origin, origin);

  // Dana unticks: gone, at once, in the other browser.
  await tick(card, false, javaScriptEnabled);
  await admin.page.locator(".notice").getByText(/Access removed/).waitFor();
  await accessible(admin.page, "the settings page after unticking");
  const seen = (await stats(demo)).requests;
  const refused = await agent.page.goto(`${origin}/customers`);
  assert.equal(refused.status(), 401);
  assert.match(await agent.page.locator("body").innerText(), /ended|no longer|over/i);
  assert.equal((await stats(demo)).requests, seen, "nothing reached the product");
  await accessible(agent.page, "the refusal after the end");

  // A new grant does not revive the old session.
  await tick(card, true, javaScriptEnabled);
  await card.getByText("Expires", { exact: true }).waitFor();
  assert.equal((await agent.page.goto(`${origin}/customers`)).status(), 401);
  await agent.context.close();
  await admin.context.close();
}

// With script the box submits by itself; without, there is a button beside it.
async function tick(card, wanted, javaScriptEnabled) {
  const box = card.getByLabel("Grant impersonation");
  if (javaScriptEnabled) {
    await box.click();
    return;
  }
  if (wanted) await box.check();
  else await box.uncheck();
  await card.getByRole("button", { name: wanted ? "Grant access" : "Remove access" }).click();
}

async function stats(demo) {
  const response = await fetch(`${demo.product}/api/stats`);
  return response.json();
}
