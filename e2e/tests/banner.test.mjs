// The banner in the product's pages: there, legible, harmless to the page, and hard to lose.
import assert from "node:assert/strict";
import { once } from "node:events";
import { mkdirSync } from "node:fs";
import http from "node:http";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import path from "node:path";
import { assertAccessible } from "../lib/axe.mjs";
import { withBrowser } from "../lib/browser.mjs";
import { withDemo } from "../lib/demo.mjs";
import { withServer } from "../lib/server.mjs";
import { inSession, LIVE_CASE, openSession } from "../lib/session.mjs";
import { openAgent, openSettings, requestAccess } from "../lib/support.mjs";

const artifacts = fileURLToPath(new URL("../artifacts/", import.meta.url));

const LOOKS = [
  { name: "desktop-light", viewport: { width: 1280, height: 900 }, colorScheme: "light" },
  { name: "desktop-dark", viewport: { width: 1280, height: 900 }, colorScheme: "dark" },
  { name: "phone-light", viewport: { width: 320, height: 700 }, colorScheme: "light" },
  { name: "phone-dark", viewport: { width: 320, height: 700 }, colorScheme: "dark" },
];

test("the banner", { timeout: 300_000 }, () =>
  withDemo((demo) =>
    withBrowser(async (browser) => {
      mkdirSync(artifacts, { recursive: true });
      const { page } = await inSession(browser, demo);
      const origin = new URL(page.url()).origin;
      for (const look of LOOKS) await test(`in ${look.name}`, () => looks(page, origin, look));
      await page.setViewportSize(LOOKS[0].viewport);
      await test("is not in frames and data", () => onlyOnTop(page, origin));
      await test("can be put aside, and stays so", () => aside(page, origin));
      await test("counts down and says so at the end only", () => countsDown(page, origin));
      await test("says nothing alarming before it has to", () => unsure(page, origin));
      await test("comes back into a new body", () => newBody(page, origin));
      await test("holds against the page's style", () => hostile(page, origin));
      await test("is text without style and script", () => bare(page, origin));
      await test("takes no room on paper", async () => {
        await page.goto(origin);
        await page.emulateMedia({ media: "print" });
        assert.equal(await page.locator("countersign-banner").isVisible(), false);
        await page.emulateMedia({ media: "screen" });
      });
    }),
  ),
);

for (const javaScriptEnabled of [true, false]) {
  test(`ending ${javaScriptEnabled ? "with" : "without"} JavaScript`, { timeout: 120_000 }, () =>
    withDemo((demo) => withBrowser((browser) => ends(browser, demo, javaScriptEnabled))),
  );
}

// Pages that nobody would write like this, and products do. What a browser makes of each is compared with what it
// makes of it at the product's own address, so nothing here says what that should be.
const AWKWARD = {
  "/template-in-a-head": "<!doctype html><head><template><i>t</i></head><body><p>in the template",
  "/template-ended-late": "<!doctype html><head><template><i>t</i></head></template><body><p>shown</p>",
  "/template-unended": "<!doctype html><title>a</title><template><body><p>never shown",
  "/template-in-a-drawing": "<!doctype html><template><svg><template></svg></template><p>shown",
  "/noscript": "<!doctype html><noscript><p>no script</p></noscript><body><p>shown",
  "/noscript-unended": "<!doctype html><title>a</title><noscript><p>no script",
  "/no-head": "<!doctype html><p>shown",
  "/no-doctype": "<title>a</title><p>shown",
  "/almost-standard":
    '<!doctype html public "-//W3C//DTD XHTML 1.0 Transitional//EN" "http://www.w3.org/TR/xhtml1/DTD/xhtml1-transitional.dtd"><p>shown',
  "/comment-first": "<!-- a --><!doctype html><!-- <body> --><p>shown",
  "/comment-unended": "<!doctype html><title>a</title><!-- <body><p>never shown",
  "/reference-first": "&#32;&NewLine;<!doctype html><title>a</title>&Tab;<p>shown",
  "/plaintext": "<!doctype html><plaintext><p>shown</plaintext>",
  "/style-in-a-drawing": "<!doctype html><svg width=9 height=9><style><a></style></svg><p>shown",
  "/title-unended": "<!doctype html><title>a<body><p>in the title",
  "/style-unended": "<!doctype html><style>p { color: red }<body><p>in the style",
  "/two-bodies": '<!doctype html><body class="one"><p>shown<body class="two" lang="fr"><p>also',
  "/xhtml":
    '<?xml version="1.0" encoding="UTF-8"?><!DOCTYPE html PUBLIC "-//W3C//DTD XHTML 1.0 Strict//EN" "http://www.w3.org/TR/xhtml1/DTD/xhtml1-strict.dtd"><html xmlns="http://www.w3.org/1999/xhtml"><head><title>a</title><link href="/a.css"/></head><body><p>shown<br/></p></body></html>',
  "/ends-first": "<!doctype html></p></head></body></html><p>shown",
  "/table": "<!doctype html><table><tr><td>shown</table>",
  "/select": "<!doctype html><select><option>shown",
  "/hidden": "<!doctype html><div hidden><p>never shown",
};

