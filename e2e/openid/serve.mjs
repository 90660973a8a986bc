// An OpenID provider that nobody here wrote (npm's oidc-provider), as its makers configure it for trying out: whoever
// types a name and any password is signed in under that name. Says its issuer on the first line.
import { once } from "node:events";
import { createServer } from "node:http";
import Provider from "oidc-provider";

const [client, secret, console, redirect, domain = "acme.test"] = process.argv.slice(2);

// The vendor’s groups; nobody else is in any.
const GROUPS = { sam: ["support"], pat: ["platform", "all"] };

const server = createServer();
server.listen(Number(process.env.PORT ?? 0), "127.0.0.1");
await once(server, "listening");
const issuer = `http://127.0.0.1:${server.address().port}`;

const provider = new Provider(issuer, {
  clients: [
    {
      client_id: client,
      client_secret: secret,
      redirect_uris: [redirect],
      backchannel_logout_uri: `${redirect}/out`,
      backchannel_logout_session_required: true,
      post_logout_redirect_uris: [`${console}/sign-in`],
    },
  ],
  claims: { openid: ["sub"], email: ["email", "email_verified"], profile: ["name"], groups: ["groups"] },
  // The name before the @ is the number that people keep whatever their address becomes.
  findAccount: (_context, id) => ({
    accountId: id,
    claims: () => ({
      sub: id,
      name: id[0].toUpperCase() + id.slice(1),
      email: `${id}@${domain}`,
      email_verified: !id.startsWith("unverified"),
      groups: GROUPS[id] ?? [],
    }),
  }),
  features: { backchannelLogout: { enabled: true } },
  cookies: { keys: ["a key for trying out"] },
  pkce: { required: () => true },
  // Its own refuses to connect to this machine, as Countersign's does elsewhere.
  fetch: (url, { dispatcher: _guards, ...options }) => fetch(url, options),
});
provider.on("backchannel.error", (_context, error) => process.stderr.write(`back channel: ${error.stack} ${error.cause}\n`));
server.on("request", provider.callback());
process.stdout.write(`${JSON.stringify({ issuer })}\n`);
