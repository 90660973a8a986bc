// `openid-client` as it comes, and whoever verifies tokens with `jose`: both installed once, outside the checkout.
import { execFile } from "node:child_process";
import { cp, readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { fileURLToPath, pathToFileURL } from "node:url";
import { promisify } from "node:util";
import path from "node:path";
import { installed } from "../lib/cache.mjs";

const run = promisify(execFile);
const here = fileURLToPath(new URL(".", import.meta.url));

// {openid, jose}: the modules.
export async function modules() {
  const lock = await readFile(path.join(here, "package-lock.json"), "utf8");
  const place = await installed("openid-client", [lock], async (directory) => {
    for (const name of ["package.json", "package-lock.json"]) await cp(path.join(here, name), path.join(directory, name));
    await run("npm", ["ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"], { cwd: directory });
  });
  const { resolve } = createRequire(path.join(place, "package.json"));
  const load = (name) => import(pathToFileURL(resolve(name)));
  return { openid: await load("openid-client"), jose: await load("jose") };
}
