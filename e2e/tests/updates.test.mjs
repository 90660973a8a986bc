// What comes in while somebody reads moves nothing: not what they are about to press, and nothing else either.
import assert from "node:assert/strict";
import { test } from "node:test";
import { withBrowser } from "../lib/browser.mjs";
import { withDemo } from "../lib/demo.mjs";
import { signIn } from "../lib/people.mjs";
import { LIVE_CASE, openSession } from "../lib/session.mjs";

// The page at `where`, and everything that moves on it from when it stands.
async function watched(context, console, where) {
  const page = await context.newPage();
  await page.goto(console + where);
  await page.evaluate(() => {
    globalThis.shifts = [];
    new PerformanceObserver((list) => {
      for (const { value, sources } of list.getEntries()) {
        globalThis.shifts.push(`${value}: ${sources.map(({ node }) => node?.outerHTML?.slice(0, 80)).join(", ")}`);
      }
    }).observe({ type: "layout-shift", buffered: false });
  });
  return page;
}

// A shift is reported with the frame it is seen in.
const shifts = (page) =>
  page.evaluate(
    () =>
      new Promise((resolve) =>
        requestAnimationFrame(() => requestAnimationFrame(() => setTimeout(() => resolve(globalThis.shifts), 0))),
      ),
  );

for (const viewport of [
  { width: 1280, height: 900 },
  { width: 390, height: 844 },
]) {
  test(`news moves nothing at ${viewport.width} px`, { timeout: 90_000 }, () =>
    withDemo((demo) =>
      withBrowser(async (browser) => {
        const { context } = await signIn(browser, demo, "dana@acme.test", { viewport, timezoneId: "UTC" });
        // A page that nobody looks at asks for nothing, and each of these is looked at.
        const open = (where) => watched(context, demo.console, where);
        const summary = await open("/settings/account");
        const sam = await signIn(browser, demo, "sam@vendor.test");
        const session = sam.page;

        const live = await open("/live");
        await live.bringToFront();
        const before = await live.locator("#live-rows > li").count();
        await openSession(session, demo);
        await live.locator("#live-rows > li").nth(before).waitFor();
        assert.deepEqual(await shifts(live), [], "a row came in");

        await summary.bringToFront();
        await summary.getByText(`${before + 1} session`).waitFor();
        assert.deepEqual(await shifts(summary), [], "the summary changed");

        const edit = await open(`/settings/account?edit=support#case-${LIVE_CASE}`);
        await edit.bringToFront();
        await session.goto(`${demo.console}/cases/${LIVE_CASE}`);
        await session.locator("details:has(#justification) > summary").click();
        await session.locator("#justification").fill("The export is still running; I want to see its end.");
        await session.locator("form:has(#justification)").getByRole("button").click();
        await edit.locator("#news").getByText(LIVE_CASE).waitFor();
        assert.deepEqual(await shifts(edit), [], "the news came in");

        // The observer sees what moves.
        await edit.evaluate(() => {
          const block = document.createElement("div");
          block.style.height = "200px";
          document.querySelector("main").prepend(block);
          window.scrollTo(0, 0);
        });
        assert.notDeepEqual(await shifts(edit), []);
      }),
    ),
  );
}

// Everything that can be read on the page: what has given way is not.
const readable = (page) => page.evaluate(() => document.querySelector("main").innerText);

for (const width of [1280, 390, 320]) {
  test(`a case says what is true while it stays open, and stands still, at ${width} px`, { timeout: 90_000 }, () =>
    withDemo((demo) =>
      withBrowser(async (browser) => {
        const viewport = { width, height: 900 };
        const sam = await signIn(browser, demo, "sam@vendor.test", { viewport, timezoneId: "UTC" });
        const dana = await signIn(browser, demo, "dana@acme.test");
        const waiting = "00012345";
        const page = await watched(sam.context, demo.console, `/cases/${waiting}`);
        await page.bringToFront();
        assert.match(await readable(page), /has not ticked it yet/);

        await dana.page.goto(`${demo.console}/settings/account?edit=support`);
        const box = dana.page.locator(`#case-${waiting}`).getByLabel("Grant impersonation");
        await box.click();
        await dana.page.locator(".notice").getByText(/Access granted/).waitFor();
        await page.locator(`#chip-${waiting}`).getByText("Access granted").waitFor();
        const granted = await readable(page);
        assert.doesNotMatch(granted, /has not ticked it yet/);
        assert.match(granted, /Ask for more time/);
        assert.equal(await page.locator(`#open-${waiting}`).isEnabled(), true);
        assert.equal(await page.locator("#withdraw").isEnabled(), false);
        // What was to be passed on is gone as a whole, and no hole is left: its room says why.
        const passOn = page.locator("#pass-on");
        assert.equal(await passOn.innerText(), "Nothing to pass on now. Where the case stands is said above.");
        assert.equal(await page.locator("[data-outdated]").count(), 0);
        assert.deepEqual(await shifts(page), []);

        await box.click();
        await dana.page.locator(".notice").getByText(/Access removed/).waitFor();
        await page.locator(`#chip-${waiting}`).getByText("Access removed").waitFor();
        const removed = await readable(page);
        assert.doesNotMatch(removed, /Read-only, until|has not ticked it yet/);
        assert.equal(await page.locator(`#open-${waiting}`).isEnabled(), false);
        // The bar itself says more this time, and grows over the page.
        assert.deepEqual((await shifts(page)).filter((shift) => !shift.includes('id="news"')), []);
      }),
    ),
  );
}
