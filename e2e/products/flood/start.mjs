// Flood, a Node application with a JSON API and server-sent events, before an rTorrent that talks to nobody.
import { execFile } from "node:child_process";
import { createHash } from "node:crypto";
import { cp, mkdir, mkdtemp, readFile, rm, stat, writeFile } from "node:fs/promises";
import net from "node:net";
import { tmpdir } from "node:os";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import path from "node:path";
import { installed } from "../../lib/cache.mjs";
import { cleanEnvironment, eventually, whenItWorks, withProcess } from "../../lib/process.mjs";

const run = promisify(execFile);
const here = fileURLToPath(new URL(".", import.meta.url));

// Runs `fn` with {origin, add, state} of the product, and stops it.
export async function withFlood(fn) {
  const lock = await readFile(path.join(here, "package-lock.json"), "utf8");
  const place = await installed("flood", [lock], async (directory) => {
    for (const name of ["package.json", "package-lock.json"]) await cp(path.join(here, name), path.join(directory, name));
    await run("npm", ["ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"], { cwd: directory });
  });
  const data = await mkdtemp(path.join(tmpdir(), "countersign-flood-"));
  const env = cleanEnvironment({ HOME: data });
  try {
    return await withRtorrent(data, env, async (socket) => {
      const port = await freePort();
      const origin = `http://127.0.0.1:${port}`;
      const program = path.join(place, "node_modules/flood/dist/index.js");
      const command = [
        ...[process.execPath, program, "--host", "127.0.0.1", "--port", String(port)],
        ...["--rundir", path.join(data, "flood"), "--auth", "none", "--rtsocket", socket],
      ];
      const answers = whenItWorks(async () => {
        const session = await cookie(origin);
        const { isConnected } = await direct(origin, session, "GET", "/api/client/connection-test");
        if (!isConnected) throw new Error("rTorrent does not answer Flood");
        return session;
      });
      return withProcess("Flood", command, answers, (session) => fn(product(origin, session, data)), { env });
    });
  } finally {
    await rm(data, { recursive: true, force: true });
  }
}

// No peers, no trackers, no listening port: it only keeps a list.
async function withRtorrent(data, env, fn) {
  const socket = path.join(data, "rtorrent.sock");
  const settings = path.join(data, "rtorrent.rc");
  await mkdir(path.join(data, "session"));
  await mkdir(path.join(data, "files"));
  await writeFile(
    settings,
    `session.path.set = ${path.join(data, "session")}
directory.default.set = ${path.join(data, "files")}
network.scgi.open_local = ${socket}
network.bind_address.set = 127.0.0.1
network.port_open.set = no
dht.mode.set = disable
protocol.pex.set = no
trackers.use_udp.set = no
system.daemon.set = true
`,
  );
  const listening = whenItWorks(() => stat(socket));
  const command = ["rtorrent", "-n", "-o", `import=${settings}`];
  return withProcess("rTorrent", command, listening, () => fn(socket), { env, cwd: data });
}

function product(origin, session, data) {
  const asSomebody = (...call) => direct(origin, session, ...call);
  const list = async () => Object.values((await asSomebody("GET", "/api/torrents")).torrents);
  return {
    origin,
    // Adds a stopped torrent of one small file, as somebody does who works with the product itself.
    async add(name) {
      await asSomebody("POST", "/api/torrents/add-files", {
        files: [torrent(name).toString("base64")],
        destination: path.join(data, "files"),
        tags: [],
        isBasePath: false,
        isCompleted: false,
        isSequential: false,
        isInitialSeeding: false,
        start: false,
      });
      await eventually(async () => {
        if (!(await list()).some((torrent) => torrent.name === name)) throw new Error(`${name} is not on the list`);
      });
    },
    // What somebody could have changed: the torrents with what may be set on each, and all settings.
    async state() {
      const kept = ["hash", "name", "status", "tags", "priority", "directory", "dateAdded", "isSequential"];
      return {
        torrents: (await list())
          .map((torrent) => Object.fromEntries(kept.map((name) => [name, torrent[name]])))
          .sort((a, b) => a.name.localeCompare(b.name)),
        settings: await asSomebody("GET", "/api/settings"),
        client: await asSomebody("GET", "/api/client/settings"),
        feeds: await asSomebody("GET", "/api/feed-monitor"),
      };
    },
  };
}

// With `--auth none` the product gives its cookie to whoever asks.
async function cookie(origin) {
  const response = await fetch(`${origin}/api/auth/verify`);
  return response.headers.getSetCookie()[0].split(";")[0];
}

async function direct(origin, session, method, where, body) {
  const response = await fetch(origin + where, {
    method,
    headers: { cookie: session, "content-type": "application/json" },
    body: body === undefined ? undefined : JSON.stringify(body),
  });
  if (!response.ok) throw new Error(`${method} ${where}: ${response.status} ${await response.text()}`);
  const text = await response.text();
  return text === "" ? null : JSON.parse(text);
}

function torrent(name) {
  const pieces = createHash("sha1").update(name).digest();
  const text = (value) => Buffer.concat([Buffer.from(`${Buffer.byteLength(value)}:`), Buffer.from(value)]);
  return Buffer.concat([
    // Never asked, as nothing is ever started.
    Buffer.from("d8:announce"),
    text("http://127.0.0.1:9/announce"),
    Buffer.from("4:infod6:lengthi"),
    Buffer.from(`${Buffer.byteLength(name)}e4:name`),
    text(name),
    Buffer.from("12:piece lengthi16384e6:pieces20:"),
    pieces,
    Buffer.from("7:privatei1eee"),
  ]);
}

function freePort() {
  return new Promise((resolve, reject) => {
    const probe = net.createServer().on("error", reject);
    probe.listen(0, "127.0.0.1", () => {
      const { port } = probe.address();
      probe.close(() => resolve(port));
    });
  });
}
