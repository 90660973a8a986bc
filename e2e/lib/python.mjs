// Virtual environments of Python's, each with what a requirements file pins.
import { execFile } from "node:child_process";
import { readFile } from "node:fs/promises";
import { promisify } from "node:util";
import path from "node:path";
import { installed } from "./cache.mjs";

const run = promisify(execFile);

// The Python of the environment `name`, installed now or at an earlier run, with these more flags for pip.
export async function python(name, requirements, flags = []) {
  const pinned = await readFile(requirements, "utf8");
  // A virtual environment works with the Python that made it, and with no other.
  const { stdout: version } = await run("python3", ["-c", "import sys; print(sys.version, sys.executable)"]);
  const place = await installed(name, [pinned, version, ...flags], async (directory) => {
    await run("python3", ["-m", "venv", directory]);
    const pip = ["-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--require-hashes"];
    await run(path.join(directory, "bin/python"), [...pip, ...flags, "-r", requirements]);
  });
  return path.join(place, "bin/python");
}
