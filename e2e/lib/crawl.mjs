// Every page that a person can get to by following links from where they begin: one of each kind.
// Links that spend something or hand out a file are not followed.

export async function crawl(page, console, visit) {
  const seen = new Set();
  const waiting = ["/"];
  while (waiting.length > 0) {
    const where = waiting.shift();
    const kind = where.replace(/\d{4,}/g, "N").replace(/(?<==)[^&]*/g, "");
    if (seen.has(kind)) continue;
    seen.add(kind);
    await visit(where);
    const links = await page.$$eval("a[href]:not([download])", (found) => found.map(({ href }) => href));
    for (const link of links) {
      const url = new URL(link);
      if (url.origin === console && !url.pathname.endsWith("/open")) waiting.push(url.pathname + url.search);
    }
  }
  return seen;
}
