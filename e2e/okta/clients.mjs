// Okta's own clients, as they come, behind one face: {settings, cases, change(number, body), grant, extend, revoke, logs(query)}.
// `logs` answers with a function that, each time it is called, answers with what there is by then and was not answered before. Each other call
// answers with what the client read, and throws {status, errorCode} where the client was refused.
import { execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { cp, readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import path from "node:path";
import { installed } from "../lib/cache.mjs";
import { cleanEnvironment } from "../lib/process.mjs";
import { python } from "../lib/python.mjs";

const run = promisify(execFile);
const here = fileURLToPath(new URL(".", import.meta.url));

// Runs `fn` with (who) => a client of Node's kind; `who` is a token, or {clientId, privateKey, scopes, dpop}.
export async function withNode(orgUrl, fn) {
  const lock = await readFile(path.join(here, "package-lock.json"), "utf8");
  const place = await installed("okta-node", [lock], async (directory) => {
    for (const name of ["package.json", "package-lock.json"]) await cp(path.join(here, name), path.join(directory, name));
    await run("npm", ["ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"], { cwd: directory });
  });
  const { Client } = createRequire(path.join(place, "package.json"))("@okta/okta-sdk-nodejs");
  return fn((who) => {
    const client = new Client({ orgUrl, ...configured(who) });
    // It would learn so from an answer that it does not get over.
    if (who.dpop) client.oauth.isDPoP = true;
    const { orgSettingApi: api, systemLogApi: log } = client;
    return {
      settings: () => api.getOrgOktaSupportSettings(),
      cases: () => api.listOktaSupportCases(),
      change: (caseNumber, oktaSupportCase) => api.updateOktaSupportCase({ caseNumber, oktaSupportCase: dated(oktaSupportCase) }),
      grant: () => api.grantOktaSupport(),
      extend: () => api.extendOktaSupport(),
      revoke: () => api.revokeOktaSupport(),
      logs: async (query) => {
        const events = await log.listLogEvents(query);
        return async () => {
          const found = [];
          for (;;) {
            const { value } = await events.next();
            if (!value) return found;
            found.push(value);
          }
        };
      },
    };
  });
}

// How both clients are told who they are.
function configured(who) {
  if (typeof who === "string") return { token: who };
  const { clientId, privateKey, scopes } = who;
  return { authorizationMode: "PrivateKey", clientId, privateKey, scopes };
}

// This client takes a date where it writes one.
function dated(body) {
  const { impersonation } = body;
  if (impersonation?.expiration === undefined) return body;
  return { ...body, impersonation: { ...impersonation, expiration: new Date(impersonation.expiration) } };
}

// Runs `fn` with (who) => a client of Python's kind, each in a process of its own.
export async function withPython(orgUrl, fn) {
  const program = await python("okta-python", path.join(here, "requirements.txt"));
  const children = [];
  const client = (who) => {
    const child = spawn(program, [path.join(here, "driver.py")], {
      env: cleanEnvironment({
        ORG_URL: orgUrl,
        WHO: JSON.stringify({ ...configured(who), ...(who.dpop ? { dpopEnabled: true } : {}) }),
        OKTA_TESTING_TESTINGDISABLEHTTPSCHECK: "true",
        PYTHONDONTWRITEBYTECODE: "1",
      }),
      stdio: ["pipe", "pipe", "inherit"],
    });
    children.push(child);
    const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
    const call = async (...asked) => {
      child.stdin.write(`${JSON.stringify(asked)}\n`);
      const { value, done } = await lines.next();
      if (done) throw new Error("the Python client ended without an answer");
      const { read, refused } = JSON.parse(value);
      if (refused) throw Object.assign(new Error(refused.message), refused);
      return read;
    };
    const names = ["settings", "cases", "change", "grant", "extend", "revoke"];
    const calls = names.map((name) => [name, (...more) => call(name, ...more)]);
    return { ...Object.fromEntries(calls), logs: async (query) => poll(call, query) };
  };
  try {
    return await fn(client);
  } finally {
    for (const child of children) {
      const ended = child.exitCode !== null ? null : once(child, "exit");
      child.stdin.end();
      await ended;
    }
  }
}

// This client reads one page at a time; where the next begins stands in the headers.
function poll(call, query) {
  let asked = query;
  let over = false;
  return async () => {
    const found = [];
    while (!over) {
      const { events, after } = await call("logs", asked);
      found.push(...events);
      if (after === null) over = true;
      else asked = { ...asked, after };
      if (events.length === 0) break;
    }
    return found;
  };
}
