// The console's pages break none of their own rules while people use them, no other site gets to frame them, and a
// script that slipped in could do nothing.
import assert from "node:assert/strict";
import http from "node:http";
import { test } from "node:test";
import { withBrowser } from "../lib/browser.mjs";
import { crawl } from "../lib/crawl.mjs";
import { withDemo } from "../lib/demo.mjs";
import { signIn } from "../lib/people.mjs";
import { LIVE_CASE, openSession } from "../lib/session.mjs";

const EDIT = "/settings/account?edit=support";

// Signed in, with everything that the browser reports about the pages' policies.
async function watched(browser, demo, email) {
  const person = demo.people.find((known) => known.email === email);
  const context = await browser.newContext({ permissions: ["clipboard-read", "clipboard-write"] });
  const reports = [];
  await context.exposeFunction("reported", (report) => reports.push(report));
  await context.addInitScript(() => {
    document.addEventListener("securitypolicyviolation", ({ effectiveDirective, blockedURI, documentURI }) =>
      globalThis.reported(`${effectiveDirective} ${blockedURI} on ${documentURI}`),
    );
  });
  const page = await context.newPage();
  const errors = [];
  page.on("pageerror", (error) => errors.push(error.message));
  await page.goto(person.link);
  return { page, reports, errors };
}

test("a person's day breaks no policy", { timeout: 180_000 }, () =>
  withDemo((demo) =>
    withBrowser(async (browser) => {
      const dana = await watched(browser, demo, "dana@acme.test");
      const sam = await watched(browser, demo, "sam@vendor.test");
      for (const { page } of [dana, sam]) {
        await crawl(page, demo.console, (where) => page.goto(demo.console + where));
      }
      // The agent copies the link to pass on, and looks inside.
      await sam.page.goto(`${demo.console}/cases/00012345`);
      await sam.page.getByRole("button", { name: "Copy" }).first().click();
      await sam.page.getByRole("button", { name: "Copied" }).waitFor();
      await openSession(sam.page, demo);
      // The customer watches, unticks and ticks; both news and rows come in by script.
      await dana.page.goto(`${demo.console}/live`);
      await dana.page.locator("#live-rows .row").first().waitFor();
      await dana.page.goto(demo.console + EDIT);
      const box = dana.page.locator(`#case-${LIVE_CASE}`).getByLabel("Grant impersonation");
      await box.click();
      await dana.page.locator(".notice").getByText(/Access removed/).waitFor();
      await box.click();
      await dana.page.locator(".notice").getByText(/Access granted/).waitFor();
      for (const { reports, errors } of [dana, sam]) {
        assert.deepEqual(reports, []);
        assert.deepEqual(errors, []);
      }

      // What slipped in could neither run nor become markup.
      const tried = await dana.page.evaluate(() => {
        const script = document.createElement("script");
        const attempts = {
          "inline script": () => {
            script.textContent = "document.title = 'taken'";
            document.body.append(script);
          },
          markup: () => (document.body.innerHTML = "<b>taken</b>"),
          "a policy": () => globalThis.trustedTypes.createPolicy("mine", { createHTML: (text) => text }),
          code: () => setTimeout("document.title = 'taken'", 0),
        };
        return Object.entries(attempts).map(([name, attempt]) => {
          try {
            attempt();
            return `${name} passed`;
          } catch (error) {
            return `${name}: ${error.name}`;
          }
        });
      });
      assert.deepEqual(tried, [
        "inline script: TypeError",
        "markup: TypeError",
        "a policy: TypeError",
        "code: TypeError",
      ]);
      await dana.page.evaluate(() => {
        document.body.setAttribute("onclick", "document.title = 'taken'");
        document.body.click();
      }).catch(() => {});
      assert.notEqual(await dana.page.title(), "taken");
      assert.ok(dana.reports.length >= 4, dana.reports.join("\n"));
    }),
  ),
);

test("no other page frames the tick", { timeout: 60_000 }, () =>
  withDemo((demo) =>
    withBrowser(async (browser) => {
      const target = demo.console + EDIT;
      const lure = `<!doctype html><title>Lure</title><iframe src="${target}"></iframe>
<a target="_blank" rel="opener" href="${target}">look</a>`;
      // Another port of the same host is the same site: its cookies come along, and only the headers keep it out.
      const server = http.createServer((_, response) => response.setHeader("content-type", "text/html").end(lure));
      await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
      try {
        const { context, page } = await signIn(browser, demo, "dana@acme.test");
        await page.goto(target);
        await page.getByLabel("Grant impersonation").first().waitFor();
        const lured = `http://${new URL(demo.console).hostname}:${server.address().port}/`;
        const ticks = () => page.frames()[1].getByLabel("Grant impersonation");
        await page.goto(lured);
        assert.equal(await ticks().count(), 0);
        // Without its headers the page would have been in the frame, signed in, with the tick to press.
        await page.route(target, async (route) => {
          const response = await route.fetch();
          const headers = response.headers();
          delete headers["content-security-policy"];
          delete headers["x-frame-options"];
          await route.fulfill({ response, headers });
        });
        await page.reload();
        await ticks().first().waitFor();
        await page.unroute(target);
        // Nor does whoever opened the page in a tab of its own keep a hand on it.
        const [opened] = await Promise.all([context.waitForEvent("page"), page.getByText("look").click()]);
        await opened.getByLabel("Grant impersonation").first().waitFor();
        assert.equal(await opened.evaluate(() => window.opener), null);
      } finally {
        server.closeAllConnections();
        server.close();
      }
    }),
  ),
);
