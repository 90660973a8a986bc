// A certificate for the gateway's names, made for one test and trusted by one browser.
import { execFile } from "node:child_process";
import { createHash, X509Certificate } from "node:crypto";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { promisify } from "node:util";
import path from "node:path";

const run = promisify(execFile);

const NAMES = ["DNS:gw.localhost", "DNS:*.gw.localhost"];

// Runs `fn` with {cert, key, trusting}: two PEM files, and the arguments with which Chromium takes this key, and no
// other, for a good one. It then reuses connections as for any good certificate, which it does not after "proceed
// anyway".
export async function withCertificate(fn) {
  const directory = await mkdtemp(path.join(tmpdir(), "countersign-tls-"));
  const [cert, key] = ["cert.pem", "key.pem"].map((name) => path.join(directory, name));
  try {
    await run("openssl", [
      ...["req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2"],
      ...["-subj", "/CN=gw.localhost", "-addext", `subjectAltName=${NAMES.join(",")}`, "-out", cert, "-keyout", key],
    ]);
    const { publicKey } = new X509Certificate(await readFile(cert));
    const spki = publicKey.export({ type: "spki", format: "der" });
    const pin = createHash("sha256").update(spki).digest("base64");
    return await fn({ cert, key, trusting: [`--ignore-certificate-errors-spki-list=${pin}`] });
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
}
