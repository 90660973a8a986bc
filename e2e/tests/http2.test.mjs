// A session over TLS and HTTP/2 in a real browser: the banner, ending from it, and a connection that belongs to
// another session.
import assert from "node:assert/strict";
import { once } from "node:events";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import http from "node:http";
import { tmpdir } from "node:os";
import path from "node:path";
import { test } from "node:test";
import { withBrowser } from "../lib/browser.mjs";
import { withCertificate } from "../lib/certificate.mjs";
import { withServer } from "../lib/server.mjs";
import { CASE, openAgent, openSettings, requestAccess } from "../lib/support.mjs";

test("a session over HTTP/2", { timeout: 240_000 }, () =>
  withCertificate((certificate) =>
    withProduct(async (product) => {
      const log = await mkdtemp(path.join(tmpdir(), "countersign-netlog-"));
      try {
        const netlog = path.join(log, "net.json");
        await withServer(
          (server) =>
            withBrowser(
              (browser) => sessions(browser, server, product),
              [...certificate.trusting, `--log-net-log=${netlog}`],
            ),
          ["--gateway-tls-cert", certificate.cert, "--gateway-tls-key", certificate.key],
        );
        // What no page gets to see: the browser asked on the first session's connection, was told that it is
        // another's, and asked again on one of its own.
        const seen = await readFile(netlog, "utf8");
        assert.match(seen, /:status: 421/, "the browser reused the connection");
      } finally {
        await rm(log, { recursive: true, force: true });
      }
    }),
  ),
);

// A product with a page, a style sheet, a script and what the script asks for.
async function withProduct(fn) {
  const files = {
    "/": [
      "text/html",
      `<!doctype html><title>Invoices</title><link rel=stylesheet href=/style.css><h1>Invoices</h1><output></output>
       <script src=/app.js></script>`,
    ],
    "/style.css": ["text/css", "h1 { color: rgb(1, 2, 3); }"],
    "/app.js": [
      "text/javascript",
      `fetch("/data.json").then((answer) => answer.json()).then(({ total }) => {
         document.querySelector("output").textContent = total;
       });`,
    ],
    "/data.json": ["application/json", '{"total": "three"}'],
  };
  const server = http.createServer((request, response) => {
    const [type, body] = files[request.url] ?? [];
    response.writeHead(body === undefined ? 404 : 200, { "content-type": type ?? "text/plain" });
    response.end(body ?? "nothing here");
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  try {
    return await fn({ origin: `http://127.0.0.1:${server.address().port}` });
  } finally {
    server.closeAllConnections();
    server.close();
  }
}

async function sessions(browser, server, product) {
  assert.match(server.gateway, /^https:\/\/gw\.localhost:/);
  const { signIn, entries } = await requestAccess(server, ["--origin", product.origin]);
  const admin = await openSettings(browser, server, await signIn.admin());
  await admin.tick();
  const agent = await openAgent(browser, server, await signIn.agent());
  const { page, context } = agent;

  const first = await agent.openSession();
  await looksRight(page, first);

  // The certificate is for every session's name, and they are all at one address: the browser asks for the second
  // session on the first one's connection, as HTTP/2 lets it.
  const beside = await context.newPage();
  await beside.goto(`${server.console}/cases/${CASE}`);
  await beside.getByRole("button", { name: "Open read-only session" }).click();
  await beside.getByRole("heading", { name: "Invoices" }).waitFor();
  const second = new URL(beside.url()).origin;
  assert.notEqual(second, first);
  await looksRight(beside, second);
  await looksRight(page, first);

  // Ending one is answered although its connection is cut, and leaves the other alone.
  await ends(page, first);
  await looksRight(beside, second);
  const log = await entries();
  const ended = log.filter(({ type }) => type === "session.ended");
  assert.equal(ended.length, 1);
  // The session's cookie is gone with it.
  const refused = await page.goto(first);
  assert.equal(refused.status(), 401);
  assert.match(await page.locator("body").innerText(), /There is no session at this address/);
  await ends(beside, second);
}

async function looksRight(page, origin) {
  await page.goto(origin);
  const banner = page.getByRole("region", { name: "Countersign support session" });
  await banner.waitFor();
  assert.match(await banner.innerText(), /Read-only/);
  // Style, script and what the script fetched came, over HTTP/2 like the page.
  await page.locator("output", { hasText: "three" }).waitFor();
  assert.equal(await page.locator("h1").evaluate((h1) => getComputedStyle(h1).color), "rgb(1, 2, 3)");
  const spoken = await page.evaluate(() =>
    [...performance.getEntriesByType("navigation"), ...performance.getEntriesByType("resource")].map((entry) => [
      new URL(entry.name).pathname,
      entry.nextHopProtocol,
    ]),
  );
  assert.ok(spoken.length >= 4, `${spoken}`);
  for (const [what, protocol] of spoken) assert.equal(protocol, "h2", `${what} came over ${protocol}`);
}

async function ends(page, origin) {
  await page.getByRole("button", { name: "End session" }).click();
  await page.getByRole("heading", { name: "Session ended" }).waitFor();
  assert.equal(new URL(page.url()).origin, origin);
  const back = await page.getByRole("link", { name: /case/i }).first().getAttribute("href");
  assert.ok(back.endsWith(`/cases/${CASE}`), back);
}
