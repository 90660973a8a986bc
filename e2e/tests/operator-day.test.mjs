// An operator's day: sign in, add an organisation, its people and its product, see whether that answers, and hand out
// the links that others sign in with. Every page in every look has nothing for axe-core to find.
import assert from "node:assert/strict";
import { createServer } from "node:http";
import { once } from "node:events";
import { mkdirSync } from "node:fs";
import path from "node:path";
import { test } from "node:test";
import { assertAccessible } from "../lib/axe.mjs";
import { artifacts, withBrowser } from "../lib/browser.mjs";
import { withServer } from "../lib/server.mjs";

const LOOKS = [
  { name: "desktop-light", width: 1280, colorScheme: "light", language: "en" },
  { name: "desktop-dark", width: 1280, colorScheme: "dark", language: "fr" },
  { name: "phone-light", width: 390, colorScheme: "light", language: "en" },
  { name: "phone-german", width: 320, colorScheme: "dark", language: "de" },
];

for (const javaScriptEnabled of [true, false]) {
  test(`an operator's day ${javaScriptEnabled ? "with" : "without"} JavaScript`, { timeout: 240_000 }, () =>
    withServer((server) =>
      withBrowser((browser) => withProduct((product) => day(browser, server, product, javaScriptEnabled))),
    ),
  );
}

// A product that notes what it is asked.
async function withProduct(fn) {
  const asked = [];
  const product = createServer((request, response) => {
    asked.push(`${request.method} ${request.url}`);
    response.writeHead(302, { location: "/login" }).end("a page");
  });
  product.listen(0, "127.0.0.1");
  await once(product, "listening");
  const stop = () => new Promise((resolve) => product.close(resolve) && product.closeAllConnections());
  try {
    return await fn({ origin: `http://127.0.0.1:${product.address().port}`, asked, stop });
  } finally {
    await stop();
  }
}

