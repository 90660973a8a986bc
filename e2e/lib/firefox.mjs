// Debian's Firefox through WebDriver BiDi, which it speaks itself: playwright drives a build of its own only.
import assert from "node:assert/strict";
import { execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, writeFileSync } from "node:fs";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { createInterface } from "node:readline";
import path from "node:path";
import WebSocket from "ws";
import { artifacts } from "./browser.mjs";
import { eventually } from "./process.mjs";

const START_MS = 30_000;
const PATIENCE_MS = 15_000;

// What would make it ask elsewhere, or open something of its own accord.
const QUIET = {
  "app.normandy.enabled": false,
  "app.update.disabledForTesting": true,
  "browser.safebrowsing.malware.enabled": false,
  "browser.safebrowsing.phishing.enabled": false,
  "browser.shell.checkDefaultBrowser": false,
  "datareporting.policy.dataSubmissionEnabled": false,
  "extensions.update.enabled": false,
  "network.captive-portal-service.enabled": false,
  "network.connectivity-service.enabled": false,
  "remote.active-protocols": 1,
  "services.settings.server": "data:,none",
  "toolkit.telemetry.enabled": false,
};

function executable() {
  if (process.env.FIREFOX) return process.env.FIREFOX;
  try {
    return execFileSync("sh", ["-c", "command -v firefox-esr || command -v firefox"], { encoding: "utf8" }).trim();
  } catch {
    throw new Error("Firefox is not installed; script/test installs it, or name one in FIREFOX");
  }
}

// Runs `fn` with a headless Firefox of a fresh profile, and leaves nothing behind. `preferences` are Firefox's own.
export async function withFirefox(fn, preferences = {}) {
  const profile = await mkdtemp(path.join(tmpdir(), "countersign-firefox-"));
  const lines = Object.entries({ ...QUIET, ...preferences });
  const text = lines.map(([name, value]) => `user_pref(${JSON.stringify(name)}, ${JSON.stringify(value)});\n`);
  await writeFile(path.join(profile, "user.js"), text.join(""));
  const args = ["--headless", "--no-remote", "--profile", profile, "--remote-debugging-port", "0"];
  const child = spawn(executable(), args, { stdio: ["ignore", "ignore", "pipe"] });
  const gone = once(child, "exit");
  const firefox = { pages: [] };
  try {
    firefox.wire = await connected(child);
    await firefox.wire.call("session.new", { capabilities: {} });
    return await fn({ newPage: () => newPage(firefox) });
  } catch (error) {
    error.stack += await lastSeen(firefox.pages);
    throw error;
  } finally {
    firefox.wire?.close();
    child.kill("SIGTERM");
    const timer = setTimeout(() => child.kill("SIGKILL"), 5_000);
    await gone;
    clearTimeout(timer);
    await rm(profile, { recursive: true, force: true, maxRetries: 5 });
  }
}

async function lastSeen(pages) {
  let told = "";
  for (const [n, page] of pages.entries()) {
    told += await page.screenshot(`failed-firefox-${n}`).then(
      async (picture) => `\n\nA page stood at ${await page.url()} (${picture})`,
      () => "",
    );
  }
  return told;
}

async function connected(child) {
  let timer;
  const address = new Promise((resolve, reject) => {
    createInterface({ input: child.stderr }).on("line", (line) => {
      const said = /WebDriver BiDi listening on (ws:\S+)/.exec(line);
      if (said) resolve(said[1]);
    });
    child.once("error", reject);
    child.once("exit", () => reject(new Error("Firefox ended before it was ready")));
    timer = setTimeout(() => reject(new Error("Firefox was not ready in time")), START_MS);
  });
  const socket = new WebSocket(`${await address.finally(() => clearTimeout(timer))}/session`);
  await once(socket, "open");
  let last = 0;
  const waiting = new Map();
  socket.on("message", (text) => {
    const answer = JSON.parse(text);
    const waits = waiting.get(answer.id);
    waiting.delete(answer.id);
    if (answer.type === "success") waits?.resolve(answer.result);
    else waits?.reject(new Error(`${answer.error}: ${answer.message}`));
  });
  return {
    close: () => socket.close(),
    call: (method, params) =>
      new Promise((resolve, reject) => {
        last += 1;
        waiting.set(last, { resolve, reject });
        socket.send(JSON.stringify({ id: last, method, params }));
      }),
  };
}

