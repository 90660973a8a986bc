// A customer takes its org over with a passkey; from then on what the vendor makes waits for the customer.
import assert from "node:assert/strict";
import { test } from "node:test";
import { assertAccessible } from "../lib/axe.mjs";
import { withBrowser } from "../lib/browser.mjs";
import { addAuthenticator } from "../lib/passkeys.mjs";
import { withToldDemo } from "../lib/demo.mjs";
import { withServer } from "../lib/server.mjs";

const DANA = "dana@acme.test";
const SAM = "sam@vendor.test";
const CASE = "4711";
const WHY = "The invoice page shows an error; I want to see the same page.";

test("claiming an org by passkey", { timeout: 180_000 }, () =>
  withServer((server) => withBrowser((browser) => claim(server, browser))),
);

test("a newcomer claims an org with nothing but what the demo prints", { timeout: 180_000 }, () =>
  withToldDemo((told) => withBrowser((browser) => newcomer(told, browser))),
);

async function newcomer(told, browser) {
  const { link } = /Dana Okafor .* (?<link>http:\/\/\S+)/.exec(told).groups;
  const steps = /As Dana: Settings > Account > "(?<add>.+)", sign out, "(?<enter>.+)"\. Acme is claimed/.exec(told).groups;
  const context = await browser.newContext();
  const page = await context.newPage();
  const device = await addAuthenticator(page);
  await page.goto(link);
  await page.getByText("Your organisation is not claimed yet.").waitFor();
  await page.getByLabel("Name of the device or password manager").fill("Laptop");
  await page.getByRole("button", { name: steps.add }).click();
  await page.locator(".notice").getByText("Passkey added").waitFor();
  await page.getByRole("button", { name: "Sign out" }).click();
  await page.getByRole("button", { name: steps.enter }).click();
  await page.getByText("You have claimed Acme").waitFor();
  assert.equal((await device.credentials())[0].rpId, "localhost");

  // The other steps of the tour, in their own words.
  const { box, number } = /Edit, tick "(?<box>.+)" for case (?<number>\d+)/.exec(told).groups;
  await page.getByRole("link", { name: "Edit" }).first().click();
  await page.locator(`#case-${number}`).getByLabel(box).check();
  await page.locator(`#case-${number}`).getByText("Expires", { exact: true }).waitFor();
  const { sam } = /Sam Rivera .* (?<sam>http:\/\/\S+)/.exec(told).groups;
  const { open } = /My cases > \d+ > "(?<open>.+)"/.exec(told).groups;
  const agent = await (await browser.newContext()).newPage();
  // Somebody types the address that they know the machine by; the link is good for the name it leads to.
  await agent.goto(sam.replace("//localhost:", "//127.0.0.1:"));
  assert.equal(new URL(agent.url()).origin, new URL(link).origin);
  await agent.getByRole("link", { name: "My cases" }).first().click();
  await agent.locator(`a[href="/cases/${number}"]`).first().click();
  await agent.getByRole("button", { name: open }).click();
  await agent.getByRole("link", { name: "Invoices", exact: true }).first().waitFor();
  assert.match(new URL(agent.url()).hostname, /\.gw\.localhost$/);
  await agent.context().close();
  await context.close();
}