async function day(browser, server, product, javaScriptEnabled) {
  const { token } = await server.cli("token", "create", "--operator");
  const context = await browser.newContext({ javaScriptEnabled, viewport: { width: 1280, height: 900 } });
  context.setDefaultTimeout(15_000);
  const page = await context.newPage();
  const notice = page.locator(".notice");
  // axe-core is a script; where the page may run none, the other run has looked.
  const look = javaScriptEnabled ? (name, where) => inEveryLook(page, server, name, where) : async () => {};

  const first = await page.goto(`${server.console}/operator`);
  assert.equal(first.status(), 401);
  await look("operator-sign-in", "/operator/sign-in");
  await page.goto(`${server.console}/operator/sign-in`);
  await page.getByLabel("API token of an operator").fill("nonsense");
  await page.getByRole("main").getByRole("button", { name: "Sign in" }).click();
  await page.getByText("That is no good API token of an operator.").waitFor();
  await page.getByLabel("API token of an operator").fill(token);
  await page.keyboard.press("Enter");
  await page.getByText("There is no organisation yet.").waitFor();
  const cookies = await context.cookies();
  assert.ok(cookies.every(({ value }) => value !== token), "the token itself stays out of the browser");
  await look("operator-orgs-none", "/operator");

  await page.getByLabel("Name", { exact: true }).fill("Acme Inc");
  await page.getByLabel("Short name").fill("acme");
  await page.getByRole("button", { name: "Add organisation" }).click();
  await notice.getByText("The organisation is there.").waitFor();
  await look("operator-org-made", "/operator/orgs/acme");

  // A person, and the link that signs them in.
  const people = page.locator("#people");
  await people.getByLabel("Name", { exact: true }).fill("Dana Okafor");
  await people.getByLabel("E-mail").fill("dana@acme.test");
  await people.getByLabel(/^Super admin/).check();
  await people.getByRole("button", { name: "Add admin" }).click();
  await notice.getByText("The person is there.").waitFor();
  await page.getByRole("button", { name: "Sign-in link of dana@acme.test" }).click();
  const link = await page.getByLabel("Link that signs in once").inputValue();
  const dana = await browser.newContext();
  const settings = await dana.newPage();
  await settings.goto(link);
  await settings.getByRole("heading", { name: "Account" }).waitFor();
  await dana.close();

  // The product, which answers, and then does not.
  await page.goto(`${server.console}/operator/orgs/acme`);
  assert.equal(await page.getByRole("button", { name: "Check that it answers" }).count(), 0);
  await page.getByLabel("Address").fill(product.origin);
  await page.getByRole("button", { name: "Save the product" }).click();
  await notice.getByText("The product is saved.").waitFor();
  assert.deepEqual(product.asked, [], "saving asks nothing of the product");
  const check = page.getByRole("button", { name: "Check that it answers" });
  await check.click();
  await page.locator("#checked").getByText("The product answered with status 302.").waitFor();
  assert.deepEqual(product.asked, ["HEAD /"]);
  if (javaScriptEnabled) await assertAccessible(page, "a check that was answered");
  await product.stop();
  await check.click();
  await page.locator("#checked").getByText("Nothing listens at this address.").waitFor();
  if (javaScriptEnabled) await assertAccessible(page, "a check that was not answered");
  await look("operator-org", "/operator/orgs/acme");
  await look("operator-orgs", "/operator");

  // Which requests read: asked, said, and asked again. A page that stayed open changes nothing.
  const routes = "/operator/orgs/acme/routes";
  await page.goto(`${server.console}/operator/orgs/acme`);
  await page.getByRole("link", { name: "See and change the rules" }).click();
  const left = await context.newPage();
  await left.goto(server.console + routes);
  await wonder(page, "POST", "/api/search");
  await page.locator("#explained").getByText("POST /api/search is refused with status 403.").waitFor();
  await page.getByLabel("Methods 1").fill("P@ST");
  await page.getByLabel("Path 1").fill("/api/search");
  await page.getByRole("button", { name: "Save mode and rules" }).click();
  await page.getByText("Write methods such as GET or POST: letters, digits and hyphens.").waitFor();
  assert.equal(await page.getByLabel("Path 1").inputValue(), "/api/search", "what was typed is kept");
  await page.getByLabel("Methods 1").fill("post");
  await page.getByRole("button", { name: "Save mode and rules" }).click();
  await notice.getByText("Mode and rules are saved.").waitFor();
  await wonder(page, "POST", "/api/search");
  await page.locator("#explained").getByText("Rule 1 says that it is a read: POST /api/search.").waitFor();
  await look("operator-routes", `${routes}?method=POST&path=/api/search`);
  await left.getByLabel("Only what is declared").check();
  await left.getByRole("button", { name: "Save mode and rules" }).click();
  await left.getByText("someone has changed mode or rules since you opened this page").waitFor();
  await left.getByText("/api/search").first().waitFor();
  assert.ok(await left.getByLabel("Only what is declared").isChecked(), "what was chosen is kept");
  await left.close();
  await page.goto(server.console + routes);
  await page.getByLabel("Remove rule 1").check();
  await page.getByRole("button", { name: "Save mode and rules" }).click();
  await page.getByText("There is no rule yet.").waitFor();

  await page.goto(`${server.console}/operator`);
  await page.getByRole("navigation").getByRole("link", { name: "Agents" }).click();
  await page.getByLabel("Name", { exact: true }).fill("Sam Rivera");
  await page.getByLabel("E-mail").fill("sam@vendor.test");
  await page.getByRole("button", { name: "Add agent" }).click();
  await notice.getByText("The person is there.").waitFor();
  await page.getByRole("button", { name: "Deactivate of sam@vendor.test" }).click();
  await page.getByText("Inactive").waitFor();
  await look("operator-agents", "/operator/agents");

  const tracker = server.api(token);
  const opened_by = { admin: "dana@acme.test" };
  await tracker("POST", "/cases", { org: "acme", number: "4711", subject: "Totals differ", opened_by, team: [] });
  await page.goto(`${server.console}/operator/cases`);
  await page.getByText("Totals differ").waitFor();
  await look("operator-cases", "/operator/cases");
  await page.goto(`${server.console}/operator/health`);
  await page.getByText("Ready", { exact: true }).waitFor();
  await look("operator-health", "/operator/health");

  await page.getByRole("button", { name: "Sign out" }).click();
  await page.getByRole("heading", { name: "Operator sign-in" }).waitFor();
  assert.equal((await page.goto(`${server.console}/operator`)).status(), 401);
  await context.close();
}

async function wonder(page, method, target) {
  const explain = page.locator("#explain");
  await explain.getByLabel("Method").fill(method);
  await explain.getByLabel("Path, with its query").fill(target);
  await explain.getByRole("button", { name: "Explain" }).click();
}

async function inEveryLook(page, server, name, where) {
  mkdirSync(artifacts, { recursive: true });
  const back = page.url();
  const speak = (value) => page.context().addCookies([{ name: "countersign-language", value, url: server.console }]);
  for (const { name: how, width, colorScheme, language } of LOOKS) {
    await page.setViewportSize({ width, height: 844 });
    await page.emulateMedia({ colorScheme, reducedMotion: "reduce" });
    await speak(language);
    await page.goto(server.console + where);
    const shown = `${name} (${how})`;
    assert.equal(await page.evaluate(() => document.documentElement.lang), language, shown);
    await page.screenshot({ path: path.join(artifacts, `${name}-${how}.png`), fullPage: true });
    await assertAccessible(page, shown);
    const overflow = await page.evaluate(
      () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
    );
    assert.ok(overflow <= 0, `${shown} is ${overflow} px wider than the window`);
  }
  await page.setViewportSize({ width: 1280, height: 900 });
  await page.emulateMedia({ colorScheme: "light" });
  await speak("en");
  await page.goto(back);
}
