// A support agent's day: ask, pass a message on, see the tick without loading the page, look in, ask for more time, end,
// and read what they did.
import assert from "node:assert/strict";
import { test } from "node:test";
import { assertAccessible } from "../lib/axe.mjs";
import { withBrowser } from "../lib/browser.mjs";
import { withDemo } from "../lib/demo.mjs";
import { signIn } from "../lib/people.mjs";

const CASE = "00012351";
const WHY = "The customer cannot find where users are renamed; I want to see the same page.";

// Where everything that can be pressed or read on the page stands, by what it is.
const places = async (page) =>
  new Map(
    await page.evaluate(() => {
      const seen = {};
      return [...document.querySelectorAll("main :is(h1, h2, button, input, textarea, a, li)")]
        .filter((el) => !el.closest(".news"))
        .map((el) => {
          const { x, y, width, height } = el.getBoundingClientRect();
          const what = [el.tagName, el.id, el.name ?? "", el.tagName === "LI" ? "" : el.textContent.trim()].join(" ");
          seen[what] = (seen[what] ?? 0) + 1;
          return [`${what} ${seen[what]}`, [x, y, width, height]];
        });
    }),
  );

// What is still there stands where it stood, to the pixel.
const assertStands = (before, now) => {
  const still = [...now.keys()].filter((what) => before.has(what));
  assert.ok(still.length > 8, [...now.keys()].join("\n"));
  for (const what of still) {
    const moved = now.get(what).some((at, side) => Math.abs(at - before.get(what)[side]) >= 1);
    assert.ok(!moved, `${what}: ${before.get(what)} is now at ${now.get(what)}`);
  }
};

for (const [name, viewport] of [
  ["desk", { width: 1280, height: 900 }],
  ["phone", { width: 390, height: 844 }],
]) {
  test(`an agent's day at a ${name}`, { timeout: 240_000 }, () =>
    withDemo((demo) => withBrowser((browser) => day(browser, demo, viewport))),
  );
}

async function day(browser, demo, viewport) {
  const sam = await signIn(browser, demo, "sam@vendor.test", {
    viewport,
    permissions: ["clipboard-read", "clipboard-write"],
  });
  const dana = await signIn(browser, demo, "dana@acme.test");
  const problems = [];
  const ours = (message) => message.location().url.startsWith(demo.console);
  sam.page.on("console", (message) => message.type() === "error" && ours(message) && problems.push(message.text()));

  // Ask, and copy the message.
  await sam.page.goto(`${demo.console}/cases`);
  const toAsk = sam.page.getByRole("region", { name: /^No access asked for/ });
  await toAsk.getByRole("link", { name: new RegExp(CASE) }).click();
  await sam.page.getByLabel("Why do you need to look inside?").fill(WHY);
  await sam.page.getByRole("button", { name: "Ask for access" }).click();
  await sam.page.getByText("The customer is not notified: pass the link on.").waitFor();
  await sam.page.getByRole("button", { name: "Copy message" }).click();
  await sam.page.getByRole("button", { name: "Copied" }).waitFor();
  const link = await sam.page.getByLabel("Link for the customer").inputValue();
  // The console's pages may write to the clipboard, and not read it.
  const letter = await sam.context.newPage();
  await letter.setContent("<textarea></textarea>");
  await letter.locator("textarea").focus();
  await letter.keyboard.press("ControlOrMeta+V");
  const message = await letter.locator("textarea").inputValue();
  await letter.close();
  assert.match(message, new RegExp(`^Hello,\\n\\nTo work on case ${CASE}, `));
  assert.ok(message.includes(`\n${link}\n`), message);

  // A list that is open beside it, and the case: both turn live where they stand, and nothing moves.
  const list = await sam.context.newPage();
  await list.goto(`${demo.console}/cases`);
  const row = list.locator(`#case-${CASE}`);
  await row.getByText("Waiting for approval").waitFor();
  await sam.page.bringToFront();
  const chip = sam.page.locator(`#chip-${CASE}`);
  const open = sam.page.getByRole("button", { name: "Open read-only session" });
  assert.equal(await chip.innerText(), "Waiting for approval");
  assert.equal(await open.isDisabled(), true);
  await assertAccessible(sam.page, "a case that waits");
  // The button says for a moment that it has copied.
  await sam.page.getByRole("button", { name: "Copy message" }).waitFor();
  const before = [await places(sam.page), await places(list)];

  await dana.page.goto(link);
  await dana.page.locator(`#case-${CASE}`).getByLabel("Grant impersonation").click();
  await dana.page.locator(".notice").getByText(/Access granted/).waitFor();
  await chip.getByText("Access granted", { exact: true }).waitFor();
  await sam.page.getByRole("status").getByText(`Case ${CASE}: Dana Okafor granted access until`).waitFor();
  assert.equal(await open.isDisabled(), false);
  assertStands(before[0], await places(sam.page));
  await assertAccessible(sam.page, "a case that was granted");
  await list.bringToFront();
  await row.getByText("Access granted", { exact: true }).waitFor();
  assertStands(before[1], await places(list));
  await list.locator("#news").getByRole("link", { name: "Show" }).click();
  const live = list.getByRole("region", { name: /^You can look in now/ });
  await live.getByRole("button", { name: `Look in for case ${CASE}` }).waitFor();
  await assertAccessible(list, "the list");

  // Look in, with the button that has just begun to work.
  await sam.page.bringToFront();
  await open.click();
  await sam.page.getByRole("link", { name: "Invoices", exact: true }).first().click();
  await sam.page.waitForURL((url) => url.pathname === "/invoices");

  // More time, and the message for it.
  await sam.page.goto(`${demo.console}/cases/${CASE}`);
  await sam.page.getByText("Ask for more time").first().click();
  await sam.page.getByLabel("Why do you need to look inside?").fill("The third page is slow; I need another hour.");
  await sam.page.getByRole("button", { name: "Ask for more time" }).click();
  await sam.page.locator(".notice").getByText(/More time asked for/).waitFor();
  assert.match(await sam.page.getByLabel("Message for the customer").inputValue(), /I need more time\./);
  await sam.page.getByRole("link", { name: "Deutsch" }).first().click();
  assert.match(await sam.page.getByLabel("Message for the customer").inputValue(), /^Guten Tag,/);

  // End it, and read what was done.
  await sam.page.getByRole("button", { name: "End", exact: true }).click();
  await sam.page.locator(".notice").getByText(/Your session for case .* ended\. Effective everywhere/).waitFor();
  await sam.page.getByRole("link", { name: "What you looked at on this case" }).click();
  await sam.page.getByRole("heading", { name: "What you looked at" }).waitFor();
  await sam.page.getByText("GET /invoices").first().waitFor();
  await assertAccessible(sam.page, "what an agent looked at");
  await sam.page.getByLabel("What", { exact: true }).selectOption({ label: "Access: asked for, granted, extended, removed" });
  await sam.page.getByRole("button", { name: "Search" }).click();
  await sam.page.getByText("asked for more time").waitFor();
  assert.equal(await sam.page.getByText("GET /invoices").count(), 0);
  assert.deepEqual(problems, []);
}