const FRAMES = {
  "/frames": "<!doctype html><frameset cols='*,*'><frame src=/no-head><frame src=/no-head></frameset>",
  "/frames-behind-references": "&#32;<title>a</title>&#x0a;<frameset><frame src=/no-head></frameset>",
  "/frames-behind-an-empty-body": "<div></div>\n<frameset><frame src=/no-head></frameset>",
};

test("the banner on awkward pages", { timeout: 300_000 }, () =>
  withPages({ "/": "<!doctype html><p>home", ...AWKWARD, ...FRAMES }, (product) =>
    withServer((server) =>
      withBrowser(async (browser) => {
        const { signIn } = await requestAccess(server, ["--origin", product]);
        const admin = await openSettings(browser, server, await signIn.admin());
        await admin.tick();
        for (const javaScriptEnabled of [true, false]) {
          const how = javaScriptEnabled ? "with" : "without";
          const agent = await openAgent(browser, server, await signIn.agent(), { javaScriptEnabled });
          const origin = await agent.openSession();
          for (const where of Object.keys(AWKWARD)) {
            await test(`${where} ${how} JavaScript`, () => awkward(agent.page, product, origin, where));
          }
          for (const where of Object.keys(FRAMES)) {
            await test(`${where} ${how} JavaScript`, () => frames(agent.page, product, origin, where));
          }
          await agent.context.close();
        }
      }),
    ),
  ),
);

