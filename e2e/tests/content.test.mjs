// Agents write what admins read. Whatever they write, the words around it stay where they are and nothing leaves its
// place.
import assert from "node:assert/strict";
import { test } from "node:test";
import { withBrowser } from "../lib/browser.mjs";
import { withGallery } from "../lib/gallery.mjs";
import { displaced, overflow } from "../lib/layout.mjs";

test("somebody's text moves nothing around it", { timeout: 60_000 }, () =>
  withGallery(({ origin, pages }) =>
    withBrowser(async (browser) => {
      const context = await browser.newContext({ timezoneId: "UTC" });
      const page = await context.newPage();
      const ours = pages.filter(({ name }) => name.includes("hostile"));
      assert.equal(ours.length, 9, "three pages in three languages");
      for (const { name, lang, url } of ours) {
        for (const width of [320, 1280]) {
          const shown = `${name} (${lang}, ${width} px)`;
          await page.setViewportSize({ width, height: 800 });
          await page.goto(url);
          assert.deepEqual(await displaced(page), [], shown);
          assert.equal(await overflow(page), null, shown);
          // Nothing that somebody wrote leads anywhere.
          const links = await page.$$eval("a[href], form", (found) => found.map((el) => el.href ?? el.action));
          const known = [origin, "http://localhost:8080"];
          assert.deepEqual(links.filter((href) => !known.includes(new URL(href).origin)), [], shown);
          assert.equal(await page.locator("bdi :is(a, img, script, form, input, button)").count(), 0, shown);
        }
      }
      // The same page without what isolates: the check sees what would happen.
      await page.setViewportSize({ width: 1280, height: 800 });
      await page.goto(ours[0].url);
      await page.evaluate(() => {
        for (const el of document.querySelectorAll("bdi")) {
          el.style.unicodeBidi = "normal";
          el.append("\u202e");
        }
      });
      assert.notDeepEqual(await displaced(page), []);
    }),
  ),
);