async function claim(server, browser) {
  const { cli, api } = server;
  const dana = ["--org", "acme", "--admin", DANA];
  const link = async () => (await cli("login-link", ...dana)).url;
  await cli("org", "create", "--slug", "acme", "--name", "Acme Inc");
  await cli("admin", "create", "--org", "acme", "--email", DANA, "--name", "Dana Okafor", "--role", "super_admin");
  await cli("agent", "create", "--email", SAM, "--name", "Sam Rivera");
  await cli("upstream", "set", "--org", "acme", "--origin", "http://127.0.0.1:9");
  const operator = api((await cli("token", "create", "--operator")).token);
  const sam = api((await cli("token", "create", "--agent", SAM)).token);
  await operator("POST", "/cases", {
    ...{ org: "acme", number: CASE, subject: "Invoices do not load", opened_by: { admin: DANA }, team: [SAM] },
  });
  await sam("POST", `/cases/${CASE}/access-request`, { justification: WHY });

  // Before the claim the vendor's token approves: somebody has to make the first account.
  const early = await cli("token", "create", ...dana);
  assert.equal(early.awaits_acceptance, false);
  await api(early.token)("PUT", `/cases/${CASE}/grant`);
  await api(early.token)("DELETE", `/cases/${CASE}/grant`);

  const own = await browser.newContext();
  const page = await own.newPage();
  const device = await addAuthenticator(page);
  await page.goto(await link());
  await page.getByText("Your organisation is not claimed yet.").waitFor();
  await page.getByLabel("Name of the device or password manager").fill("Work laptop");
  await page.getByRole("button", { name: "Add a passkey" }).click();
  await page.locator(".notice").getByText("Passkey added").waitFor();
  assert.equal((await device.credentials()).length, 1);
  await assertAccessible(page, "the settings page with a passkey");

  await page.getByRole("button", { name: "Sign out" }).click();
  await page.getByRole("heading", { name: "You are signed out" }).waitFor();
  await assertAccessible(page, "the sign-in page");
  await page.getByRole("button", { name: "Sign in with a passkey" }).click();
  await page.getByText("You have claimed Acme Inc.").waitFor();

  // Whatever the vendor made before, or makes now, approves nothing.
  const late = await cli("token", "create", ...dana);
  assert.equal(late.awaits_acceptance, true);
  for (const { token } of [early, late]) {
    await assert.rejects(api(token)("PUT", `/cases/${CASE}/grant`), /403.*credential_not_accepted/);
  }
  // The command line says what a role was, is, and may become.
  const ben = ["--org", "acme", "--email", "ben@acme.test"];
  await cli("admin", "create", ...ben, "--name", "Ben Sato", "--role", "admin");
  assert.deepEqual(await cli("admin", "set-role", ...ben, "--role", "super_admin"), {
    ...{ email: "ben@acme.test", was: "admin", role: "admin", proposed_role: "super_admin" },
    awaits_acceptance: true,
  });
  const { items } = await cli("admin", "list", "--org", "acme");
  assert.deepEqual(
    items.map((one) => [one.email, one.awaits_acceptance]).sort(),
    [["ben@acme.test", true], [DANA, false]],
  );
  await cli("admin", "deactivate", ...ben);

  const vendor = await browser.newContext();
  const other = await vendor.newPage();
  await other.goto(await link());
  await other.getByText("You are signed in by something your vendor made.").waitFor();
  await other.goto(`${server.console}/settings/account?edit=support`);
  const box = other.locator(`#case-${CASE}`).getByLabel("Grant impersonation");
  assert.equal(await box.isDisabled(), true);
  await assertAccessible(other, "the settings page of a sign-in that waits");
  const refusal = await forced(other, `/settings/account/cases/${CASE}/grant`);
  assert.match(refusal, /Sign in with your passkey/);

  // Dana sees both, who made them and that somebody came by the link.
  await page.reload();
  const waiting = page.locator("#waiting");
  const row = waiting.getByRole("listitem").filter({ hasText: "One-time sign-in link" });
  assert.match(await row.innerText(), /Made .* somebody is signed in by it now/s);
  assert.equal(await waiting.getByRole("listitem").filter({ hasText: "API token" }).count(), 2);
  await assertAccessible(page, "the settings page with something that waits");
  await row.getByRole("button", { name: "Accept" }).click();
  await page.locator(".notice").getByText("Accepted.").waitFor();

  // Accepted, it can.
  await other.reload();
  await box.check();
  await other.locator(`#case-${CASE}`).getByText("Expires", { exact: true }).waitFor();
  assert.equal((await operator("GET", `/cases/${CASE}`)).impersonation.status, "ENABLED");

  // Refused, it is over.
  const token = page.locator("#waiting li").filter({ hasText: "API token" }).first();
  await token.getByText("Refuse…").click();
  await token.getByRole("button", { name: "Refuse" }).click();
  await page.locator(".notice").getByText("Refused.").waitFor();
  await assert.rejects(api(late.token)("GET", "/me"), /401/);

  // A device that does not recognise anybody signs nobody in.
  await page.getByRole("button", { name: "Sign out" }).click();
  await device.recognises(false);
  await page.getByRole("button", { name: "Sign in with a passkey" }).click();
  await page.locator(".passkey-says").getByText("Nothing happened").waitFor();
  await device.recognises(true);
  await page.getByRole("button", { name: "Sign in with a passkey" }).click();
  await page.getByRole("heading", { name: "Account", exact: true }).waitFor();
  await own.close();
  await vendor.close();
}

// The form that the page shows and does not let through, sent all the same.
async function forced(page, action) {
  await page.evaluate((to) => {
    const form = document.querySelector(`form[action='${to}']`);
    const box = form.elements.grant;
    Object.assign(box, { disabled: false, checked: true });
    form.append(Object.assign(document.createElement("input"), { name: "act", value: "grant" }));
    form.submit();
  }, action);
  await page.getByRole("heading", { name: "Your sign-in has not been accepted" }).waitFor();
  return page.locator("main").innerText();
}