// A page in a profile of its own: what BiDi calls a user context shares no cookies with another.
async function newPage(firefox) {
  const { call } = firefox.wire;
  const { userContext } = await call("browser.createUserContext", {});
  const { context } = await call("browsingContext.create", { type: "window", userContext });
  const page = new Page(call, context);
  await page.resize(1280, 2400);
  firefox.pages.push(page);
  return page;
}

class Page {
  #call;
  #context;

  constructor(call, context) {
    this.#call = call;
    this.#context = context;
  }

  resize(width, height) {
    return this.#call("browsingContext.setViewport", { context: this.#context, viewport: { width, height } });
  }

  async goto(url) {
    await this.#call("browsingContext.navigate", { context: this.#context, url, wait: "complete" });
  }

  // What a script of the test's makes of the page, at once: where pages may run no script, such a one still may, and
  // no promise is ever kept.
  async evaluate(script, ...values) {
    const { type, result, exceptionDetails } = await this.#call("script.callFunction", {
      functionDeclaration: `(given) => JSON.stringify((${script})(...JSON.parse(given)) ?? null)`,
      arguments: [{ type: "string", value: JSON.stringify(values) }],
      target: { context: this.#context },
      awaitPromise: false,
    });
    if (type !== "success") throw new Error(exceptionDetails.text);
    return JSON.parse(result.value);
  }

  url() {
    return this.evaluate(() => window.location.href);
  }

  text(selector = "body") {
    return this.evaluate((wanted) => document.querySelector(wanted)?.innerText ?? "", selector);
  }

  // Waits until the text of what `selector` finds is as it should be; one that is gone has none.
  shows(expected, selector = "body") {
    return eventually(async () => assert.match(await this.text(selector), expected), PATIENCE_MS);
  }

  at(expected) {
    return eventually(async () => assert.match(await this.url(), expected), PATIENCE_MS);
  }

  // Presses what has this role and name for whoever listens, in the part of the page that `selector` finds.
  async press(role, name, selector = "body") {
    const [origin] = await eventually(async () => {
      const [start] = await this.#find({ type: "css", value: selector });
      const nodes = start ? await this.#find({ type: "accessibility", value: { role, name } }, [start]) : [];
      assert.ok(nodes.length > 0, `no ${role} called ${name} in ${selector}`);
      return nodes;
    }, PATIENCE_MS);
    await this.#call("script.callFunction", {
      functionDeclaration: "(node) => node.scrollIntoView({ block: 'center' })",
      arguments: [{ sharedId: origin.sharedId }],
      target: { context: this.#context },
      awaitPromise: false,
    });
    const where = { type: "element", element: { sharedId: origin.sharedId } };
    await this.#call("input.performActions", {
      context: this.#context,
      actions: [
        {
          type: "pointer",
          id: "mouse",
          actions: [
            { type: "pointerMove", x: 0, y: 0, origin: where },
            { type: "pointerDown", button: 0 },
            { type: "pointerUp", button: 0 },
          ],
        },
      ],
    });
  }

  // Types into what has the focus.
  async type(text) {
    const actions = [...text].flatMap((value) => [{ type: "keyDown", value }, { type: "keyUp", value }]);
    await this.#call("input.performActions", {
      context: this.#context,
      actions: [{ type: "key", id: "keys", actions }],
    });
  }

  async #find(locator, startNodes) {
    const more = startNodes ? { startNodes: startNodes.map(({ sharedId }) => ({ sharedId })) } : {};
    const found = await this.#call("browsingContext.locateNodes", { context: this.#context, locator, ...more });
    return found.nodes;
  }

  async screenshot(name) {
    mkdirSync(artifacts, { recursive: true });
    const { data } = await this.#call("browsingContext.captureScreenshot", { context: this.#context });
    const picture = path.join(artifacts, `${name}.png`);
    writeFileSync(picture, Buffer.from(data, "base64"));
    return picture;
  }
}
