// Programs under test as processes: Countersign's own binary, and the products behind it.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import path from "node:path";

const START_MS = 60_000;
const STOP_MS = 5_000;
// What a process said last, for the message of a failed test.
const KEPT = 20_000;

export const root = fileURLToPath(new URL("../..", import.meta.url));

// Countersign's own, as the last build left it.
export function binary() {
  const target = process.env.CARGO_TARGET_DIR ?? path.join(root, "target");
  return process.env.COUNTERSIGN_BIN ?? path.resolve(root, target, "debug/countersign");
}

// The environment without settings of Countersign that the caller's shell may hold.
export function cleanEnvironment(more = {}) {
  const kept = Object.entries(process.env).filter(([name]) => !name.startsWith("COUNTERSIGN_"));
  return { ...Object.fromEntries(kept), ...more };
}

// Runs `fn` with what `ready` makes of the first line of output that it takes (anything but undefined), and stops
// the process whatever happens. `ready` is asked about standard error as well when `options.errors` is set.
export async function withProcess(name, [program, ...args], ready, fn, options = {}) {
  const child = spawn(program, args, {
    cwd: options.cwd ?? root,
    env: options.env ?? process.env,
    stdio: ["ignore", "pipe", "pipe"],
  });
  let errors = "";
  child.stderr.setEncoding("utf8").on("data", (text) => {
    errors = (errors + text).slice(-KEPT);
  });
  try {
    return await fn(await firstWord(name, child, options.errors ? child.stderr : child.stdout, ready));
  } catch (error) {
    if (errors) error.message += `\n\nWhat ${name} itself said:\n${errors}`;
    throw error;
  } finally {
    await stop(child);
  }
}

async function firstWord(name, child, output, ready) {
  const lines = createInterface({ input: output });
  let timer;
  const said = await Promise.race([
    new Promise((resolve, reject) => {
      lines.on("line", (line) => {
        try {
          const understood = ready(line);
          if (understood !== undefined) resolve(understood);
        } catch (error) {
          reject(error);
        }
      });
    }),
    once(child, "error").then(([error]) => Promise.reject(error)),
    once(child, "exit").then(([code, signal]) =>
      Promise.reject(new Error(`${name} ended before it was ready (${signal ?? `exit ${code}`})`)),
    ),
    new Promise((_, reject) => {
      timer = setTimeout(() => reject(new Error(`${name} was not ready in ${START_MS} ms`)), START_MS);
    }),
  ]).finally(() => clearTimeout(timer));
  // Later lines are for people; left unread they would fill the pipes and stop the process.
  lines.close();
  child.stdout.resume();
  child.stderr.resume();
  return said;
}

async function stop(child) {
  if (child.exitCode !== null || child.signalCode !== null || child.pid === undefined) return;
  const ended = once(child, "exit");
  child.kill("SIGTERM");
  const timer = setTimeout(() => child.kill("SIGKILL"), STOP_MS);
  await ended;
  clearTimeout(timer);
}
