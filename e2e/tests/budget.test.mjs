// What a page costs whoever opens it with nothing in the cache. That it is usable within 200 ms on the demo cannot be held
// to a clock on a machine that is busy with other things; what it takes to be is counted instead, and the same each time:
// bytes, requests, how many have to wait for another, what the first paint waits for, how much there is to lay out, and how
// often it is. A table says the milliseconds beside it.
import assert from "node:assert/strict";
import { test } from "node:test";
import { withBrowser } from "../lib/browser.mjs";
import { crawl } from "../lib/crawl.mjs";
import { withDemo } from "../lib/demo.mjs";
import { signIn } from "../lib/people.mjs";

const MOST = {
  bytes: 60_000,
  requests: 6,
  // The document, and what it names: nothing that only another file names.
  waits: 1,
  // What the first paint waits for besides the document: the style sheet.
  blocking: 1,
  script: 17_000,
  elements: 1_200,
  // Until the page is loaded: what a script words again included.
  layouts: 6,
  styles: 8,
};
const USABLE_MS = 200;
const PEOPLE = ["dana@acme.test", "sam@vendor.test"];

test("budget", { timeout: 180_000 }, (t) =>
  withDemo((demo) =>
    withBrowser(async (browser) => {
      const rows = [];
      for (const email of PEOPLE) {
        // Elsewhere a first visit loads a page twice, to word its times in the reader's zone.
        const { context, page } = await signIn(browser, demo, email, { timezoneId: "UTC" });
        const cdp = await context.newCDPSession(page);
        await cdp.send("Network.enable");
        await cdp.send("Performance.enable");
        await cdp.send("Network.setCacheDisabled", { cacheDisabled: true });
        const wire = watched(cdp);
        await crawl(page, demo.console, async (where) => {
          const times = [];
          let cost = {};
          for (let n = 0; n < 3; n += 1) {
            // From a page of another site each time, so that what is counted is this page's own.
            await page.goto("about:blank");
            const before = await counted(cdp);
            wire.begin();
            await page.goto(demo.console + where, { waitUntil: "load" });
            times.push(await usable(page));
            cost = most(cost, { ...wire.cost(), ...(await weight(page, cdp, before)) });
          }
          times.sort((a, b) => a - b);
          rows.push({ who: email.split("@")[0], where, ms: Math.round(times[1]), ...cost });
        });
      }
      const heads = Object.keys(MOST);
      t.diagnostic([["who", ...heads, "ms", "page"].join("\t"), ...rows.map((row) => line(row, heads))].join("\n"));
      assert.ok(rows.length > 10, "more than ten pages were found");
      const dear = rows.flatMap((row) =>
        heads.filter((head) => !(row[head] <= MOST[head])).map((head) => `${row.where}: ${row[head]} ${head}`),
      );
      assert.deepEqual(dear, []);
      assert.deepEqual(rows.filter(({ bytes, requests }) => bytes < 1_000 || requests < 2), [], "something was counted");
    }),
  ),
);

// What goes over the wire. What a page goes on asking for while it is open is not part of opening it.
function watched(cdp) {
  let asked = new Map();
  let bytes = 0;
  cdp.on("Network.requestWillBeSent", ({ requestId, request, initiator, type }) => {
    if (type === "XHR" || type === "Fetch") return;
    const by = initiator.url ?? initiator.stack?.callFrames[0]?.url;
    asked.set(requestId, { url: request.url, type, by });
  });
  cdp.on("Network.loadingFinished", ({ requestId, encodedDataLength }) => {
    if (asked.has(requestId)) bytes += encodedDataLength;
  });
  return {
    begin() {
      asked = new Map();
      bytes = 0;
    },
    cost() {
      const all = [...asked.values()];
      const named = new Map(all.map((one) => [one.url, one]));
      const depth = (one, n = 0) => {
        const by = one.type === "Document" ? undefined : named.get(one.by);
        return by && by !== one && n < 10 ? depth(by, n + 1) : n;
      };
      return { bytes, requests: all.length, waits: Math.max(0, ...all.map((one) => depth(one))) };
    },
  };
}

async function counted(cdp) {
  const { metrics } = await cdp.send("Performance.getMetrics");
  return Object.fromEntries(metrics.map(({ name, value }) => [name, value]));
}

async function weight(page, cdp, before) {
  const after = await counted(cdp);
  const on = await page.evaluate(() => {
    const loaded = performance.getEntriesByType("resource");
    return {
      blocking: loaded.filter(({ renderBlockingStatus }) => renderBlockingStatus === "blocking").length,
      script: loaded
        .filter(({ initiatorType, name }) => initiatorType === "script" || name.endsWith(".js"))
        .reduce((sum, { decodedBodySize }) => sum + decodedBodySize, 0),
      elements: document.querySelectorAll("*").length,
    };
  });
  return {
    ...on,
    layouts: after.LayoutCount - before.LayoutCount,
    styles: after.RecalcStyleCount - before.RecalcStyleCount,
  };
}

function most(one, other) {
  return Object.fromEntries(Object.entries(other).map(([name, value]) => [name, Math.max(value, one[name] ?? 0)]));
}

function line(row, heads) {
  const late = row.ms > USABLE_MS ? "  (late)" : "";
  return [row.who, ...heads.map((head) => row[head]), row.ms, row.where + late].join("\t");
}

// When there is something to read and to press.
function usable(page) {
  return page.evaluate(
    () =>
      new Promise((resolve) => {
        const done = (paint) =>
          resolve(Math.max(performance.getEntriesByType("navigation")[0].domInteractive, paint.startTime));
        new PerformanceObserver((list) => {
          const paint = list.getEntriesByName("first-contentful-paint")[0];
          if (paint) done(paint);
        }).observe({ type: "paint", buffered: true });
      }),
  );
}
