// Every page in every state, as crates/console/src/views/fixtures/gallery.rs wrote them beside the binary, served with the
// headers and the files that they are served with.
import { readFileSync } from "node:fs";
import http from "node:http";
import path from "node:path";
import { binary } from "./process.mjs";

const folder = path.join(path.dirname(binary()), "gallery");

// Runs `fn` with {origin, pages: [{name, lang, url, headers}]}, and stops serving whatever happens.
export async function withGallery(fn) {
  const { assets, pages } = manifest();
  const served = new Map();
  for (const { path: where, type, file } of assets) served.set(where, { file, headers: { "content-type": type } });
  for (const { file, headers } of pages) {
    served.set(`/gallery/${file}`, { file, headers: { "content-type": "text/html; charset=utf-8", ...headers } });
  }
  const server = http.createServer((request, response) => {
    const found = served.get(new URL(request.url, "http://localhost").pathname);
    // What a page asks for of its own accord has no news.
    if (!found) return void response.writeHead(204).end();
    response.writeHead(200, found.headers).end(readFileSync(path.join(folder, found.file)));
  });
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  const origin = `http://127.0.0.1:${server.address().port}`;
  try {
    return await fn({ origin, pages: pages.map((page) => ({ ...page, url: `${origin}/gallery/${page.file}` })) });
  } finally {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  }
}

function manifest() {
  try {
    return JSON.parse(readFileSync(path.join(folder, "pages.json"), "utf8"));
  } catch (error) {
    error.message += "; the tests of countersign-console write the pages: cargo test -p countersign-console gallery";
    throw error;
  }
}
