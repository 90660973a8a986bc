// The Django admin, as PyPI has it, behind the gateway: support browses, nothing changes, and nothing stays in hand.
import assert from "node:assert/strict";
import { test } from "node:test";
import { withBrowser } from "../lib/browser.mjs";
import { eventually } from "../lib/process.mjs";
import { attempts, get } from "../lib/replay.mjs";
import { withServer } from "../lib/server.mjs";
import {
  assertOver,
  assertRefusedWrite,
  openAgent,
  openSettings,
  requestAccess,
  screenshot,
} from "../lib/support.mjs";
import { withDjango } from "../products/django/start.mjs";

const CUSTOMERS = "/admin/billing/customer/";
const INVOICES = "/admin/billing/invoice/";

test("the Django admin", { timeout: 180_000 }, () =>
  withDjango((django) =>
    withServer((server) => withBrowser((browser) => journey(django, server, browser))),
  ),
);

async function journey(django, server, browser) {
  const upstream = ["--origin", django.origin, "--user-header", "X-Remote-User"];
  const support = await requestAccess(server, upstream);
  const before = await django.dump();
  const admin = await openSettings(browser, server, await support.signIn.admin());
  const agent = await openAgent(browser, server, await support.signIn.agent());
  const { page } = agent;
  await admin.tick();

  const origin = await agent.openSession();
  const at = (where) => page.waitForURL(`${origin}${where}`).then(() => agent.idle());
  const rows = () => page.locator("#result_list tbody tr").count();

  // The product has no page at `/`; its admin is one click further for a person who knows the product.
  assert.deepEqual(agent.failed(), ["404 /"]);
  await page.goto(`${origin}/admin/`);
  assert.match(await page.locator("#user-tools").innerText(), /Welcome, Dana/i);

  // Lists: pages, order, search, filters, dates.
  await page.getByRole("link", { name: "Customers", exact: true }).first().click();
  await at(CUSTOMERS);
  assert.equal(await rows(), 20);
  await screenshot(page, "django-list");
  await page.getByRole("link", { name: "2", exact: true }).click();
  await at(`${CUSTOMERS}?p=2`);
  assert.equal(await rows(), 20);
  await page.locator("th.column-since a").first().click();
  await page.waitForURL(/[?&]o=4/);
  assert.match(await page.locator("#result_list tbody tr").first().innerText(), /Alder Bakery/);
  await page.locator("#searchbar").fill("R&D");
  await page.getByRole("button", { name: "Search" }).click();
  await page.waitForURL(/[?&]q=R%26D/);
  assert.equal(await rows(), 10);
  await page.locator("#changelist-filter").getByRole("link", { name: "Yes", exact: true }).click();
  await page.waitForURL(/active__exact=1/);
  assert.equal(await rows(), 8);

  // A form, reached from the filtered list: the product wraps that list's own query into the address.
  await page.locator("#result_list tbody th a").first().click();
  await page.waitForURL(/\/change\/\?_changelist_filters=.*%2526/);
  await agent.idle();
  const customer = await page.locator("#id_name").inputValue();
  assert.match(customer, /R&D$/);
  await assertStyled(page);
  await screenshot(page, "django-form");
  assert.deepEqual(agent.failed(), []);

  // Save is refused, and so is whatever else this form and the list can do.
  await page.locator("#id_name").fill("Changed by support");
  const form = new URL(page.url()).pathname;
  await page.getByRole("button", { name: "Save", exact: true }).click();
  await assertRefusedWrite(page, `POST ${form}`);
  await screenshot(page, "django-save-refused");
  const removal = form.replace("/change/", "/delete/");
  await page.goto(`${origin}${removal}`);
  await page.getByRole("button", { name: /Yes, I.m sure/ }).click();
  await assertRefusedWrite(page, `POST ${removal}`);
  await page.goto(`${origin}${CUSTOMERS}`);
  await page.locator("#result_list tbody input[type=checkbox]").first().check();
  await page.locator("select[name=action]").selectOption("delete_selected");
  await page.getByRole("button", { name: "Go", exact: true }).click();
  await assertRefusedWrite(page, `POST ${CUSTOMERS}`);
  await page.goto(`${origin}/admin/`);
  await page.getByRole("button", { name: "Log out" }).click();
  await assertRefusedWrite(page, "POST /admin/logout/");
  assert.deepEqual(
    agent.failed(),
    [form, removal, CUSTOMERS, "/admin/logout/"].map((path) => `403 ${path}`),
  );

  // Invoices: a drill-down by date, a form with lines, and a field that looks its choices up as one types.
  await page.goto(`${origin}${INVOICES}`);
  assert.equal(await rows(), 25);
  await page.locator(".toplinks").getByRole("link", { name: /March/ }).click();
  await page.waitForURL(/issued__month=3/);
  await page.goto(`${origin}${INVOICES}?status__exact=open`);
  await page.getByRole("link", { name: "INV-0002" }).click();
  await page.waitForURL(/\/change\//);
  await agent.idle();
  assert.equal(await page.locator("#line_set-group tr.has_original").count(), 2);
  await page.locator(".field-customer .select2-selection").click();
  const choice = (name) => page.locator(".select2-results__option", { hasText: name });
  // Typing on would break off the first lookup.
  await choice("Alder Bakery").waitFor();
  await page.locator(".select2-search__field").fill("Rowan");
  await choice("Rowan Studio").waitFor();
  await screenshot(page, "django-autocomplete");
  await page.keyboard.press("Escape");
  await page.getByRole("link", { name: "History" }).click();
  await page.waitForURL(/\/history\//);
  await page.goBack();
  // The product answers with its own absolute address; the browser stays in the session.
  await page.getByRole("link", { name: "View on site" }).click();
  await page.waitForURL(`${origin}/admin/billing/customer/2/change/`);
  await agent.idle();
  assert.equal(await page.locator("#id_name").inputValue(), "Alder Books");
  assert.deepEqual(agent.failed(), []);
  await agent.note();

  // The admin unticks in the other browser: what is open is covered, and the very next request is refused.
  await admin.untick();
  const reached = (await settled(django, support)).length;
  await assertOver(page, await page.goto(`${origin}${INVOICES}`));
  await screenshot(page, "django-over");
  assert.deepEqual(agent.failed(), [`401 ${INVOICES}`]);
  await agent.note();

  await onlySigningInChanged(before, await django.dump());
  const log = await everythingWasOnTheLogFirst(django, support);
  assert.equal(log.length, reached, "nothing reached the product after the end");
  await nothingHeldWorks(django, agent, browser);
}

// The stylesheets and scripts of the page have arrived and apply.
async function assertStyled(page) {
  const { header, sheets, jquery } = await page.evaluate(() => ({
    header: getComputedStyle(document.querySelector("#header")).backgroundColor,
    sheets: [...document.styleSheets].filter(({ cssRules }) => cssRules.length > 0).length,
    jquery: typeof globalThis.django?.jQuery,
  }));
  assert.equal(header, "rgb(65, 118, 144)");
  assert.ok(sheets >= 4, `${sheets} stylesheets`);
  assert.equal(jquery, "function");
}

// Django notes that somebody signed in: one row of a session, and the time in that person's row. Nothing else.
async function onlySigningInChanged(before, after) {
  const changed = [];
  assert.deepEqual(Object.keys(after), Object.keys(before));
  for (const table of Object.keys(before)) {
    if (table === "django_session") continue;
    assert.equal(after[table].length, before[table].length, `rows of ${table}`);
    before[table].forEach((row, n) => {
      for (const column of Object.keys(row)) {
        if (row[column] !== after[table][n][column]) changed.push(`${table}.${column} of row ${n + 1}`);
      }
    });
  }
  assert.deepEqual(changed, ["auth_user.last_login of row 1"]);
  assert.equal(before.django_session.length, 0);
  assert.equal(after.django_session.length, 1);
}

// The product's own access log, once everything that the customer's log says was let through has arrived there.
function settled(django, support) {
  const line = ({ method, path }) => `${method} ${path}`;
  return eventually(async () => {
    const letThrough = (await support.entries()).filter(({ type }) => type === "request").map(({ request }) => request);
    const arrived = await django.requests();
    assert.deepEqual(arrived.map(line).sort(), letThrough.map(line).sort());
    return arrived;
  });
}

// Path by path, as often as the product saw it, and each time before it did.
async function everythingWasOnTheLogFirst(django, support) {
  const arrived = await settled(django, support);
  const entries = (await support.entries()).filter(({ type }) => type === "request");
  assert.ok(arrived.length > 50, `${arrived.length} requests`);
  const times = (list, time) => {
    const byRequest = new Map();
    for (const item of list) {
      const { method, path } = item.request ?? item;
      const key = `${method} ${path}`;
      byRequest.set(key, [...(byRequest.get(key) ?? []), time(item)].sort((a, b) => a - b));
    }
    return byRequest;
  };
  const logged = times(entries, ({ at }) => Date.parse(at));
  for (const [request, moments] of times(arrived, ({ at }) => at)) {
    moments.forEach((moment, n) => {
      assert.ok(logged.get(request)[n] <= moment, `${request} reached the product before it was on the log`);
    });
  }
  const writes = arrived.filter(({ method }) => !["GET", "HEAD", "OPTIONS"].includes(method));
  assert.deepEqual(writes, []);
  return arrived;
}

// Everything that the agent's browser ever held is of no use at Django's own address.
async function nothingHeldWorks(django, agent, browser) {
  const [{ session_key: key }] = (await django.dump()).django_session;
  const held = JSON.stringify(agent.seen);
  assert.ok(held.includes("csrftoken"), "what the browser held was noted");
  assert.ok(!held.includes(key), "the product's session cookie never reached the browser");
  assert.ok(!held.includes("sessionid"), "nor its name");

  const tried = attempts(agent.seen);
  assert.ok(tried.length > 30, `${tried.length} attempts`);
  const isRefused = ({ status, location }, what) => {
    assert.equal(status, 302, what);
    assert.equal(location, `/admin/login/?next=${CUSTOMERS}`, what);
  };
  const refuses = async (address) => {
    for (const { what, headers } of tried) isRefused(await get(address, CUSTOMERS, headers), what);
    const state = agent.seen.storage[0];
    const cookies = state.cookies.map((cookie) => ({ ...cookie, domain: "127.0.0.1", secure: false }));
    const context = await browser.newContext({
      storageState: { ...state, cookies: cookies.filter(({ name }) => !name.startsWith("__")) },
    });
    const page = await context.newPage();
    await page.goto(`${address}/admin/`);
    assert.match(page.url(), /\/admin\/login\/\?next=\/admin\/$/);
    assert.equal(await page.getByLabel("Username").count(), 1);
    await context.close();
  };
  await refuses(django.origin);

  // The same where a session cookie is enough, and where the real one does open the door: had it been held, it
  // would have been noticed.
  await django.alsoPersistent(async (address) => {
    const real = await get(address, CUSTOMERS, { cookie: `sessionid=${key}` });
    assert.equal(real.status, 200);
    assert.match(real.body, /Welcome,/);
    await refuses(address);
  });
}
