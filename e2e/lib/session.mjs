// Entering a read-only session of the demo.
import { signIn } from "./people.mjs";

// A case of the demo with live access that Sam works on and Dana approved.
export const LIVE_CASE = "00012346";

// Sam in a session, on the product's first page.
export async function inSession(browser, demo, options = {}) {
  const agent = await signIn(browser, demo, "sam@vendor.test", options);
  await openSession(agent.page, demo);
  return agent;
}

export async function openSession(page, demo) {
  await page.goto(`${demo.console}/cases/${LIVE_CASE}`);
  await page.getByRole("button", { name: "Open read-only session" }).click();
  await page.getByRole("link", { name: "Invoices", exact: true }).first().waitFor();
  return new URL(page.url()).origin;
}
