// The demo as a process: throw-away data, the sample product, the console and the gateway on free ports.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import path from "node:path";

const START_MS = 60_000;
const STOP_MS = 5_000;

const root = fileURLToPath(new URL("../..", import.meta.url));

function binary() {
  const target = process.env.CARGO_TARGET_DIR ?? path.join(root, "target");
  return process.env.COUNTERSIGN_BIN ?? path.resolve(root, target, "debug/countersign");
}

// Runs `fn` with what the demo says about itself on its first line, and stops the demo whatever happens:
//   {console, gateway, product, people: [{email, name, role, org, link}], cases: [{number, org, state}]}
export async function withDemo(fn) {
  const child = spawn(
    binary(),
    ["demo", "--json", "--listen", "127.0.0.1:0", "--gateway-listen", "127.0.0.1:0"],
    { cwd: root, stdio: ["ignore", "pipe", "pipe"] },
  );
  let errors = "";
  child.stderr.setEncoding("utf8").on("data", (text) => {
    errors = (errors + text).slice(-20_000);
  });
  try {
    return await fn(await firstLine(child));
  } catch (error) {
    if (errors) error.message += `\n\nThe demo's own output:\n${errors}`;
    throw error;
  } finally {
    await stop(child);
  }
}

async function firstLine(child) {
  const lines = createInterface({ input: child.stdout });
  let timer;
  const said = await Promise.race([
    once(lines, "line").then(([line]) => line),
    once(child, "error").then(([error]) => Promise.reject(error)),
    once(child, "exit").then(([code, signal]) =>
      Promise.reject(new Error(`the demo ended before it was ready (${signal ?? `exit ${code}`})`)),
    ),
    new Promise((_, reject) => {
      timer = setTimeout(() => reject(new Error(`the demo was not ready in ${START_MS} ms`)), START_MS);
    }),
  ]).finally(() => clearTimeout(timer));
  // Later lines are for people; left unread they would fill the pipe and stop the demo.
  lines.close();
  child.stdout.resume();
  try {
    return JSON.parse(said);
  } catch {
    throw new Error(`the demo's first line is not JSON: ${said}`);
  }
}

async function stop(child) {
  if (child.exitCode !== null || child.signalCode !== null || child.pid === undefined) return;
  const ended = once(child, "exit");
  child.kill("SIGTERM");
  const timer = setTimeout(() => child.kill("SIGKILL"), STOP_MS);
  await ended;
  clearTimeout(timer);
}
