// Flood, a Node application: its own page over a JSON API, kept current by server-sent events, behind the gateway.
import assert from "node:assert/strict";
import { test } from "node:test";
import { withBrowser } from "../lib/browser.mjs";
import { eventually } from "../lib/process.mjs";
import { withServer } from "../lib/server.mjs";
import { assertOver, openAgent, openSettings, requestAccess, screenshot } from "../lib/support.mjs";
import { withFlood } from "../products/flood/start.mjs";

const STREAM = "/api/activity-stream";

test("Flood, with a JSON API and server-sent events", { timeout: 180_000 }, () =>
  withFlood((flood) => withServer((server) => withBrowser((browser) => journey(flood, server, browser)))),
);

async function journey(flood, server, browser) {
  await flood.add("alpha.iso");
  await flood.add("beta.iso");
  const support = await requestAccess(server, ["--origin", flood.origin]);
  const admin = await openSettings(browser, server, await support.signIn.admin());
  const agent = await openAgent(browser, server, await support.signIn.agent());
  const { page } = agent;
  const stream = await watchStream(page);
  await admin.tick();

  // The product's own page: a list that comes by server-sent events, details that come by JSON.
  const origin = await agent.openSession();
  const row = (name) => page.getByRole("row", { name });
  await row("alpha.iso").waitFor();
  await row("beta.iso").waitFor();
  await page.locator(".application__loading-overlay").waitFor({ state: "detached" });
  await screenshot(page, "flood-list");
  await page.getByPlaceholder("Search torrents").fill("beta");
  await row("alpha.iso").waitFor({ state: "detached" });
  await page.getByPlaceholder("Search torrents").fill("");
  await row("alpha.iso").dblclick();
  const details = page.locator(".modal");
  await details.getByText("alpha.iso").first().waitFor();
  const files = page.waitForResponse(/\/api\/torrents\/[0-9A-F]{40}\/contents/);
  await details.getByRole("button", { name: "Files" }).click();
  assert.equal((await files).status(), 200);
  await details.getByText(/alpha\.iso/).last().waitFor();
  await screenshot(page, "flood-files");
  await page.keyboard.press("Escape");
  await details.waitFor({ state: "detached" });

  // A program's read of the JSON API is what the product itself answers.
  const read = await page.evaluate(async () => (await fetch("/api/torrents")).json());
  assert.deepEqual(Object.values(read.torrents).map(({ name }) => name).sort(), ["alpha.iso", "beta.iso"]);

  // Live: what changes at the product arrives in the open page.
  await flood.add("gamma.iso");
  await row("gamma.iso").waitFor();
  assert.ok(stream.events.includes("TORRENT_LIST_DIFF_CHANGE"), stream.events.join(" "));
  assert.deepEqual(agent.failed(), []);

  // What its buttons would change is refused, one by one, and the product is as it was.
  const before = await flood.state();
  const refused = async (method, where, act) => {
    const answer = page.waitForResponse((response) => response.request().method() === method);
    await act();
    const response = await answer;
    assert.equal(new URL(response.url()).pathname, where);
    assert.equal(response.status(), 403);
    assert.equal((await response.json()).code, "not_a_read");
  };
  await row("alpha.iso").click();
  await refused("POST", "/api/torrents/start", () => page.getByRole("button", { name: "Start Torrent" }).click());
  await page.getByRole("button", { name: "Remove Torrent" }).click();
  await screenshot(page, "flood-remove");
  await refused("POST", "/api/torrents/delete", () => page.locator(".modal").getByRole("button").last().click());
  // The dialog would also remember what was ticked in it.
  const failed = [];
  await eventually(() => {
    failed.push(...agent.failed());
    assert.deepEqual(failed, ["403 /api/torrents/start", "403 /api/torrents/delete", "403 /api/settings"]);
  });
  await screenshot(page, "flood-refused");
  assert.deepEqual(await flood.state(), before);

  // The product's credential stayed at the gateway.
  await agent.note();
  const held = JSON.stringify(agent.seen);
  assert.ok(held.includes("__Host-countersign-session"), "what the browser held was noted");
  assert.ok(!/jwt/i.test(held), "the product's cookie never reached the browser");

  // The admin unticks: the open stream is cut, and what happens at the product from then on does not arrive.
  assert.deepEqual(stream.ended, []);
  await admin.untick();
  // The page tries again by itself, and may have by the time that anybody looks.
  await eventually(() => assert.ok(stream.ended.length >= 1));
  assert.match(stream.ended[0], /ERR_(CONNECTION_RESET|INCOMPLETE_CHUNKED_ENCODING|HTTP2_PROTOCOL_ERROR)/);
  const arrived = stream.events.length;
  await flood.add("delta.iso");
  assert.equal(stream.events.length, arrived);
  assert.equal(await row("delta.iso").count(), 0);
  await screenshot(page, "flood-after-untick");
  await assertOver(page, await page.goto(`${origin}/overview`));

  // On the customer's log the stream stands as one request, and as cut.
  const entries = await support.entries();
  const streams = entries.filter(({ request }) => request?.path.split("?")[0] === STREAM);
  const [opened] = streams.filter(({ type }) => type === "request");
  const outcome = entries.find(({ type, detail }) => type === "outcome" && detail.request === opened.index);
  assert.equal(outcome.detail.ending, "cut");
  assert.equal(outcome.detail.status, 200);
  const unsafe = entries.filter(({ type, request }) => type === "request" && request.method !== "GET");
  assert.deepEqual(unsafe, [], "nothing but reads was let through");
}

// What the product's event streams bring, and how they end, told by the browser itself.
async function watchStream(page) {
  const events = [];
  const ended = [];
  const streams = new Set();
  const debug = await page.context().newCDPSession(page);
  await debug.send("Network.enable");
  debug.on("Network.responseReceived", ({ requestId, response }) => {
    if (new URL(response.url).pathname === STREAM) streams.add(requestId);
  });
  debug.on("Network.eventSourceMessageReceived", ({ requestId, eventName }) => {
    if (streams.has(requestId)) events.push(eventName);
  });
  debug.on("Network.loadingFailed", ({ requestId, errorText }) => {
    if (streams.has(requestId)) ended.push(errorText);
  });
  debug.on("Network.loadingFinished", ({ requestId }) => {
    if (streams.has(requestId)) ended.push("finished");
  });
  return { events, ended };
}
