// A link to one case's card, opened by somebody who has to sign in first, in a zone that the page does not know yet.
import assert from "node:assert/strict";
import { test } from "node:test";
import { withBrowser } from "../lib/browser.mjs";
import { withDemo } from "../lib/demo.mjs";
import { eventually } from "../lib/process.mjs";

// Far down the page on a phone, beside one with live access.
const CASE = "00012349";
const LIVE = "00012346";

for (const pressed of [false, true]) {
  test(`a card that was asked for is shown after the sign-in ${pressed ? "by its button" : "by a link"}`, { timeout: 90_000 }, () =>
    withDemo((demo) => withBrowser((browser) => comesBack(browser, demo, pressed))),
  );
}

async function comesBack(browser, demo, pressed) {
  const context = await browser.newContext({ timezoneId: "Europe/Berlin", viewport: { width: 390, height: 700 } });
  const page = await context.newPage();
  const asked = `${demo.console}/settings/account?edit=support#case-${CASE}`;
  assert.equal((await page.goto(asked)).status(), 401);
  const { link } = demo.people.find(({ email }) => email === "dana@acme.test");
  if (pressed) {
    // A link that is followed from another site signs nobody in by itself.
    await page.route("http://mail.test/", (route) =>
      route.fulfill({ contentType: "text/html", body: `<a href="${link}">Sign in</a>` }),
    );
    await page.goto("http://mail.test/");
    await page.getByRole("link", { name: "Sign in" }).click();
    await page.getByRole("main").getByRole("button", { name: "Sign in" }).click();
  } else {
    await page.goto(link);
  }
  await page.waitForURL(asked);
  // The page is loaded again for its times, and stands where its address says.
  const loaded = () => performance.getEntriesByType("navigation")[0].type;
  await eventually(async () => assert.equal(await page.evaluate(loaded), "reload"));
  await page.waitForLoadState("load");
  assert.match(await page.locator(`#case-${CASE}`).innerText(), /CET|CEST|GMT\+[12]/);
  await eventually(async () => {
    const { y } = await page.locator(`#case-${CASE}`).boundingBox();
    assert.ok(y >= 0 && y < 200, `the card stands at ${y}`);
  });
  // And stands out among its neighbours, the one with live access included.
  const line = (number) =>
    page.locator(`#case-${number}`).evaluate((card) => {
      const { outlineStyle, outlineWidth, borderTopColor } = getComputedStyle(card);
      return { outlineStyle, outlineWidth, borderTopColor };
    });
  const [it, live] = [await line(CASE), await line(LIVE)];
  assert.deepEqual([it.outlineStyle, it.outlineWidth, live.outlineStyle], ["solid", "2px", "none"]);
  assert.notEqual(it.borderTopColor, live.borderTopColor);
  // Once: the next sign-in of this browser leads to where people begin.
  assert.equal((await context.cookies()).some(({ name }) => name === "__Host-countersign-asked"), false);
  await context.close();
}
