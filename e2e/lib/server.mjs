// `countersign serve` as an operator runs it: a database of its own, everybody made on the command line.
import { execFile } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { promisify } from "node:util";
import path from "node:path";
import { binary, cleanEnvironment, whenItSays, withProcess } from "./process.mjs";

const run = promisify(execFile);

// Runs `fn` with {console, gateway, cli, api} of a server on free ports, and leaves nothing behind. `more` are
// arguments of `serve`.
export async function withServer(fn, more = []) {
  const data = await mkdtemp(path.join(tmpdir(), "countersign-e2e-"));
  const database = `sqlite:${path.join(data, "countersign.db")}`;
  const env = cleanEnvironment();
  const cli = async (...args) => {
    const { stdout } = await run(binary(), ["--json", "--database", database, ...args], { env });
    return stdout.trim() === "" ? null : JSON.parse(stdout);
  };
  const command = [binary(), "serve", "--json", "--database", database];
  const addresses = ["--listen", "127.0.0.1:0", "--gateway-listen", "127.0.0.1:0"];
  try {
    return await withProcess(
      "the server",
      [...command, ...addresses, ...more],
      whenItSays((line) => JSON.parse(line)),
      (said) => fn({ console: said.public_url, gateway: said.gateway_url, cli, api: api(said.public_url) }),
      { env },
    );
  } finally {
    await rm(data, { recursive: true, force: true });
  }
}

// A caller of the API: `call(method, path, body)` answers with the JSON, and throws on a refusal.
function api(server) {
  return (token) => async (method, where, body) => {
    const response = await fetch(`${server}/api/v1${where}`, {
      method,
      headers: {
        authorization: `Bearer ${token}`,
        ...(body === undefined ? {} : { "content-type": "application/json" }),
      },
      body: body === undefined ? undefined : JSON.stringify(body),
    });
    const text = await response.text();
    if (!response.ok) throw new Error(`${method} ${where}: ${response.status} ${text}`);
    return text === "" ? null : JSON.parse(text);
  };
}
