// Programs under test as processes: Countersign's own binary, and the products behind it.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import path from "node:path";

const START_MS = 60_000;
const STOP_MS = 5_000;
// What a process said last, for the message of a failed test.
const KEPT = 4_000;

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

// Runs `fn` with what `ready(child)` comes to, and stops the process whatever happens.
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
    return await fn(await started(name, child, ready));
  } catch (error) {
    // The report of a failed test prints the stack, and not the message alone.
    if (errors) error.stack += `\n\nWhat ${name} itself said last:\n${errors}`;
    throw error;
  } finally {
    await stop(child);
  }
}

// Ready when a line of output means something: what `understand` makes of the first line that it does not answer
// with undefined. `output` is "stdout" or "stderr".
export function whenItSays(understand, output = "stdout") {
  return (child) =>
    new Promise((resolve, reject) => {
      createInterface({ input: child[output] }).on("line", (line) => {
        try {
          const understood = understand(line);
          if (understood !== undefined) resolve(understood);
        } catch (error) {
          reject(error);
        }
      });
    });
}

// Ready when `check` no longer throws.
export function whenItWorks(check) {
  return (child) => {
    // Its output is not asked; unread it would fill the pipe and stop the process.
    child.stdout.resume();
    return eventually(check, START_MS);
  };
}

// Polls until `check` stops throwing: for what another process does when it gets to it.
export async function eventually(check, ms = 10_000) {
  const until = Date.now() + ms;
  for (;;) {
    try {
      return await check();
    } catch (error) {
      if (Date.now() >= until) throw error;
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }
}

async function started(name, child, ready) {
  let timer;
  return Promise.race([
    ready(child),
    once(child, "error").then(([error]) => Promise.reject(error)),
    once(child, "exit").then(([code, signal]) =>
      Promise.reject(new Error(`${name} ended before it was ready (${signal ?? `exit ${code}`})`)),
    ),
    new Promise((_, reject) => {
      timer = setTimeout(() => reject(new Error(`${name} was not ready in ${START_MS} ms`)), START_MS);
    }),
  ]).finally(() => clearTimeout(timer));
}

async function stop(child) {
  if (child.exitCode !== null || child.signalCode !== null || child.pid === undefined) return;
  const ended = once(child, "exit");
  child.kill("SIGTERM");
  const timer = setTimeout(() => child.kill("SIGKILL"), STOP_MS);
  await ended;
  clearTimeout(timer);
}
