// A page that stays open hears of what changes, and nothing moves under the person who looks at it.
import assert from "node:assert/strict";
import { test } from "node:test";
import { withBrowser } from "../lib/browser.mjs";
import { withDemo } from "../lib/demo.mjs";
import { signIn } from "../lib/people.mjs";

// Waiting for approval in the demo, and live in it.
const WAITING = "00012345";
const LIVE = "00012346";
const EDIT = "/settings/account?edit=support";

// Where everything that can be pressed or read on the page stands.
const places = (page) =>
  page.evaluate(() =>
    [...document.querySelectorAll("main :is(h1, h2, h3, h4, button, input, a, p, li)")]
      .filter((el) => !el.closest(".news"))
      .map((el) => {
        const { x, y, width, height } = el.getBoundingClientRect();
        return [el.tagName, el.id, x, y, width, height].join(" ");
      }),
  );

test("an open page", { timeout: 240_000 }, () =>
  withDemo((demo) =>
    withBrowser(async (browser) => {
      const dana = await signIn(browser, demo, "dana@acme.test", { viewport: { width: 390, height: 844 } });
      const problems = [];
      dana.page.on("console", (message) => message.type() === "error" && problems.push(message.text()));
      await dana.page.goto(demo.console + EDIT);
      const elsewhere = await dana.context.newPage();
      await elsewhere.goto(demo.console + EDIT);

      await dana.page.bringToFront();
      const before = await places(dana.page);
      const bar = dana.page.locator("#news");
      assert.equal(await bar.getByRole("link").isVisible(), false);

      // Another window of the same admin takes access away: this one says so, and nothing moves.
      const untick = elsewhere.locator(`#case-${LIVE}`);
      await untick.getByLabel("Grant impersonation").click();
      await elsewhere.locator(".notice").getByText(/Access removed/).waitFor();
      await dana.page.bringToFront();
      const status = bar.getByRole("status");
      await status.getByText(`Case ${LIVE}: access was removed on`).waitFor();
      assert.deepEqual(await places(dana.page), before);
      assert.equal(await dana.page.locator(`#case-${LIVE}`).getAttribute("data-changed"), "");

      // Pressing the bar, with the keyboard as well, shows what is true now.
      const show = bar.getByRole("link", { name: "Show" });
      await show.focus();
      await dana.page.keyboard.press("Enter");
      await dana.page.locator(`#case-${LIVE}`).getByText("Access removed", { exact: true }).first().waitFor();
      assert.equal(await dana.page.locator("#news a").isVisible(), false);
      assert.equal(new URL(dana.page.url()).hash, `#case-${LIVE}`);

      // A form from before is answered with what has happened meanwhile.
      const tick = elsewhere.locator(`#case-${WAITING}`).getByLabel("Grant impersonation");
      await tick.click();
      await elsewhere.locator(".notice").getByText(/Access granted/).waitFor();
      const said = dana.page.locator("#news").getByText(`Case ${WAITING}: Dana Okafor granted access until`);
      await said.waitFor();
      await dana.page.locator(`#case-${WAITING}`).getByLabel("Grant impersonation").click();
      const notice = dana.page.locator(".notice");
      await notice.getByText("has changed since you opened this page, so nothing was done").waitFor();
      await notice.getByText(/granted access until/).waitFor();
      assert.equal(await dana.page.locator(`#case-${WAITING}`).getByLabel("Grant impersonation").isChecked(), true);

      // The summary has nothing in it that decides anything, and keeps itself up to date.
      await dana.page.goto(`${demo.console}/settings/account`);
      await elsewhere.goto(demo.console + EDIT);
      await dana.page.bringToFront();
      // Whoever has gone to a card's link by keyboard is still at it when the rest has changed.
      const link = dana.page.locator("#summary").getByRole("link", { name: "Review access for case 00012350" });
      await link.focus();
      await dana.page.locator("#summary").getByText(`has access for case ${WAITING}`).or(
        dana.page.locator("#summary").getByText(`have access for case ${WAITING}`)).waitFor();
      await elsewhere.locator(`#case-${WAITING}`).getByLabel("Grant impersonation").click();
      await elsewhere.locator(".notice").getByText(/Access removed/).waitFor();
      await dana.page.locator("#summary").getByText(`access for case ${WAITING}`).waitFor({ state: "detached" });
      assert.equal(await link.evaluate((el) => document.activeElement === el), true);
      assert.deepEqual(problems, []);
    }),
  ),
);

test("who is in now", { timeout: 240_000 }, () =>
  withDemo((demo) =>
    withBrowser(async (browser) => {
      const dana = await signIn(browser, demo, "dana@acme.test", { viewport: { width: 390, height: 844 } });
      await dana.page.goto(`${demo.console}/live`);
      const already = await dana.page.locator("#live-rows > li").count();

      // Somebody comes in: a row at the end, and what they look at in it.
      const sam = await signIn(browser, demo, "sam@vendor.test");
      // The product's pages go on asking for these by themselves, and the last request is what is shown.
      await sam.context.route(/\/(events|static\/.*)$/, (route) => route.abort());
      await sam.page.goto(`${demo.console}/cases/${LIVE}`);
      await sam.page.getByRole("button", { name: "Open read-only session" }).click();
      await sam.page.getByRole("link", { name: "Invoices", exact: true }).first().click();
      await sam.page.waitForURL((url) => url.pathname === "/invoices");
      const row = dana.page.locator("#live-rows > li").nth(already);
      await row.getByText("GET /invoices").waitFor();
      const place = () => row.getByRole("button", { name: /^End now/ }).boundingBox();
      const before = await place();
      await sam.page.getByRole("link", { name: "Customers", exact: true }).first().click();
      await row.getByText("GET /customers").waitFor();
      assert.deepEqual(await place(), before);

      // Their session ends elsewhere: the row stays where it is and can no longer be pressed.
      const end = row.getByRole("button", { name: /^End now/ });
      const elsewhere = await dana.context.newPage();
      await elsewhere.goto(`${demo.console}/live`);
      await elsewhere.locator("#live-rows > li").nth(already).getByRole("button", { name: /^End now/ }).click();
      await elsewhere.locator(".notice").getByText(/Effective everywhere since/).waitFor();
      await dana.page.bringToFront();
      await row.getByText("Ended", { exact: true }).waitFor();
      assert.equal(await end.isDisabled(), true);
      assert.deepEqual(await place(), before);
    }),
  ),
);

