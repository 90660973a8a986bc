// Signing in as the people of the demo, each in a browser profile of their own.

// A profile signed in as the person with this e-mail address.
export async function signIn(browser, demo, email, options = {}) {
  const person = demo.people.find((known) => known.email === email);
  if (!person) throw new Error(`the demo has nobody called ${email}`);
  const context = await browser.newContext(options);
  const page = await context.newPage();
  await page.goto(person.link);
  return { context, page, person };
}
