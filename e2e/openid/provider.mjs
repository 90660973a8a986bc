// Starts the provider of serve.mjs, installed once outside the checkout.
import { copyFile, readFile } from "node:fs/promises";
import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import path from "node:path";
import { installed } from "../lib/cache.mjs";
import { whenItSays, withProcess } from "../lib/process.mjs";

const run = promisify(execFile);
const here = fileURLToPath(new URL(".", import.meta.url));

async function directory() {
  const lock = await readFile(path.join(here, "package-lock.json"), "utf8");
  const serve = await readFile(path.join(here, "serve.mjs"), "utf8");
  return installed("openid", [lock, serve], async (filling) => {
    for (const file of ["package.json", "package-lock.json", "serve.mjs"]) {
      await copyFile(path.join(here, file), path.join(filling, file));
    }
    await run("npm", ["ci", "--ignore-scripts", "--no-audit", "--no-fund"], { cwd: filling });
  });
}

// Runs `fn` with the issuer of a provider that knows `client` by `secret` and sends people back to `redirect`; on
// `port`, if that is said, and for addresses in `domain`.
export async function withProvider({ client, secret, console, redirect, domain, port }, fn) {
  const kept = await directory();
  const more = domain === undefined ? [] : [domain];
  const command = [process.execPath, path.join(kept, "serve.mjs"), client, secret, console, redirect, ...more];
  const said = whenItSays((line) => JSON.parse(line));
  const env = { ...process.env, ...(port === undefined ? {} : { PORT: String(port) }) };
  return withProcess("the OpenID provider", command, said, ({ issuer }) => fn(issuer), { env });
}

// Somebody signs in there under a name, and says yes to what is asked.
export async function signInThere(page, name) {
  await page.getByPlaceholder("Enter any login").fill(name);
  await page.getByPlaceholder("and password").fill("any");
  await page.getByRole("button", { name: "Sign-in" }).click();
  await page.getByRole("button", { name: "Continue" }).click();
}
