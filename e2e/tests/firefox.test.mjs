// The journey in Firefox, whose cookies, streams and forms are not Chromium's: ask, tick, look, be refused, untick.
import assert from "node:assert/strict";
import { test } from "node:test";
import { withDemo } from "../lib/demo.mjs";
import { withFirefox } from "../lib/firefox.mjs";
import { eventually } from "../lib/process.mjs";

const CASE = "00012351";
const WHY = "The customer cannot find where users are renamed; I want to see the same page.";

test("the journey in Firefox", { timeout: 120_000 }, () => withDemo((demo) => withFirefox((firefox) => journey(firefox, demo))));

test("the journey in Firefox without JavaScript", { timeout: 120_000 }, () =>
  withDemo((demo) => withFirefox((firefox) => plainly(firefox, demo), { "javascript.enabled": false })),
);

async function signIn(firefox, demo, email) {
  const page = await firefox.newPage();
  await page.goto(demo.people.find((person) => person.email === email).link);
  return page;
}

// As the banner's script has counted it, once the gateway has answered it.
function timeLeft() {
  return document.querySelector("countersign-banner").shadowRoot.querySelector(".left").innerText;
}

const stats = async (demo) => (await fetch(`${demo.product}/api/stats`)).json();

async function ask(agent, demo) {
  await agent.goto(`${demo.console}/cases/${CASE}`);
  await agent.press("textbox", "Why do you need to look inside?");
  await agent.type(WHY);
  await agent.press("button", "Ask for access", "details.ask form");
  await agent.shows(/The customer has not ticked it yet/);
}

async function look(agent) {
  await agent.press("button", "Open read-only session");
  await agent.at(/^http:\/\/[a-z2-7]{16}\.gw\.localhost:\d+\/$/);
  const origin = new URL(await agent.url()).origin;
  await agent.goto(`${origin}/invoices`);
  await agent.shows(/Outstanding|Invoices/, "main");
  const banner = await agent.evaluate(() => {
    const host = document.querySelector("countersign-banner");
    const box = host.shadowRoot.querySelector(".bar").getBoundingClientRect();
    return { text: host.shadowRoot.querySelector("section").innerText, inView: box.height > 0 && box.bottom <= innerHeight };
  });
  assert.match(banner.text, /Read-only.*Acme Inc.*Case 00012351/s);
  assert.equal(banner.inView, true);
  return origin;
}

async function isRefused(agent, demo, origin) {
  const before = await stats(demo);
  await agent.goto(`${origin}/settings`);
  await agent.press("button", "Save settings");
  await agent.shows(/Support can look, not change/);
  assert.equal((await stats(demo)).writes, before.writes);
  // The way back leads to the page that the form was on.
  await agent.press("link", "Back to the product");
  await agent.shows(/Settings/, "h1");
  await agent.at(/\/settings$/);
}

async function journey(firefox, demo) {
  const agent = await signIn(firefox, demo, "sam@vendor.test");
  const admin = await signIn(firefox, demo, "dana@acme.test");
  // A settings page that is open shows what is asked without being loaded again.
  await admin.goto(`${demo.console}/settings/account`);
  await admin.shows(/wait/, "#summary");
  const before = await admin.text("#summary");
  await admin.evaluate(() => {
    window.stayed = true;
  });
  await ask(agent, demo);
  await eventually(async () => assert.notEqual(await admin.text("#summary"), before));
  assert.equal(await admin.evaluate(() => window.stayed), true);

  const card = `#case-${CASE}`;
  await admin.goto(`${demo.console}/settings/account?edit=support${card}`);
  await admin.press("checkbox", "Grant impersonation", card);
  await admin.shows(/Expires/, card);
  await agent.goto(`${demo.console}/cases/${CASE}`);
  const origin = await look(agent);
  await isRefused(agent, demo, origin);

  // The page that is open is covered; nobody presses anything there.
  await agent.goto(`${origin}/invoices`);
  await eventually(async () => assert.match(await agent.evaluate(timeLeft), /7 h 59 min left/));
  await admin.press("checkbox", "Grant impersonation", card);
  await admin.shows(/Access removed/, ".notice");
  await agent.shows(/The customer has taken access back/, "h1");
  assert.doesNotMatch(await agent.text(), /Ledgerly|Outstanding/);
  await agent.goto(`${origin}/invoices`);
  await agent.shows(/The customer has taken access back/, "h1");
}

async function plainly(firefox, demo) {
  const agent = await signIn(firefox, demo, "sam@vendor.test");
  const admin = await signIn(firefox, demo, "dana@acme.test");
  await ask(agent, demo);
  const card = `#case-${CASE}`;
  await admin.goto(`${demo.console}/settings/account?edit=support${card}`);
  await admin.press("checkbox", "Grant impersonation", card);
  await admin.press("button", "Grant access", card);
  await admin.shows(/Expires/, card);
  await agent.goto(`${demo.console}/cases/${CASE}`);
  const origin = await look(agent);
  await isRefused(agent, demo, origin);
  await admin.press("checkbox", "Grant impersonation", card);
  await admin.press("button", "Remove access", card);
  await admin.shows(/Access removed/, ".notice");
  await agent.goto(`${origin}/invoices`);
  await agent.shows(/The customer has taken access back/, "h1");
}
