// The customer's day with nothing but a keyboard, and what a screen reader is told.
import assert from "node:assert/strict";
import { test } from "node:test";
import { withBrowser } from "../lib/browser.mjs";
import { withDemo } from "../lib/demo.mjs";
import { withGallery } from "../lib/gallery.mjs";
import { signIn } from "../lib/people.mjs";
import { LIVE_CASE, inSession } from "../lib/session.mjs";

const REQUESTED = "00012345";

// Goes on by Tab until `target` has the focus. Each stop on the way shows where it is.
async function tabTo(page, target, most = 80) {
  for (let n = 0; n < most; n += 1) {
    await page.keyboard.press("Tab");
    const stop = await page.evaluate(() => {
      const el = document.activeElement;
      if (el === document.body) return null;
      el.scrollIntoView({ block: "nearest" });
      const { outlineStyle, outlineWidth } = getComputedStyle(el);
      const { x, y, width, height } = el.getBoundingClientRect();
      const above = document.elementFromPoint(x + width / 2, y + height / 2);
      return {
        what: el.outerHTML.slice(0, 120),
        outlined: outlineStyle !== "none" && Number.parseFloat(outlineWidth) >= 2,
        onTop: Boolean(above && (el.contains(above) || above.contains(el))),
      };
    });
    // The browser's own bar comes after the last stop of the page.
    if (stop === null) continue;
    assert.ok(stop.outlined, `the focus shows on ${stop.what}`);
    assert.ok(stop.onTop, `nothing covers ${stop.what}`);
    if (await target.evaluate((el) => el === document.activeElement)) return;
  }
  assert.fail(`Tab does not get to ${target}`);
}

const focused = (page, selector) =>
  page.evaluate((wanted) => Boolean(document.activeElement?.closest(wanted)), selector);

test("a customer's day by keyboard", { timeout: 120_000 }, () =>
  withDemo((demo) =>
    withBrowser(async (browser) => {
      const { page } = await signIn(browser, demo, "dana@acme.test", { viewport: { width: 1280, height: 800 } });
      const press = (key) => page.keyboard.press(key);
      const notice = (text) => page.locator(".notice").getByText(text).waitFor();

      // The first stop skips what is the same on every page.
      await page.goto(`${demo.console}/settings/account`);
      await tabTo(page, page.getByRole("link", { name: "Skip to content" }), 1);
      await press("Enter");
      assert.ok(await focused(page, "main"));
      await tabTo(page, page.getByRole("link", { name: "Account", exact: true }), 1);

      // Open the section, tick, and be where one was: the next stop is in the same case.
      await tabTo(page, page.getByRole("link", { name: /^Edit/ }));
      await press("Enter");
      const card = page.locator(`#case-${REQUESTED}`);
      const box = card.getByLabel("Grant impersonation");
      await box.waitFor();
      await tabTo(page, box);
      await press("Space");
      await notice(/Access granted/);
      await tabTo(page, box, 2);
      assert.equal(await box.isChecked(), true);
      await tabTo(page, card.getByRole("button", { name: "Extend access by 1 day" }), 1);
      await press("Enter");
      await notice(/extended/i);
      await tabTo(page, box, 2);
      await press("Space");
      await notice(/Access removed/);
      assert.equal(await box.isChecked(), false);

      // What was not done is what one is told first.
      await page.goto(`${demo.console}/cases/new`);
      await tabTo(page, page.getByLabel("Subject"));
      // As a browser would send it that does not hold forms against their attributes.
      await page.evaluate(() => document.querySelector("#title").removeAttribute("required"));
      await press("Enter");
      await page.locator("#title-error").waitFor();
      assert.ok(await focused(page, "#title[aria-invalid]"), "the focus is where the mistake is");

      // Who is in, and out again.
      const sam = await inSession(browser, demo);
      await sam.page.getByRole("link", { name: "Invoices", exact: true }).first().click();
      await sam.page.waitForURL(/invoices/);
      await page.goto(`${demo.console}/live`);
      await tabTo(page, page.getByRole("button", { name: /^End now/ }).first());
      await press("Enter");
      await notice(/ended/i);
      const gone = await sam.page.reload();
      assert.equal(gone.status(), 401);

      // What they looked at.
      await page.goto(`${demo.console}/history`);
      await tabTo(page, page.getByLabel("Search", { exact: true }));
      await page.keyboard.type("/invoices");
      await press("Enter");
      await page.waitForURL(/q=%2Finvoices/);
      await tabTo(page, page.getByRole("link", { name: LIVE_CASE }).first());
      await press("Enter");
      await page.getByRole("heading", { name: `Report on case ${LIVE_CASE}` }).waitFor();
      await tabTo(page, page.getByRole("button", { name: "Print" }));
    }),
  ),
);

