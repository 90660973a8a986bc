// A report on paper: dark on white whatever the screen is, nothing to press, no line cut off.
import assert from "node:assert/strict";
import { test } from "node:test";
import { withBrowser } from "../lib/browser.mjs";
import { withGallery } from "../lib/gallery.mjs";
import { overflow } from "../lib/layout.mjs";

// The width of A4 between the margins, in CSS pixels.
const PAPER = 672;

test("a report on paper", { timeout: 60_000 }, () =>
  withGallery(({ pages }) =>
    withBrowser(async (browser) => {
      const context = await browser.newContext({ timezoneId: "UTC", viewport: { width: PAPER, height: 990 } });
      const page = await context.newPage();
      const reports = pages.filter(({ name }) => name === "report");
      assert.equal(reports.length, 3);
      for (const { url, lang } of reports) {
        await page.goto(url);
        await page.emulateMedia({ media: "print", colorScheme: "dark" });
        const ink = await page.evaluate(() => getComputedStyle(document.body).color);
        assert.ok(ink.match(/\d+/g).every((part) => Number(part) < 64), `${lang}: ${ink}`);
        const pressable = page.locator("button, summary, header a, footer a, nav a").filter({ visible: true });
        assert.deepEqual(await pressable.allInnerTexts(), [], lang);
        assert.equal(await overflow(page), null, lang);
        await page.emulateMedia({ media: "screen" });
        const light = await page.evaluate(() => getComputedStyle(document.body).color);
        assert.notEqual(light, ink, "the screen is dark");
      }
    }),
  ),
);
