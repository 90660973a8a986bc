// Holds the running API to its own description with schemathesis, once as each kind of caller or as those named in the
// arguments. Each gets a server of its own, filled alike, so that a run can be repeated.
import { execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import path from "node:path";
import { installed } from "../lib/cache.mjs";
import { cleanEnvironment } from "../lib/process.mjs";
import { withServer } from "../lib/server.mjs";

const run = promisify(execFile);
const here = fileURLToPath(new URL(".", import.meta.url));
const file = (name) => path.join(here, name);

const WHY = "The totals on two pages differ; I would like to see both.";

// Acme with Dana and Dora (super admins) and the admins Bea, who opened the cases, and Ben, Globex with
// Grace; agents Sam, who is on the cases, and Kim. Dana is in the description's examples and Ben in the configuration, so
// that both get deactivated.
async function fill({ cli, api }) {
  const token = async (...whom) => (await cli("token", "create", ...whom)).token;
  for (const [slug, name] of [["acme", "Acme Inc"], ["globex", "Globex"]]) {
    await cli("org", "create", "--slug", slug, "--name", name);
  }
  for (const [org, email, role] of [
    ["acme", "dana@acme.test", "super_admin"],
    ["acme", "dora@acme.test", "super_admin"],
    ["acme", "bea@acme.test", "admin"],
    ["acme", "ben@acme.test", "admin"],
    ["globex", "grace@globex.test", "super_admin"],
  ]) {
    await cli("admin", "create", "--org", org, "--email", email, "--name", "Somebody", "--role", role);
  }
  for (const email of ["sam@vendor.test", "kim@vendor.test"]) {
    await cli("agent", "create", "--email", email, "--name", "Agent");
  }
  const callers = {
    operator: await token("--operator"),
    "super admin": await token("--org", "acme", "--admin", "dora@acme.test"),
    "admin who opened the cases": await token("--org", "acme", "--admin", "bea@acme.test"),
    "super admin of another org": await token("--org", "globex", "--admin", "grace@globex.test"),
    "agent on the team": await token("--agent", "sam@vendor.test"),
    "agent off the team": await token("--agent", "kim@vendor.test"),
  };
  const routes = [
    { methods: ["POST"], path: "/search", effect: "read" },
    { methods: ["*"], path: "/logout/**", effect: "write" },
  ];
  const [operator, dora, sam] = [callers.operator, callers["super admin"], callers["agent on the team"]].map(api);
  await operator("PUT", "/orgs/acme/upstream", { origin: "http://127.0.0.1:9", routes });
  // Nobody asked, asked, granted with a session under way, and opened by the agent.
  for (const [number, opener] of [["C-1", "bea"], ["C-2", "bea"], ["C-3", "bea"], ["C-4", "sam"]]) {
    const opened_by = opener === "bea" ? { admin: "bea@acme.test" } : { agent: "sam@vendor.test" };
    await operator("POST", "/cases", {
      ...{ org: "acme", number, subject: "Totals differ" }, opened_by, team: ["sam@vendor.test"],
    });
  }
  for (const number of ["C-2", "C-3"]) {
    await sam("POST", `/cases/${number}/access-request`, { justification: WHY });
  }
  await dora("PUT", "/cases/C-3/grant");
  const session = await sam("POST", "/cases/C-3/sessions");
  const spare = await cli("token", "create", "--agent", "sam@vendor.test");
  return { callers, ids: { sessions: session.id, credentials: spare.id } };
}

// The configuration, with the ids that there are this time.
async function configured(ids, directory) {
  const more = Object.entries(ids).map(([kind, id]) => `
[dictionaries.${kind}]
values = [${JSON.stringify(id)}]

[[operations]]
include-path = "/api/v1/${kind}/{id}"
parameters.id = { dictionary = "${kind}", probability = 0.8 }
`);
  const config = path.join(directory, "schemathesis.toml");
  await writeFile(config, (await readFile(file("schemathesis.toml"), "utf8")) + more.join(""));
  return config;
}

const requirements = await readFile(file("requirements.txt"), "utf8");
const { stdout: python } = await run("python3", ["-c", "import sys; print(sys.version, sys.executable)"]);
const place = await installed("schemathesis", [requirements, python], async (directory) => {
  await run("python3", ["-m", "venv", directory]);
  const pip = ["-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--require-hashes"];
  await run(path.join(directory, "bin/python"), [...pip, "-r", file("requirements.txt")]);
});

// Whether nothing is found as `who`; says what is.
async function hold(who, server, directory) {
  const { callers, ids } = await fill(server);
  const config = await configured(ids, directory);
  const token = callers[who];
  const header = token === undefined ? [] : ["--header", `Authorization:Bearer ${token}`];
  const args = ["-m", "schemathesis.cli", "--config-file", config, "run", `${server.console}/openapi.json`, ...header];
  // Throws if the token is no good: before, as nothing would be tried, and after, as something went untried.
  const present = async () => token === undefined ? null : server.api(token)("GET", "/me");
  const me = await present();
  const child = spawn(path.join(place, "bin/python"), args, {
    // Where it may leave what it remembers.
    cwd: directory,
    env: cleanEnvironment({ SCHEMATHESIS_HOOKS: "hooks", CALLER: me?.email ?? "", PYTHONPATH: here, PYTHONDONTWRITEBYTECODE: "1" }),
    stdio: ["ignore", "pipe", "pipe"],
  });
  let said = "";
  for (const output of [child.stdout, child.stderr]) {
    output.setEncoding("utf8").on("data", (text) => { said += text; });
  }
  const [code] = await once(child, "close");
  const calls = said.match(/(\d+) generated/)?.[1];
  if (code === 0) {
    console.log(`${who}: nothing found in ${calls} calls`);
  } else {
    console.log(`${said}\n${who}: found something`);
  }
  await present();
  return code === 0;
}

const kinds = [
  ...["nobody", "operator", "super admin", "admin who opened the cases", "super admin of another org"],
  ...["agent on the team", "agent off the team"],
];
const asked = process.argv.slice(2);
const waiting = asked.length === 0 ? kinds : asked;
let good = true;

// Takes one kind of caller after the other, until none waits.
async function work() {
  for (let who = waiting.shift(); who !== undefined; who = waiting.shift()) {
    const directory = await mkdtemp(path.join(tmpdir(), "countersign-schemathesis-"));
    try {
      const settings = ["--config", file("countersign.toml")];
      const clean = await withServer((server) => hold(who, server, directory), settings);
      good &&= clean;
    } finally {
      await rm(directory, { recursive: true, force: true });
    }
  }
}

// schemathesis keeps one processor busy; more than two at once gain nothing on a small machine.
await Promise.all([work(), work()]);
process.exit(good ? 0 : 1);
