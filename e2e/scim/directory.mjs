// A directory as programs have one: scim2-client, and scim2-tester, which checks a server against the RFCs.
import { execFile } from "node:child_process";
import { readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import path from "node:path";
import { installed } from "../lib/cache.mjs";
import { cleanEnvironment } from "../lib/process.mjs";

const run = promisify(execFile);
const here = fileURLToPath(new URL(".", import.meta.url));

// Runs one of the programs beside this file against a server, and answers with what it printed.
export async function withScim(program, server, token) {
  const requirements = await readFile(path.join(here, "requirements.txt"), "utf8");
  // A virtual environment works with the Python that made it, and with no other.
  const { stdout: python } = await run("python3", ["-c", "import sys; print(sys.version, sys.executable)"]);
  const place = await installed("scim-python", [requirements, python], async (directory) => {
    await run("python3", ["-m", "venv", directory]);
    const pip = ["-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--require-hashes"];
    await run(path.join(directory, "bin/python"), [...pip, "-r", path.join(here, "requirements.txt")]);
  });
  const { stdout } = await run(path.join(place, "bin/python"), [path.join(here, program)], {
    env: cleanEnvironment({ BASE_URL: `${server}/scim/v2`, TOKEN: token, PYTHONDONTWRITEBYTECODE: "1" }),
    maxBuffer: 64 * 1024 * 1024,
  });
  return JSON.parse(stdout);
}