async function withPages(pages, fn) {
  const server = http.createServer((request, response) => {
    const page = pages[request.url];
    response.writeHead(page === undefined ? 404 : 200, { "content-type": "text/html; charset=utf-8" });
    response.end(page ?? "nothing here");
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  try {
    return await fn(`http://127.0.0.1:${server.address().port}`);
  } finally {
    server.closeAllConnections();
    server.close();
  }
}

// What the browser has made of a page, without what is ours.
function made(page) {
  return page.evaluate(() => {
    const all = document.documentElement.cloneNode(true);
    all.querySelector("countersign-banner")?.remove();
    const { compatMode, title, body } = document;
    const attributes = [...body.attributes].map(({ name, value }) => `${name}=${value}`);
    // White space behind a frameset is all that may be left of what browsers ignore there.
    const html = all.outerHTML.replace(/(?<=<\/frameset>)\s+/, "");
    return { compatMode, title, attributes, html };
  });
}

async function awkward(page, product, origin, where) {
  await page.goto(product + where);
  const expected = await made(page);
  await page.goto(origin + where);
  const bar = banner(page);
  await bar.waitFor();
  assert.ok((await bar.boundingBox()).height >= 40);
  assert.ok(await page.getByRole("button", { name: "End session" }).isVisible());
  assert.equal(await page.locator("countersign-banner").count(), 1);
  assert.deepEqual(await made(page), expected);
}

async function frames(page, product, origin, where) {
  await page.goto(product + where);
  const expected = await made(page);
  const count = page.frames().length;
  assert.ok(count > 1, "they are frames");
  await page.goto(origin + where);
  assert.equal(page.frames().length, count);
  assert.deepEqual(await made(page), expected);
}

const banner = (page) => page.locator("countersign-banner .bar");

async function looks(page, origin, look) {
  await page.setViewportSize(look.viewport);
  await page.emulateMedia({ colorScheme: look.colorScheme, reducedMotion: "reduce" });
  await page.goto(`${origin}/invoices`);
  const region = page.getByRole("region", { name: "Countersign support session" });
  await region.waitFor();
  await page.locator("countersign-banner .left").waitFor();
  const text = await region.innerText();
  for (const expected of ["Read-only", "Acme Inc", LIVE_CASE, "Dana", "left", "End session"]) {
    assert.ok(text.includes(expected), `${expected} in ${text}`);
  }
  assert.match(text, /\d h \d+ min left|\d+ min left/);
  await page.screenshot({ path: path.join(artifacts, `banner-${look.name}.png`) });
  await assertAccessible(page, `a product page with the banner, ${look.name}`);

  const sizes = await page.evaluate(() => {
    const bar = document.querySelector("countersign-banner").shadowRoot.querySelector(".bar");
    const root = document.documentElement;
    return {
      wider: root.scrollWidth - root.clientWidth,
      bar: bar.getBoundingClientRect(),
      room: Number.parseFloat(getComputedStyle(root).paddingBottom),
      inside: bar.scrollWidth - bar.clientWidth,
    };
  });
  assert.ok(sizes.wider <= 0, `the page is ${sizes.wider} px wider than the window`);
  assert.ok(sizes.inside <= 0, `the bar overflows by ${sizes.inside} px`);
  assert.ok(Math.abs(sizes.bar.bottom - look.viewport.height) < 1, "at the lower edge");
  assert.equal(sizes.bar.width, look.viewport.width);
  assert.ok(sizes.bar.height <= sizes.room, `${sizes.bar.height} px of bar, ${sizes.room} px of room`);
  assert.ok(sizes.bar.height <= look.viewport.height / 6, `${sizes.bar.height} px are too much`);

  // Nothing on the page stands anywhere else for it.
  const places = () =>
    page.evaluate(() =>
      [...document.querySelectorAll("main *, header *, nav *")].map((el) => {
        const { x, y, width, height } = el.getBoundingClientRect();
        return [x, y, width, height].map(Math.round).join(" ");
      }),
    );
  const withIt = await places();
  await page.evaluate(() => {
    globalThis.kept = document.querySelector("countersign-banner");
    kept.style.setProperty("display", "none");
  });
  assert.deepEqual(await places(), withIt);
  assert.equal(await page.evaluate(() => document.compatMode), "CSS1Compat");

  // Reachable by keyboard, and first; it does not take the focus by itself.
  await page.reload();
  assert.equal(await page.evaluate(() => document.activeElement === document.body), true);
  await page.keyboard.press("Tab");
  const focused = () =>
    page.evaluate(() => document.querySelector("countersign-banner").shadowRoot.activeElement?.textContent);
  assert.equal(await focused(), "Details");
  await page.keyboard.press("Tab");
  assert.equal(await focused(), "End session");
}

async function onlyOnTop(page, origin) {
  await page.goto(`${origin}/invoices`);
  const framed = await page.evaluate(async () => {
    const fetched = await (await fetch("/invoices", { headers: { accept: "text/html" } })).text();
    return fetched.includes("countersign-banner");
  });
  assert.equal(framed, false);
  assert.equal(await page.locator("countersign-banner").count(), 1);
}

async function aside(page, origin) {
  await page.goto(origin);
  const hide = page.getByRole("button", { name: "Hide" });
  assert.equal(await hide.getAttribute("aria-expanded"), "true");
  await hide.click();
  const width = async () => (await banner(page).boundingBox()).width;
  assert.ok((await width()) < 440);
  for (const look of LOOKS) {
    await page.setViewportSize(look.viewport);
    await page.emulateMedia({ colorScheme: look.colorScheme, reducedMotion: "reduce" });
    await page.goto(`${origin}/customers`);
    await page.getByRole("button", { name: "Show session" }).waitFor();
    const box = await banner(page).boundingBox();
    assert.ok(box.width < 440 && box.x >= 0 && box.height < 50, JSON.stringify(box));
    assert.match(await banner(page).innerText(), /left/);
    assert.ok(await page.getByRole("button", { name: "End session" }).isVisible());
    await page.screenshot({ path: path.join(artifacts, `banner-aside-${look.name}.png`) });
    await assertAccessible(page, `the banner put aside, ${look.name}`);
    // What matters is one step away by keyboard, too, and does not come before it is asked for.
    await page.keyboard.press("Tab");
    const focused = () =>
      page.evaluate(() => document.querySelector("countersign-banner").shadowRoot.activeElement?.textContent);
    assert.equal(await focused(), "End session");
    await page.keyboard.press("Tab");
    assert.equal(await focused(), "Show session");
  }
  await page.setViewportSize(LOOKS[0].viewport);
  await page.getByRole("button", { name: "Show session" }).click();
  assert.equal(await width(), 1280);
}

// Answers in the gateway's place, for what cannot be waited for.
async function answering(page, answer, fn) {
  const where = "**/.countersign/status";
  await page.route(where, (route) => route.fulfill(answer()));
  try {
    await fn();
  } finally {
    await page.unroute(where);
  }
}

function ending(ms, idle = ms + 3_600_000) {
  const now = Date.now();
  const at = (more) => new Date(now + more).toISOString();
  return { json: { now: at(0), ends_at: at(ms), idle_ends_at: at(idle), over: null } };
}

async function countsDown(page, origin) {
  const said = page.locator("countersign-banner p.said");
  const soon = () => banner(page).evaluate((bar) => bar.hasAttribute("data-soon"));
  await page.goto(origin);
  assert.equal(await said.textContent(), "");
  assert.equal(await soon(), false);
  await answering(page, () => ending(9.5 * 60_000), async () => {
    await page.goto(origin);
    await page.getByText("Support access ends in 10 minutes.").waitFor({ state: "attached" });
    assert.equal(await soon(), false);
  });
  await answering(page, () => ending(4.5 * 60_000), async () => {
    await page.goto(origin);
    await page.getByText("Support access ends in 5 minutes.").waitFor({ state: "attached" });
    assert.equal(await soon(), true);
    await page.screenshot({ path: path.join(artifacts, "banner-soon.png") });
    await assertAccessible(page, "the banner in the last minutes");
  });
  await answering(page, () => ending(3_600_000, 50_000), async () => {
    await page.goto(origin);
    await page.getByText("The support session ends without activity in 1 minute.").waitFor({ state: "attached" });
    assert.match(await banner(page).innerText(), /less than a minute left without activity/);
  });
}

async function unsure(page, origin) {
  await page.goto(origin);
  await page.waitForResponse("**/.countersign/status");
  let asked = 0;
  const refuse = () => {
    asked += 1;
    return { status: 503, json: { code: "cannot_be_sure" } };
  };
  const again = () => page.evaluate(() => window.dispatchEvent(new Event("focus")));
  const time = page.locator("countersign-banner .left");
  await answering(page, refuse, async () => {
    for (const expected of [/min left/, /min left/, /cannot reach the gateway/]) {
      const before = asked;
      await again();
      await page.waitForFunction(() => true);
      while (asked === before) await page.waitForTimeout(20);
      await page.waitForTimeout(100);
      assert.match(await time.textContent(), expected);
    }
  });
  await again();
  await page.getByText(/min left/).first().waitFor();
  assert.equal(await page.getByRole("heading", { level: 1 }).first().textContent(), "Dashboard");
}

async function newBody(page, origin) {
  await page.goto(origin);
  await page.locator("countersign-banner .left").waitFor();
  await page.evaluate(() => {
    const body = document.createElement("body");
    body.innerHTML = "<h1>Another page</h1>";
    document.body.replaceWith(body);
  });
  await banner(page).waitFor();
  await page.evaluate(() => document.body.replaceChildren("nothing"));
  await banner(page).waitFor();
  assert.equal(await page.locator("countersign-banner").count(), 1);
}

async function hostile(page, origin) {
  const style = `
    body * { display: none !important; visibility: hidden !important; opacity: 0 !important; }
    countersign-banner { position: static !important; z-index: -1 !important; transform: translateY(999px) !important;
      font-size: 0 !important; color: transparent !important; height: 0 !important; overflow: hidden !important;
      clip-path: inset(100%) !important; pointer-events: none !important; filter: opacity(0) !important; }`;
  const where = "**/static/ledgerly.css";
  await page.route(where, (route) => route.fulfill({ contentType: "text/css", body: style }));
  await page.goto(`${origin}/invoices`);
  await page.screenshot({ path: path.join(artifacts, "banner-hostile.png") });
  const box = await banner(page).boundingBox();
  assert.ok(box && box.width === 1280 && box.height >= 40 && Math.round(box.y + box.height) === 900, JSON.stringify(box));
  const styles = await page.locator("countersign-banner").evaluate((host) => {
    const { visibility, opacity, transform, clipPath, filter, pointerEvents } = getComputedStyle(host);
    return { visibility, opacity, transform, clipPath, filter, pointerEvents };
  });
  assert.deepEqual(styles, {
    visibility: "visible",
    opacity: "1",
    transform: "none",
    clipPath: "none",
    filter: "none",
    pointerEvents: "auto",
  });
  await page.unroute(where);
}

async function bare(page, origin) {
  const where = "**/.countersign/*";
  await page.route(where, (route) => route.abort());
  await page.goto(`${origin}/invoices`);
  const text = await page.locator("countersign-banner").evaluate((host) => host.shadowRoot.querySelector("section").innerText);
  assert.match(text, /Read-only.*Acme Inc.*Case 00012346.*as Dana.*until \d+ \w+ \d{4}, \d\d:\d\d UTC/s);
  assert.ok(await page.getByText("Acme Inc").first().isVisible());
  assert.ok(await page.getByRole("button", { name: "End session" }).isVisible());
  await page.screenshot({ path: path.join(artifacts, "banner-bare.png") });
  const heading = () => page.getByRole("heading", { level: 1 }).boundingBox();
  const place = await heading();
  await page.evaluate(() => document.querySelector("countersign-banner").remove());
  assert.deepEqual(await heading(), place, "the page has not moved for it");
  await page.unroute(where);
}

async function ends(browser, demo, javaScriptEnabled) {
  const { page, context } = await inSession(browser, demo, { javaScriptEnabled });
  const origin = new URL(page.url()).origin;
  await page.goto(`${origin}/invoices`);
  // The banner's own link to what the session is, which has the same button.
  await page.getByRole("link", { name: "Details" }).click();
  await page.getByRole("heading", { name: "Your support session" }).waitFor();
  assert.match(await page.locator("main").innerText(), /Acme Inc[\s\S]*00012346[\s\S]*dana@acme\.test[\s\S]*sam@vendor\.test/);
  await page.screenshot({ path: path.join(artifacts, "session-page.png") });
  if (javaScriptEnabled) await assertAccessible(page, "the session page");
  await page.getByRole("link", { name: "Back to the product" }).click();
  await page.getByRole("button", { name: "End session" }).click();
  await page.getByRole("heading", { name: "Session ended" }).waitFor();
  await page.screenshot({ path: path.join(artifacts, "session-ended.png") });
  if (javaScriptEnabled) await assertAccessible(page, "the page after ending");
  const left = (await context.cookies()).filter(({ domain }) => domain.includes("gw.localhost"));
  assert.deepEqual(left, []);

  // Going back shows nothing of the product, and nothing more is let through.
  const refused = await page.goto(`${origin}/invoices`);
  assert.equal(refused.status(), 401);
  // What a form was answered with is not shown again either.
  await page.goBack().catch(() => {});
  await page.waitForTimeout(300);
  assert.equal(await page.getByText("Outstanding").count(), 0);

  // The customer's approval still stands: another session opens.
  await openSession(page, demo);
  assert.notEqual(new URL(page.url()).origin, origin);
  await page.getByRole("button", { name: "End session" }).click();
  await page.getByRole("link", { name: "Back to the case" }).click();
  await page.waitForURL(`${demo.console}/cases/${LIVE_CASE}`);
  await context.close();
}
