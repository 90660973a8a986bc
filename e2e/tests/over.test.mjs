// What the agent sees when access ends while a page is open, and when something is refused.
import assert from "node:assert/strict";
import { mkdirSync } from "node:fs";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import path from "node:path";
import { assertAccessible } from "../lib/axe.mjs";
import { withBrowser } from "../lib/browser.mjs";
import { withDemo } from "../lib/demo.mjs";
import { signIn } from "../lib/people.mjs";
import { eventually } from "../lib/process.mjs";
import { inSession, LIVE_CASE, openSession } from "../lib/session.mjs";

const artifacts = fileURLToPath(new URL("../artifacts/", import.meta.url));
const picture = (page, name) => page.screenshot({ path: path.join(artifacts, `${name}.png`) });

test("access that ends while a page is open", { timeout: 180_000 }, () =>
  withDemo((demo) =>
    withBrowser(async (browser) => {
      mkdirSync(artifacts, { recursive: true });
      const agent = await inSession(browser, demo);
      const admin = await signIn(browser, demo, "dana@acme.test");
      await test("by unticking", () => unticked(agent, admin.page, demo));
      await test("by the agent in another tab", () => endedElsewhere(agent, demo));
      await test("by the clock, with a product that fights back", () => fights(agent.page, demo));
    }),
  ),
);

test("refusals", { timeout: 180_000 }, () =>
  withDemo((demo) => withBrowser((browser) => refusals(browser, demo))),
);

// The page never comes to ask now and then: it is told, or shows what it shows for ever.
function neverAsks() {
  const real = window.setTimeout;
  window.setTimeout = (act, ms, ...more) => (ms >= 4_000 ? 0 : real(act, ms, ...more));
}

async function unticked(agent, admin, demo) {
  const origin = new URL(agent.page.url()).origin;
  const [page, second] = [await agent.context.newPage(), await agent.context.newPage()];
  let asked = 0;
  const waiting = [];
  for (const one of [page, second]) {
    await one.addInitScript(neverAsks);
    one.on("request", (request) => {
      const where = new URL(request.url()).pathname;
      if (where === "/.countersign/status") asked += 1;
      if (where === "/.countersign/over") waiting.push(one === page ? "the first" : "the second");
    });
  }
  // This one cannot be told, and asks.
  await agent.page.route("**/.countersign/over", (route) => route.abort());
  await agent.page.addInitScript(() => delete window.BroadcastChannel);
  await agent.page.goto(origin);
  for (const one of [page, second]) {
    const known = one.waitForResponse("**/.countersign/status");
    await one.goto(`${origin}/invoices`);
    await known;
    // Chromium may take a page that another lies over for one that nobody looks at, until it has the focus.
    const look = () => page.evaluate(() => window.dispatchEvent(new Event("focus")));
    if (one === page) await eventually(() => look().then(() => assert.ok(waiting.includes("the first"))));
  }
  const card = admin.locator(`#case-${LIVE_CASE}`);
  await admin.goto(`${demo.console}/settings/account?edit=support#case-${LIVE_CASE}`);
  assert.equal(waiting.includes("the second"), false, "one page of the session waits for all");
  await card.getByLabel("Grant impersonation").click();
  await admin.locator(".notice").getByText(/Access removed/).waitFor();
  const answered = performance.now();

  const name = "The customer has taken access back";
  const heading = page.getByRole("heading", { name });
  await heading.waitFor();
  await second.getByRole("heading", { name }).waitFor();
  console.log(`told pages were covered ${Math.round(performance.now() - answered)} ms after the admin's answer`);
  await agent.page.getByRole("heading", { name }).waitFor();
  await second.close();
  await page.waitForLoadState("load");
  await page.waitForTimeout(300);
  await picture(page, "covered");
  assert.equal(await page.getByText("Ledgerly").count(), 0);
  assert.equal(await page.locator("countersign-banner").count(), 0);
  assert.equal(await heading.evaluate((el) => document.activeElement === el), true);
  assert.match(await page.title(), /taken access back/);
  assert.match(await page.getByRole("alert").innerText(), /removed the approval/);
  await assertAccessible(page, "the covered page");

  const before = asked;
  await page.evaluate(() => window.dispatchEvent(new Event("focus")));
  await page.waitForTimeout(6_000);
  assert.equal(asked, before, "nothing is asked any more");

  // The way back leads to the case, where access can be asked for again.
  await page.setViewportSize({ width: 320, height: 640 });
  await page.emulateMedia({ colorScheme: "dark" });
  await picture(page, "covered-phone");
  await page.getByRole("link", { name: "Back to the case" }).click();
  await page.waitForURL(`${demo.console}/cases/${LIVE_CASE}`);
  // Back in the history the page is not shown again either.
  const back = await page.goto(`${origin}/invoices`);
  assert.equal(back.status(), 401);
  await page.getByRole("heading", { name: "The customer has taken access back" }).waitFor();
  await page.setViewportSize({ width: 1280, height: 800 });
  await page.emulateMedia({ colorScheme: "light" });
  await picture(page, "refused-after-the-end");
  await page.close();
  await agent.page.unroute("**/.countersign/over");
  await card.getByLabel("Grant impersonation").click();
  await card.getByText("Expires", { exact: true }).waitFor();
}

