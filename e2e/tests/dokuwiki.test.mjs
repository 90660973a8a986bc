// DokuWiki, a PHP application, behind the gateway: pages, search, revisions and media are read, no page changes.
import assert from "node:assert/strict";
import { test } from "node:test";
import { withBrowser } from "../lib/browser.mjs";
import { withServer } from "../lib/server.mjs";
import {
  assertOver,
  assertRefusedWrite,
  openAgent,
  openSettings,
  requestAccess,
  screenshot,
} from "../lib/support.mjs";
import { withDokuWiki } from "../products/dokuwiki/start.mjs";

const LOOKUP = "/lib/exe/ajax.php";

test("DokuWiki", { timeout: 180_000 }, () =>
  withDokuWiki((wiki) => withServer((server) => withBrowser((browser) => journey(wiki, server, browser)))),
);

async function journey(wiki, server, browser) {
  const upstream = ["--origin", wiki.origin, "--user-header", "X-Remote-User"];
  const support = await requestAccess(server, upstream);
  const before = await wiki.content();
  const admin = await openSettings(browser, server, await support.signIn.admin());
  const agent = await openAgent(browser, server, await support.signIn.agent());
  const { page } = agent;
  await admin.tick();

  const origin = await agent.openSession();
  const at = (where) => page.waitForURL(`${origin}${where}`).then(() => agent.idle());
  const heading = (name) => page.locator("#dokuwiki__content").getByRole("heading", { name }).first().waitFor();

  // Pages, with the style, the scripts and the pictures that belong to them.
  await heading("Acme Handbook");
  assert.match(await page.locator(".user").innerText(), /Dana/);
  const { rules, jquery } = await page.evaluate(() => ({
    rules: [...document.styleSheets].flatMap(({ cssRules }) => [...cssRules].map(({ cssText }) => cssText)).join(""),
    jquery: typeof globalThis.jQuery,
  }));
  assert.ok(rules.length > 50_000, `${rules.length} characters of style`);
  assert.equal(jquery, "function");
  await screenshot(page, "dokuwiki-start");
  await page.locator("#dokuwiki__content").getByRole("link", { name: "office" }).click();
  await at("/doku.php?id=team:office");
  const logo = page.locator("#dokuwiki__content img.media");
  assert.ok(await logo.evaluate((image) => image.complete && image.naturalWidth > 0), "the page's picture is there");

  // Search, old revisions, recent changes, the media manager, the site map, what links here, the administration.
  // While one types the wiki looks names up, and it does that by POST: a read that is refused with the writes.
  const lookup = page.waitForResponse((response) => new URL(response.url()).pathname === LOOKUP);
  await page.locator("#qsearch__in").pressSequentially("zebra");
  assert.equal((await lookup).status(), 403);
  await page.keyboard.press("Enter");
  await page.waitForURL(/q=zebra/);
  await page.locator(".search_results").getByRole("link", { name: "invoices" }).first().click();
  await page.waitForURL(/id=invoices/);
  await heading("Invoices");
  await screenshot(page, "dokuwiki-page");
  for (const what of ["revisions", "recent", "media", "index", "backlink", "admin"]) {
    const response = await page.goto(`${origin}/doku.php?id=invoices&do=${what}`);
    assert.equal(response.status(), 200, what);
    await agent.idle();
  }
  assert.deepEqual(agent.failed(), [`403 ${LOOKUP}`]);

  // Edit shows the source. That is a GET, and the wiki locks the page for others: a read by its method that writes.
  await page.goto(`${origin}/doku.php?id=invoices`);
  assert.deepEqual(locks(await wiki.content()), []);
  await page.getByRole("link", { name: /Edit this page/ }).first().click();
  await page.waitForURL(/do=edit/);
  await agent.idle();
  assert.equal(locks(await wiki.content()).length, 1);
  const source = page.locator("textarea[name=wikitext]");
  assert.match(await source.inputValue(), /zebra stamp/);
  await screenshot(page, "dokuwiki-edit");

  // Save is refused.
  await source.fill("Changed by support.");
  await page.getByRole("button", { name: "Save" }).click();
  await assertRefusedWrite(page, "POST /doku.php");
  await screenshot(page, "dokuwiki-save-refused");

  // So is the button that edits one section: it only shows a form, but asks for it by POST. Looking at the page
  // again has taken the lock off.
  await page.goto(`${origin}/doku.php?id=invoices`);
  await page.locator(".editbutton_section button").first().click();
  await assertRefusedWrite(page, "POST /doku.php");
  assert.deepEqual(agent.failed(), ["403 /doku.php", "403 /doku.php"]);
  assert.deepEqual(locks(await wiki.content()), []);

  // The wiki's cookie stayed at the gateway; its picture of where one has been is the browser's own.
  await agent.note();
  const cookies = agent.seen.storage[0].cookies.filter(({ domain }) => domain.endsWith(".gw.localhost"));
  assert.ok(!cookies.some(({ name }) => name === "DokuWiki"), "the wiki's session cookie never reached the browser");

  // The admin unticks: what is open is covered, and the very next request is refused.
  await page.goto(`${origin}/doku.php?id=invoices`);
  await agent.idle();
  await admin.untick();
  await assertOver(page, await page.goto(`${origin}/doku.php?id=invoices&do=index`));
  assert.deepEqual(agent.failed(), ["401 /doku.php"]);

  // Nobody's words or pictures have changed. What has: the wiki's caches, its index for the search, and what it
  // works out about a page when it shows it.
  const after = await wiki.content();
  const changed = [...new Set([...Object.keys(before), ...Object.keys(after)])].filter(
    (name) => before[name] !== after[name],
  );
  const workedOut = /^(cache|index)\/|^meta\/(.+\.meta|_htcookiesalt2)$/;
  assert.deepEqual(changed.filter((name) => !workedOut.test(name)), []);
  assert.ok(changed.some((name) => name.startsWith("cache/")), "what changes would be seen");
  assert.ok(after["pages/invoices.txt"] && after["media/logo.png"], "pages and pictures were compared");
  const entries = await support.entries();
  const unsafe = entries.filter(({ type, request }) => type === "request" && request.method !== "GET");
  assert.deepEqual(unsafe, [], "nothing but reads was let through");
}

function locks(content) {
  return Object.keys(content).filter((name) => name.startsWith("locks/") && name.endsWith(".lock"));
}
