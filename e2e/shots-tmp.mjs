import { withBrowser } from "./lib/browser.mjs";
import { withServer } from "./lib/server.mjs";
const out = "/work/tmp/oidc-shots";
await withServer((server) => withBrowser(async (browser) => {
  const { cli } = server;
  await cli("org", "create", "--slug", "acme", "--name", "Acme Inc");
  await cli("admin", "create", "--org", "acme", "--email", "dana@acme.test", "--name", "Dana Okafor", "--role", "super_admin");
  for (const p of ["9", "19"]) await cli("provider", "add", "--org", "acme", "--issuer", `http://127.0.0.1:${p}/realms/acme`, "--client-id", "countersign", "--domain", "acme.test");
  for (const [name, options] of [
    ["desktop", { viewport: { width: 1280, height: 900 } }],
    ["phone-dark", { viewport: { width: 390, height: 844 }, colorScheme: "dark" }],
    ["de", { viewport: { width: 1280, height: 900 }, locale: "de-DE" }],
  ]) {
    const context = await browser.newContext(options);
    const page = await context.newPage();
    await page.goto(`${server.console}/sign-in`);
    await page.locator("#who").fill("dana@elsewhere.test");
    await page.locator("form.openid-sign-in button").click();
    await page.screenshot({ path: `${out}/sign-in-${name}.png`, fullPage: true });
    await page.goto(`${server.console}/sign-in/openid/acme`);
    await page.screenshot({ path: `${out}/ways-${name}.png`, fullPage: true });
    await page.goto(`${server.console}/sign-in/openid/acme?state=x&code=y`);
    await page.screenshot({ path: `${out}/not-asked-${name}.png`, fullPage: true });
    await page.goto((await cli("login-link", "--org", "acme", "--admin", "dana@acme.test")).url);
    await page.goto(`${server.console}/settings/sign-in`);
    await page.screenshot({ path: `${out}/settings-${name}.png`, fullPage: true });
    await context.close();
  }
}));