async function endedElsewhere(agent, demo) {
  await openSession(agent.page, demo);
  const origin = new URL(agent.page.url()).origin;
  const other = await agent.context.newPage();
  await other.goto(origin);
  await other.getByRole("button", { name: "End session" }).click();
  await other.getByRole("heading", { name: "Session ended" }).waitFor();
  await other.close();
  // The other tab has taken the cookie along, so the gateway cannot tell this one why.
  await agent.page.getByText("Back to the case").waitFor({ timeout: 8_000 });
  assert.equal(await agent.page.getByText("Ledgerly").count(), 0);
}

async function fights(page, demo) {
  await openSession(page, demo);
  const now = Date.now();
  const at = (more) => new Date(now + more).toISOString();
  await page.evaluate(() => {
    document.documentElement.className = "dark";
    window.addEventListener("beforeunload", (event) => event.preventDefault());
    setInterval(() => document.body.append("again"), 20);
    new MutationObserver(() => {
      if (!document.getElementById("mine")) {
        const mine = document.createElement("div");
        mine.id = "mine";
        mine.textContent = "Outstanding";
        document.documentElement.append(mine);
      }
    }).observe(document.documentElement, { childList: true });
  });
  await page.route("**/.countersign/status", (route) =>
    route.fulfill({
      json: {
        now: at(0),
        ends_at: null,
        idle_ends_at: null,
        over: { reason: "expired", title: "Access has expired", why: "Time is up.", next: "Ask.", case_url: demo.console },
      },
    }),
  );
  await page.evaluate(() => window.dispatchEvent(new Event("focus")));
  await page.getByRole("heading", { name: "Access has expired" }).waitFor();
  await page.waitForTimeout(300);
  assert.equal(await page.getByText("again").count(), 0);
  assert.equal((await page.locator("body").innerText()).includes("Outstanding"), false);
  await page.unroute("**/.countersign/status");
}

async function refusals(browser, demo) {
  const { page } = await inSession(browser, demo);
  const origin = new URL(page.url()).origin;
  await page.goto(`${origin}/settings`);
  const field = page.locator("main form[method=post] input[type=text], main form[method=post] input:not([type])").first();
  await field.fill("Typed by support");
  await page.locator("main form[method=post] button").first().click();
  await page.getByRole("heading", { name: "Support can look, not change" }).waitFor();
  await picture(page, "refused-write");
  await assertAccessible(page, "the refusal of a write");
  assert.equal(
    await page.getByRole("link", { name: "Back to the case" }).getAttribute("href"),
    `${demo.console}/cases/${LIVE_CASE}`,
  );
  // What was typed is still there.
  await page.goBack();
  assert.equal(await field.inputValue(), "Typed by support");

  // A frame of the product's shows why it stays empty.
  await page.goto(`${origin}/invoices`);
  await page.evaluate(() => {
    const frame = document.createElement("iframe");
    frame.src = "/invoices?_method=DELETE";
    document.querySelector("main").prepend(frame);
  });
  await page.frameLocator("iframe").getByRole("heading", { name: "The request asks for two methods" }).waitFor();
  assert.equal(await page.frameLocator("iframe").locator("countersign-banner").count(), 0);

  // A script gets a problem, whatever it accepts.
  const problem = await page.evaluate(async () => {
    const answer = await fetch("/invoices/1", { method: "DELETE" });
    return { ...(await answer.json()), type: answer.headers.get("content-type") };
  });
  assert.equal(problem.type, "application/problem+json");
  assert.deepEqual([problem.status, problem.code], [403, "not_a_read"]);
  assert.equal(problem.case_url, `${demo.console}/cases/${LIVE_CASE}`);
}