test("a refusal takes the focus", { timeout: 60_000 }, () =>
  withDemo((demo) =>
    withBrowser(async (browser) => {
      const { page, context } = await signIn(browser, demo, "dana@acme.test");
      await page.goto(`${demo.console}/settings/rules`);
      // Somebody else changes the rules meanwhile.
      const other = await context.newPage();
      await other.goto(`${demo.console}/settings/rules`);
      await other.getByLabel(/Offer/).uncheck();
      await other.getByRole("button", { name: "Save the rules" }).click();
      await other.locator(".notice-done").waitFor();
      await tabTo(page, page.getByRole("button", { name: "Save the rules" }));
      await page.keyboard.press("Enter");
      await page.locator(".notice-refused").waitFor();
      assert.ok(await focused(page, ".notice-refused[role=alert]"));
    }),
  ),
);

// Names and roles, as a screen reader gets them. Every fixture has the same present.
const READ = `- main:
  - status
  - heading "Account" [level=1]
  - paragraph: Your organisation, and who outside it may look in.
  - navigation "Settings":
    - list:
      - listitem:
        - link "Account":
          - /url: /settings/account
      - listitem:
        - link "Rules for Support":
          - /url: /settings/rules
      - listitem:
        - link "Single sign-on":
          - /url: /settings/sign-in
      - listitem:
        - link "Directory":
          - /url: /settings/directory
  - region "Give access to Support":
    - heading "Give access to Support" [level=2]
    - paragraph: "Support can look inside Acme Inc only after you say yes: for one case, read-only, for a limited time."
    - link "Edit access for Support":
      - /url: /settings/account?edit=support#support
    - list:
      - listitem: 2 requests wait for approval
      - listitem: 1 self-assigned case waits for approval
      - listitem:
        - strong: Sam Ito
        - text: has access for case 00012346 until
        - time: 23 Nov 2025, 23:03 CET (UTC+01:00)
        - text: (7 h 59 min left)
        - link "Review access for case 00012346":
          - /url: /settings/account?edit=support#case-00012346
      - listitem: 1 session running now
  - region "Organisation":
    - heading "Organisation" [level=2]
    - term: Name
    - definition: Acme Inc
    - term: Short name
    - definition: acme
    - term: You
    - definition: Dana Cruz dana@acme.test
    - term: Your role
    - definition: Super admin
    - term: Times shown in
    - definition: Europe/Berlin
  - region "Signing in":
    - heading "Signing in" [level=2]
    - paragraph: "A passkey signs you in with your fingerprint, face or screen lock. Nobody else holds it: not your vendor, not Countersign."
    - paragraph:
      - strong: Your organisation is not claimed yet.
      - text: "Your vendor can still make a sign-in link that approves in your name. The first time a super admin signs in with a passkey, the organisation is claimed: from then on, nothing your vendor makes can approve until one of your super admins accepts it. The other admins’ accounts and sign-ins wait to be accepted, too."
    - paragraph: First add a passkey below, then sign in with it.
    - paragraph: You have no passkey.
    - text: Name of the device or password manager
    - textbox "Name of the device or password manager":
      - /placeholder: Work laptop
    - button "Add a passkey"
  - status`;

const CARD = `- article "Case 00012346 Sign-in log is empty since the migration":
  - heading "Case 00012346 Sign-in log is empty since the migration" [level=4]
  - text: Access granted
  - figure "Sam Ito sam@vendor.test asked on 23 Nov 2025, 14:21 CET, because:":
    - text: Sam Ito sam@vendor.test asked on
    - time: 23 Nov 2025, 14:21 CET
    - text: ", because:"
    - blockquote: "I would like to see the group rule list as you see it: on our side the third page loads, so the order of your rules must matter. Nothing will be changed."
  - term: Acts as
  - definition: Lee Wong lee@acme.test
  - term: Who has access
  - definition: Sam Ito sam@vendor.test
  - term: Case opened by
  - definition: Lee Wong lee@acme.test
  - checkbox "Grant impersonation" [checked]
  - text: Grant impersonation
  - paragraph: Sam Ito can look inside Acme Inc as Lee Wong, read-only. Whoever your vendor puts on this case later can look in too. Clear the box to remove access everywhere at once.
  - paragraph: Expires
  - paragraph:
    - time: 23 Nov 2025, 23:03 CET (UTC+01:00)
  - paragraph: 7 h 59 min left
  - paragraph:
    - text: Granted by Dana Cruz on
    - time: 23 Nov 2025, 15:03 CET
  - button "Extend access by 1 day"
  - paragraph:
    - text: "24 h from your click: until"
    - time: 24 Nov 2025, 15:03 CET (UTC+01:00)`;

test("what a screen reader is told", { timeout: 60_000 }, () =>
  withGallery(({ pages }) =>
    withBrowser(async (browser) => {
      const page = await (await browser.newContext({ timezoneId: "UTC" })).newPage();
      const open = (wanted) => page.goto(pages.find(({ name, lang }) => name === wanted && lang === "en").url);
      await open("settings-read");
      assert.equal(await page.locator("main").ariaSnapshot(), READ);
      await open("settings-edit");
      assert.equal(await page.locator("article").nth(1).ariaSnapshot(), CARD);
    }),
  ),
);
