// Whatever a browser came to hold, tried at the product's own address, where no gateway stands in front.
import http from "node:http";

// Headers that concern one connection or one message; the rest might be somebody's idea of a credential.
const OF_THE_MESSAGE = new Set([
  ...["connection", "content-encoding", "content-length", "date", "host", "keep-alive", "server", "te", "trailer"],
  ...["transfer-encoding", "upgrade"],
]);

// Every way to present what was held: {what, headers} each, without repetition.
// `seen` is what lib/support.mjs noted: response headers, and storage states of the context.
export function attempts(seen) {
  const found = new Map();
  const add = (what, headers) => found.set(JSON.stringify(headers), { what, headers });
  const values = new Set();
  const cookies = new Map();
  for (const { name, value } of seen.headers) {
    const header = name.toLowerCase();
    if (header === "set-cookie") {
      const [pair] = value.split(";");
      const at = pair.indexOf("=");
      cookies.set(pair.slice(0, at), pair.slice(at + 1));
      values.add(pair.slice(at + 1));
    } else if (!OF_THE_MESSAGE.has(header)) {
      add(`the response header ${name}`, { [header]: value });
      values.add(value);
    }
  }
  for (const state of seen.storage) {
    for (const { name, value } of state.cookies) {
      cookies.set(name, value);
      values.add(value);
    }
    for (const { localStorage } of state.origins) localStorage.forEach(({ value }) => values.add(value));
  }
  const jar = [...cookies].map(([name, value]) => `${name}=${value}`).join("; ");
  add("every cookie at once", { cookie: jar });
  for (const value of values) {
    if (!/^[\x21-\x7e][\x20-\x7e]*$/.test(value)) continue;
    const shown = `${value.slice(0, 12)}…`;
    add(`${shown} as a session cookie`, { cookie: `sessionid=${value}` });
    add(`${shown} as a bearer token`, { authorization: `Bearer ${value}` });
    add(`${shown} as the identity`, { "countersign-identity": value });
  }
  return [...found.values()];
}

// GET at `origin`, answering with {status, location, body}; `fetch` would not let every header pass.
export function get(origin, where, headers) {
  return new Promise((resolve, reject) => {
    http
      .get(new URL(where, origin), { headers, agent: false }, (response) => {
        let body = "";
        response.setEncoding("utf8").on("data", (text) => (body += text));
        response.on("end", () =>
          resolve({ status: response.statusCode, location: response.headers.location, body }),
        );
        response.on("error", reject);
      })
      .on("error", reject);
  });
}
