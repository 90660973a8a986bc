// Debian's Chromium through playwright-core, which brings no browser of its own.
import { execFileSync } from "node:child_process";
import { chromium } from "playwright-core";

function executable() {
  if (process.env.CHROMIUM) return process.env.CHROMIUM;
  try {
    return execFileSync("sh", ["-c", "command -v chromium"], { encoding: "utf8" }).trim();
  } catch {
    throw new Error("chromium is not installed; script/test installs it, or name one in CHROMIUM");
  }
}

// Runs `fn` with a headless browser that has a fresh profile, and closes it whatever happens.
export async function withBrowser(fn) {
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
    ],
  });
  try {
    return await fn(browser);
  } finally {
    await browser.close();
  }
}
