// Every page in every state: a picture of it on a desktop and on a phone, light and dark, in e2e/artifacts/gallery, with
// an index.html to leaf through; nothing for axe-core to find; nothing wider than its window however narrow, large or
// turned round; nothing that moves for whoever asked for stillness; and nothing that is lost with forced colours.
import assert from "node:assert/strict";
import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { test } from "node:test";
import path from "node:path";
import { assertAccessible } from "../lib/axe.mjs";
import { artifacts, withBrowser } from "../lib/browser.mjs";
import { withGallery } from "../lib/gallery.mjs";
import { lostInForcedColours } from "../lib/forced.mjs";
import { moving, overflow } from "../lib/layout.mjs";

const folder = path.join(artifacts, "gallery");
const DESKTOP = 1280;
const PHONE = 390;
// 640 px are a desktop at 200 %.
const WIDTHS = [320, 640, 768, 1600];

async function as(page, width, height = 900) {
  await page.setViewportSize({ width, height });
}

// What is wrong, on all pages: each is looked at whatever was found on the one before.
const found = [];

async function fits(page, shown) {
  const by = await overflow(page);
  if (by) found.push(`${shown} is wider than its window by ${by}`);
}

async function isStill(page, shown) {
  const moves = await moving(page);
  if (moves.length > 0) found.push(`on ${shown} moves: ${moves.join(", ")}`);
}

async function isAccessible(page, shown) {
  try {
    await assertAccessible(page, shown);
  } catch (error) {
    if (error.code !== "ERR_ASSERTION") throw error;
    found.push(error.message);
  }
}

async function picture(page, name, look) {
  await page.screenshot({ path: path.join(folder, `${name}-${look}.jpg`), fullPage: true, type: "jpeg", quality: 70 });
}

async function looked(browser, colorScheme, pages, more = async () => {}) {
  const context = await browser.newContext({ colorScheme, reducedMotion: "reduce", timezoneId: "UTC" });
  const page = await context.newPage();
  for (const { name, url } of pages) {
    await as(page, DESKTOP);
    await page.goto(url);
    await picture(page, name, `desktop-${colorScheme}`);
    await fits(page, `${name} (${DESKTOP} px)`);
    await isStill(page, name);
    await as(page, PHONE, 844);
    await picture(page, name, `phone-${colorScheme}`);
    await fits(page, `${name} (${PHONE} px)`);
    await isAccessible(page, `${name} (${colorScheme})`);
    await more(page, name);
  }
  await context.close();
}

async function narrowLargeAndTurned(page, name) {
  for (const width of WIDTHS) {
    await as(page, width);
    await fits(page, `${name} (${width} px)`);
  }
  await page.evaluate(() => (document.documentElement.dir = "rtl"));
  for (const width of [320, DESKTOP]) {
    await as(page, width);
    await fits(page, `${name} (${width} px, from right to left)`);
  }
  await picture(page, name, "right-to-left");
  await page.evaluate(() => {
    document.documentElement.dir = "ltr";
    document.documentElement.style.fontSize = "200%";
  });
  for (const width of [PHONE, DESKTOP]) {
    await as(page, width);
    await fits(page, `${name} (${width} px, text at 200 %)`);
  }
  await page.emulateMedia({ forcedColors: "active" });
  await page.evaluate(() => (document.documentElement.style.fontSize = ""));
  await picture(page, name, "forced-colours");
  const lost = await lostInForcedColours(page);
  if (lost.length > 0) found.push(`on ${name}, with forced colours: ${lost.join(", ")}`);
  await page.emulateMedia({ forcedColors: "none" });
}

// The longest words on the narrowest window.
async function inOtherLanguages(browser, pages) {
  const context = await browser.newContext({ timezoneId: "UTC" });
  const page = await context.newPage();
  for (const { name, lang, url } of pages) {
    await as(page, 320);
    await page.goto(url);
    await fits(page, `${name} (${lang})`);
    await as(page, PHONE);
    if (lang === "de") await picture(page, name, "german");
  }
  await context.close();
}

function index(names) {
  const looks = [
    ...["desktop-light", "desktop-dark", "phone-light", "phone-dark", "german"],
    ...["right-to-left", "forced-colours"],
  ];
  const picture = (name, look) =>
    `<figure><a href="${name}-${look}.jpg"><img loading="lazy" alt="" src="${name}-${look}.jpg"></a><figcaption>${look}</figcaption></figure>`;
  const page = (name) =>
    `<section id="${name}"><h2><a href="#${name}">${name}</a></h2><div>${looks.map((look) => picture(name, look)).join("")}</div></section>`;
  return `<!doctype html><html lang="en"><meta charset="utf-8"><title>Gallery</title><style>
body { font: 16px system-ui; margin: 1rem; background: #777; } h2 a { color: #fff; }
section > div { display: flex; gap: 1rem; overflow-x: auto; align-items: start; }
figure { margin: 0; } figcaption { color: #fff; } img { height: 70vh; width: auto; }
</style><h1>Gallery</h1>${names.map(page).join("\n")}`;
}

test("gallery", { timeout: 400_000 }, () =>
  withGallery(({ pages }) =>
    withBrowser(async (browser) => {
      rmSync(folder, { recursive: true, force: true });
      mkdirSync(folder, { recursive: true });
      const english = pages.filter(({ lang }) => lang === "en");
      await Promise.all([
        looked(browser, "light", english, narrowLargeAndTurned),
        looked(browser, "dark", english).then(() =>
          inOtherLanguages(
            browser,
            pages.filter(({ lang }) => lang !== "en"),
          ),
        ),
      ]);
      writeFileSync(path.join(folder, "index.html"), index(english.map(({ name }) => name)));
      assert.equal(found.length, 0, found.join("\n\n"));
    }),
  ),
);
