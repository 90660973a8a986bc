// Every page in the states of the demo: nothing for axe-core to find, nothing wider than the
// window, and a screenshot each in e2e/artifacts to leaf through.
import assert from "node:assert/strict";
import { mkdirSync } from "node:fs";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import path from "node:path";
import { assertAccessible } from "../lib/axe.mjs";
import { withBrowser } from "../lib/browser.mjs";
import { withDemo } from "../lib/demo.mjs";
import { signIn } from "../lib/people.mjs";

const artifacts = fileURLToPath(new URL("../artifacts/", import.meta.url));

const LOOKS = [
  { name: "desktop-light", viewport: { width: 1280, height: 900 }, colorScheme: "light" },
  { name: "desktop-dark", viewport: { width: 1280, height: 900 }, colorScheme: "dark" },
  { name: "phone-light", viewport: { width: 390, height: 844 }, colorScheme: "light" },
  { name: "phone-dark", viewport: { width: 320, height: 844 }, colorScheme: "dark" },
  // The longest words on the narrowest window.
  { name: "phone-german", viewport: { width: 320, height: 844 }, colorScheme: "light", language: "de" },
  { name: "phone-french", viewport: { width: 320, height: 844 }, colorScheme: "light", language: "fr" },
];

const PAGES = [
  ["dana@acme.test", "settings", "/settings/account", 200],
  ["dana@acme.test", "settings-edit", "/settings/account?edit=support", 200],
  ["dana@acme.test", "rules", "/settings/rules", 200],
  ["ben@acme.test", "rules-read", "/settings/rules", 200],
  ["dana@acme.test", "live", "/live", 200],
  ["dana@acme.test", "history", "/history", 200],
  ["dana@acme.test", "history-nothing", "/history?case=none", 404],
  ["dana@acme.test", "report", "/cases/00012346/report", 200],
  ["dana@acme.test", "admin-cases", "/cases", 200],
  ["dana@acme.test", "open-case", "/cases/new", 200],
  ["dana@acme.test", "not-found", "/nothing-here", 404],
  ["ben@acme.test", "settings-edit-admin", "/settings/account?edit=support", 200],
  ["grace@globex.test", "settings-edit-globex", "/settings/account?edit=support", 200],
  ["sam@vendor.test", "agent-cases", "/cases", 200],
  ["sam@vendor.test", "agent-requested", "/cases/00012345", 200],
  ["sam@vendor.test", "agent-live", "/cases/00012346", 200],
  ["sam@vendor.test", "agent-expired", "/cases/00012348", 200],
  ["sam@vendor.test", "agent-not-requested", "/cases/00012351", 200],
  ["kim@vendor.test", "agent-self-assigned", "/cases/00012352", 200],
  ["sam@vendor.test", "agent-cases-closed", "/cases?status=closed", 200],
  ["sam@vendor.test", "agent-looked", "/cases/00012346/looked", 200],
  ["sam@vendor.test", "agent-not-on-team", "/cases/00012349", 404],
];

test("pages", { timeout: 300_000 }, () =>
  withDemo((demo) =>
    withBrowser(async (browser) => {
      mkdirSync(artifacts, { recursive: true });
      const signedIn = new Map();
      for (const [email] of PAGES) {
        if (!signedIn.has(email)) signedIn.set(email, await signIn(browser, demo, email));
      }
      const anyone = await browser.newContext();
      const visits = [
        [await anyone.newPage(), "sign-in", "/sign-in", 200],
        ...PAGES.map(([email, ...rest]) => [signedIn.get(email).page, ...rest]),
      ];
      for (const [page, name, where, status] of visits) {
        for (const look of LOOKS) {
          await page.setViewportSize(look.viewport);
          const language = look.language ?? "en";
          await page.context().addCookies([{ name: "countersign-language", value: language, url: demo.console }]);
          await page.emulateMedia({ colorScheme: look.colorScheme, reducedMotion: "reduce" });
          const response = await page.goto(demo.console + where);
          const shown = `${name} (${look.name})`;
          assert.equal(response.status(), status, shown);
          assert.equal(await page.evaluate(() => document.documentElement.lang), language, shown);
          await page.screenshot({ path: path.join(artifacts, `${name}-${look.name}.png`), fullPage: true });
          await assertAccessible(page, shown);
          const overflow = await page.evaluate(
            () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
          );
          assert.ok(overflow <= 0, `${shown} is ${overflow} px wider than the window`);
        }
      }
    }),
  ),
);