test("an agent's list", { timeout: 240_000 }, () =>
  withDemo((demo) =>
    withBrowser(async (browser) => {
      const sam = await signIn(browser, demo, "sam@vendor.test", { viewport: { width: 320, height: 844 } });
      await sam.page.goto(`${demo.console}/cases`);
      const row = sam.page.locator(`#case-${LIVE}`);
      const heading = sam.page.locator("section", { has: row }).getByRole("heading");
      await heading.getByText("You can look in now", { exact: true }).waitFor();
      const before = await places(sam.page);

      // Access is taken away: the row says so where it stands, the heading over it says no more that one can look in, what
      // would open a session cannot be pressed, and nothing moves.
      const dana = await signIn(browser, demo, "dana@acme.test");
      await dana.page.goto(demo.console + EDIT);
      await dana.page.locator(`#case-${LIVE}`).getByLabel("Grant impersonation").click();
      await dana.page.locator(".notice").getByText(/Access removed/).waitFor();
      await sam.page.bringToFront();
      await heading.getByText("You can look in now, or changed").waitFor();
      await row.locator(".chip").getByText("Access removed").waitFor();
      assert.equal(await heading.getByText("You can look in now", { exact: true }).isVisible(), false);
      for (const open of await row.getByRole("button").all()) assert.equal(await open.isDisabled(), true);
      assert.deepEqual(await places(sam.page), before);
      await sam.page.locator("#news").getByRole("link", { name: "Show" }).click();
      const over = sam.page.locator("section", { has: row }).getByRole("heading");
      await over.getByText("Access is over", { exact: true }).waitFor();
    }),
  ),
);

test("rules that somebody else has changed", { timeout: 240_000 }, () =>
  withDemo((demo) =>
    withBrowser(async (browser) => {
      const dana = await signIn(browser, demo, "dana@acme.test");
      const rules = `${demo.console}/settings/rules`;
      await dana.page.goto(rules);
      const elsewhere = await dana.context.newPage();
      await elsewhere.goto(rules);
      const save = (page) => page.getByRole("button", { name: "Save the rules" }).click();
      await elsewhere.getByLabel("How long a tick gives access").selectOption({ label: "1 h" });
      await save(elsewhere);
      await elsewhere.getByText("The rules for Support are saved.").waitFor();
      // The page that stayed open decides nothing on what is no longer so, and shows what is.
      await dana.page.bringToFront();
      await dana.page.getByLabel("Only for agents on the case at the moment of the tick").check();
      await save(dana.page);
      await dana.page.getByText(/since you opened this page, so nothing was saved/).waitFor();
      assert.equal(await dana.page.getByLabel("How long a tick gives access").inputValue(), "3600000");
      assert.equal(await dana.page.getByLabel("Only for agents on the case at the moment of the tick").isChecked(), false);
    }),
  ),
);

test("without a script", { timeout: 240_000 }, () =>
  withDemo((demo) =>
    withBrowser(async (browser) => {
      const options = { javaScriptEnabled: false, viewport: { width: 390, height: 844 } };
      const { page } = await signIn(browser, demo, "dana@acme.test", options);
      const signInAs = page.getByRole("main").getByRole("button", { name: "Sign in" });
      if (await signInAs.isVisible()) await signInAs.click();
      await page.goto(`${demo.console}/settings/rules`);
      await page.getByLabel("How long a tick gives access").selectOption({ label: "15 min" });
      await page.getByLabel("Only for agents on the case at the moment of the tick").check();
      await page.getByRole("button", { name: "Save the rules" }).click();
      await page.getByText("The rules for Support are saved.").waitFor();

      await page.goto(demo.console + EDIT);
      const card = page.locator(`#case-${WAITING}`);
      await card.getByText("for 15 min").waitFor();
      await card.getByLabel("Grant impersonation").check();
      await card.getByRole("button", { name: "Grant access" }).click();
      await page.getByText(`Access granted for case ${WAITING}`).waitFor();
      await page.locator(`#case-${WAITING}`).getByText("Ends soon").waitFor();
      await page.locator(`#case-${WAITING}`).getByRole("button", { name: "Remove access" }).click();
      await page.getByText(`Access removed for case ${WAITING}. Effective everywhere since`).waitFor();

      await page.goto(`${demo.console}/history?case=${WAITING}`);
      await page.getByText("removed access").first().waitFor();
      await page.getByRole("link", { name: `Report on case ${WAITING}` }).first().click();
      await page.getByRole("heading", { name: `Report on case ${WAITING}` }).waitFor();
      await page.getByText("Leaf hash of the last entry").waitFor();
      await page.goto(`${demo.console}/live`);
      await page.getByRole("heading", { name: "Who is in now" }).waitFor();
    }),
  ),
);
