// The Django admin on a free port, with a database filled afresh.
import { execFile } from "node:child_process";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import path from "node:path";
import { installed } from "../../lib/cache.mjs";
import { cleanEnvironment, whenItSays, withProcess } from "../../lib/process.mjs";

const run = promisify(execFile);
const here = fileURLToPath(new URL(".", import.meta.url));

// Runs `fn` with {origin, dump, requests, alsoPersistent} of the product, and stops it.
export async function withDjango(fn) {
  const requirements = await readFile(path.join(here, "requirements.txt"), "utf8");
  // A virtual environment works with the Python that made it, and with no other.
  const { stdout: python } = await run("python3", ["-c", "import sys; print(sys.version, sys.executable)"]);
  const place = await installed("django", [requirements, python], async (directory) => {
    await run("python3", ["-m", "venv", directory]);
    const pip = ["-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--require-hashes"];
    await run(path.join(directory, "bin/python"), [...pip, "-r", path.join(here, "requirements.txt")]);
  });
  const data = await mkdtemp(path.join(tmpdir(), "countersign-django-"));
  const program = path.join(place, "bin/python");
  const env = cleanEnvironment({ DATA: data, PYTHONDONTWRITEBYTECODE: "1", PYTHONUNBUFFERED: "1" });
  try {
    await run(program, ["seed.py"], { cwd: here, env });
    const serve = (name, more, then) => {
      const accessLog = path.join(data, `${name}.log`);
      const command = [
        ...[program, "-m", "gunicorn", "project.wsgi", "--bind", "127.0.0.1:0"],
        // One process with threads: enough for one browser, and its access log is in one piece.
        ...["--workers", "1", "--threads", "4", "--worker-tmp-dir", data, "--no-control-socket"],
        ...["--access-logfile", accessLog, "--access-logformat", "%({arrived_ms}e)s %(s)s %(m)s %({raw_uri}e)s"],
      ];
      const address = (line) => line.match(/Listening at: (http:\/\/127\.0\.0\.1:\d+)/)?.[1];
      const listening = whenItSays(address, "stderr");
      const options = { cwd: here, env: { ...env, ...more } };
      return withProcess("Django", command, listening, (origin) => then({ origin, accessLog }), options);
    };
    return await serve("access", {}, ({ origin, accessLog }) =>
      fn({
        origin,
        // Every row of every table.
        dump: async () => JSON.parse((await run(program, ["dump.py", path.join(data, "django.sqlite3")], {
          cwd: here,
          maxBuffer: 1 << 26,
        })).stdout),
        // What the product's own access log says reached it: [{at, status, method, path}].
        requests: async () =>
          (await readFile(accessLog, "utf8")).split("\n").filter(Boolean).map((line) => {
            const [at, status, method, ...rest] = line.split(" ");
            return { at: Number(at), status: Number(status), method, path: rest.join(" ") };
          }),
        // The same site and database, at an address where a session cookie alone is believed.
        alsoPersistent: (then) => serve("persistent", { REMOTE_USER: "persistent" }, (too) => then(too.origin)),
      }),
    );
  } finally {
    await rm(data, { recursive: true, force: true });
  }
}
