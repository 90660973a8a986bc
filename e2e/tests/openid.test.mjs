// People sign in by a provider of their own organisation that nobody here wrote, in a real browser.
import assert from "node:assert/strict";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { test } from "node:test";
import { assertAccessible } from "../lib/axe.mjs";
import { withBrowser } from "../lib/browser.mjs";
import { withServer } from "../lib/server.mjs";
import { signInThere, withProvider } from "../openid/provider.mjs";

const CLIENT = "countersign";
const SECRET = "a secret with + and / and 100 %";

// Acme with Dana and Ben, and a provider that an operator has added.
async function withAcme(fn) {
  const files = await mkdtemp(path.join(tmpdir(), "countersign-e2e-"));
  const file = path.join(files, "secret");
  await writeFile(file, SECRET);
  try {
    await withServer(async (server) => {
      const { cli } = server;
      await cli("org", "create", "--slug", "acme", "--name", "Acme Inc");
      for (const [name, role] of [["dana", "super_admin"], ["ben", "admin"], ["unverified", "admin"]]) {
        const who = ["--email", `${name}@acme.test`, "--name", name];
        await cli("admin", "create", "--org", "acme", ...who, "--role", role);
      }
      const redirect = `${server.console}/sign-in/openid/acme`;
      const client = { client: CLIENT, secret: SECRET, console: server.console, redirect };
      const add = (issuer) =>
        cli("provider", "add", "--org", "acme", "--issuer", issuer, "--client-id", CLIENT,
          "--client-secret-file", file, "--domain", "acme.test");
      await withBrowser((browser) => fn({ server, browser, client, add }));
    });
  } finally {
    await rm(files, { recursive: true, force: true });
  }
}

async function ask(page, who) {
  await page.getByLabel("E-mail address, or short name of your organisation").fill(who);
  await page.getByRole("button", { name: "Continue with your organisation’s sign-in" }).click();
}

async function goThere(page, issuer) {
  await page.getByRole("link", { name: `Continue to ${issuer}` }).click();
}

test("a customer's people sign in by their own provider", { timeout: 300_000 }, () =>
  withAcme(async ({ server, browser, client, add }) => {
    await withProvider(client, async (issuer) => {
      assert.equal((await add(issuer)).awaits_acceptance, false);
      await danaClaims(browser, server, issuer);
      await whoMayNot(browser, server, issuer);
      await theVendorsWaits(browser, server, issuer, add);
    });
  }));

async function danaClaims(browser, server, issuer) {
  const context = await browser.newContext();
  const page = await context.newPage();
  await page.goto(`${server.console}/sign-in`);
  await ask(page, "somebody@elsewhere.test");
  await page.getByText("No organisation here has its own sign-in for that.").waitFor();
  await assertAccessible(page, "the sign-in page with an address that finds nothing");
  await ask(page, "dana@acme.test");
  await page.getByRole("heading", { name: "Sign in for Acme Inc" }).waitFor();
  await assertAccessible(page, "the way to the provider");
  await goThere(page, issuer);
  await signInThere(page, "dana");
  await page.getByText("You have claimed Acme Inc.").waitFor();
  const cookies = (await context.cookies()).map((cookie) => cookie.name);
  assert.ok(cookies.includes("__Host-countersign") && !cookies.includes("__Host-countersign-openid"), cookies.join());
  await page.getByRole("link", { name: "Single sign-on" }).click();
  await page.getByText("1 person has signed in by it").waitFor();
  await assertAccessible(page, "the settings of the providers");

  // On another machine, too.
  const elsewhere = await (await browser.newContext()).newPage();
  await elsewhere.goto(`${server.console}/sign-in/openid/acme`);
  await goThere(elsewhere, issuer);
  await signInThere(elsewhere, "dana");
  await elsewhere.waitForURL((url) => !url.pathname.startsWith("/sign-in") && url.origin === server.console);

  await page.getByRole("button", { name: "Sign out" }).click();
  await page.getByRole("heading", { name: "You are signed out" }).waitFor();
  await page.getByRole("link", { name: `Sign out at ${issuer} as well` }).click();
  await page.getByRole("button", { name: "Yes, sign me out" }).click();
  await page.waitForURL(`${server.console}/sign-in`);
  // The provider has said so: nobody is Dana any more, on any machine.
  const gone = await elsewhere.goto(`${server.console}/settings/account`);
  assert.equal(gone.status(), 401);
  await elsewhere.context().close();

  // The page that was asked for is come back to; the provider asks again.
  await page.goto(`${server.console}/settings/rules`);
  await ask(page, "acme");
  await goThere(page, issuer);
  await signInThere(page, "dana");
  await page.waitForURL(`${server.console}/settings/rules`);
  await context.close();
}

