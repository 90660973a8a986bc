// Debian's Chromium through playwright-core, which brings no browser of its own.
import { execFileSync } from "node:child_process";
import { mkdirSync } from "node:fs";
import { fileURLToPath } from "node:url";
import path from "node:path";
import { chromium } from "playwright-core";

export const artifacts = fileURLToPath(new URL("../artifacts/", import.meta.url));

function executable() {
  if (process.env.CHROMIUM) return process.env.CHROMIUM;
  try {
    return execFileSync("sh", ["-c", "command -v chromium"], { encoding: "utf8" }).trim();
  } catch {
    throw new Error("chromium is not installed; script/test installs it, or name one in CHROMIUM");
  }
}

// Runs `fn` with a headless browser that has a fresh profile, and closes it whatever happens. `more` are arguments.
export async function withBrowser(fn, more = []) {
  const browser = await chromium.launch({
    executablePath: executable(),
    // Chromium refuses to run its sandbox as root; nobody else gives it up.
    chromiumSandbox: process.getuid?.() !== 0,
    args: [
      "--disable-gpu",
      "--disable-quic",
      "--no-first-run",
      "--disable-background-networking",
      "--disable-component-update",
      "--disable-sync",
      ...more,
    ],
  });
  try {
    return await fn(browser);
  } catch (error) {
    error.stack += await lastSeen(browser);
    throw error;
  } finally {
    await browser.close();
  }
}

// Where each page stood when a test failed, and a picture of it.
async function lastSeen(browser) {
  mkdirSync(artifacts, { recursive: true });
  const pages = browser.contexts().flatMap((context) => context.pages());
  let told = "";
  for (const [n, page] of pages.entries()) {
    const picture = path.join(artifacts, `failed-${n}.png`);
    const taken = await page.screenshot({ path: picture, timeout: 5_000 }).then(() => picture, () => "no picture");
    told += `\n\nA page stood at ${page.url()} (${taken})`;
  }
  return told;
}
