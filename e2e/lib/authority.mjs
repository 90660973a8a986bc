// A certificate authority made for one test, and a certificate that it has signed.
import { execFile } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { promisify } from "node:util";
import path from "node:path";

const run = promisify(execFile);
const KEY = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2"];

// Runs `fn` with {ca, cert, key}: PEM files, of a certificate for `names`.
export async function withAuthority(names, fn) {
  const directory = await mkdtemp(path.join(tmpdir(), "countersign-ca-"));
  const [ca, caKey, cert, key] = ["ca.pem", "ca.key", "cert.pem", "key.pem"].map((name) => path.join(directory, name));
  const x509 = (...more) => run("openssl", ["req", "-x509", ...KEY, ...more]);
  try {
    await x509("-subj", "/CN=A test's authority", "-addext", "keyUsage=critical,keyCertSign", "-out", ca, "-keyout", caKey);
    const leaf = ["basicConstraints=critical,CA:FALSE", `subjectAltName=${names.map((name) => `DNS:${name}`).join(",")}`];
    const extensions = leaf.flatMap((extension) => ["-addext", extension]);
    await x509("-CA", ca, "-CAkey", caKey, "-subj", `/CN=${names[0]}`, ...extensions, "-out", cert, "-keyout", key);
    return await fn({ ca, cert, key });
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
}