async function whoMayNot(browser, server, issuer) {
  for (const [name, title] of [
    ["nobody", "Your organisation’s sign-in knows you, and nobody here does"],
    ["unverified", "Your provider vouches for no address"],
  ]) {
    const context = await browser.newContext();
    const page = await context.newPage();
    await page.goto(`${server.console}/sign-in/openid/acme`);
    await goThere(page, issuer);
    await signInThere(page, name);
    await page.getByRole("heading", { name: title }).waitFor();
    await assertAccessible(page, title);
    await context.close();
  }
  // What one browser was sent back with signs nobody in elsewhere, nor twice.
  const [theirs, other] = [await browser.newContext(), await browser.newContext()];
  const page = await theirs.newPage();
  let came;
  page.on("request", (request) => {
    if (request.url().startsWith(`${server.console}/sign-in/openid/acme?`)) came = request.url();
  });
  await page.goto(`${server.console}/sign-in/openid/acme`);
  await goThere(page, issuer);
  await signInThere(page, "ben");
  await page.waitForURL((url) => !url.pathname.startsWith("/sign-in"));
  assert.match(came, /[?&]iss=/);
  const thief = await other.newPage();
  for (const replayed of [page, thief]) {
    const answer = await replayed.goto(came);
    assert.equal(answer.status(), 409);
    await replayed.getByRole("heading", { name: "This sign-in is no longer open" }).waitFor();
  }
  await thief.goto(`${server.console}/settings/account`);
  await thief.getByRole("button", { name: "Continue with your organisation’s sign-in" }).waitFor();
  await theirs.close();
  await other.close();
}

// In an org that its customer has claimed, what the vendor adds counts for nothing until the customer says so.
async function theVendorsWaits(browser, server, issuer, add) {
  const url = "https://login.vendor.test";
  assert.equal((await add(url)).awaits_acceptance, true);
  const page = await (await browser.newContext()).newPage();
  await page.goto(`${server.console}/sign-in/openid/acme`);
  // The vendor's does not answer, and keeps nobody from the customer's own.
  await page.getByText(`${url} does not answer right now.`).waitFor();
  await goThere(page, issuer);
  await signInThere(page, "dana");
  await page.goto(`${server.console}/settings/account`);
  const row = page.locator(".awaiting .row", { hasText: url });
  await row.getByText("Refuse…").click();
  await row.getByRole("button", { name: "Refuse", exact: true }).click();
  await page.locator(".notice").getByText("Refused.").waitFor();
  const { items } = await server.cli("provider", "list", "--org", "acme");
  assert.deepEqual(items.map((one) => one.issuer), [issuer]);
  await assert.rejects(
    server.cli("provider", "remove", "--org", "acme", "--id", items[0].id),
    (error) => JSON.parse(error.stdout).error.code === "issuer_is_the_customers",
  );
  await page.context().close();
}

test("a provider that does not answer keeps nobody from the other ways", { timeout: 120_000 }, () =>
  withAcme(async ({ server, browser, add }) => {
    // Nothing listens there.
    const issuer = "http://127.0.0.1:9";
    await add(issuer);
    const page = await (await browser.newContext()).newPage();
    const answer = await page.goto(`${server.console}/sign-in/openid/acme`);
    assert.equal(answer.status(), 502);
    await page.getByText(`${issuer} does not answer right now.`).waitFor();
    await assertAccessible(page, "a provider that does not answer");
    await page.getByRole("link", { name: "Sign in another way" }).click();
    await page.getByRole("button", { name: "Sign in with a passkey" }).waitFor();
  }));
