// Runs every e2e/tests/*.test.mjs with node's own test runner, one file at a time: each starts a demo, or a
// server and a product.
import { spawnSync } from "node:child_process";
import { readdirSync } from "node:fs";
import { fileURLToPath } from "node:url";
import path from "node:path";

const tests = fileURLToPath(new URL("tests/", import.meta.url));
const wanted = process.argv.slice(2);

let files = [];
try {
  files = readdirSync(tests)
    .filter((name) => name.endsWith(".test.mjs"))
    .filter((name) => wanted.length === 0 || wanted.some((part) => name.includes(part)))
    .sort()
    .map((name) => path.join(tests, name));
} catch (error) {
  if (error.code !== "ENOENT") throw error;
}

// Without files node would search on its own, and count nothing found as a pass.
if (files.length === 0) {
  console.error(`no test to run in ${tests}${wanted.length ? ` matching ${wanted.join(" or ")}` : ""}`);
  process.exit(1);
}

const run = spawnSync(
  process.execPath,
  ["--test", "--test-concurrency=1", "--test-reporter=spec", ...files],
  { stdio: "inherit" },
);
if (run.error) throw run.error;
process.exit(run.status ?? 1);
