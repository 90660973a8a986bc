// What the products under test are installed into: once, outside the checkout, under a name that says what is in it.
import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { mkdir, rename, rm } from "node:fs/promises";
import { homedir } from "node:os";
import path from "node:path";

const cache = path.join(process.env.XDG_CACHE_HOME || path.join(homedir(), ".cache"), "countersign/products");

// The directory that `install(directory, kept)` filled for these `parts` (versions, lock files), now or at an earlier
// run. It fills `directory`, which will be found at `kept`.
export async function installed(name, parts, install) {
  const hash = createHash("sha256");
  for (const part of parts) hash.update(part).update("\0");
  const kept = path.join(cache, `${name}-${hash.digest("hex").slice(0, 16)}`);
  if (existsSync(kept)) return kept;
  // Filled aside and then renamed: an interrupted run leaves nothing that looks complete, and two may run at once.
  const filling = `${kept}.${process.pid}`;
  await rm(filling, { recursive: true, force: true });
  await mkdir(filling, { recursive: true });
  try {
    await install(filling, kept);
    await rename(filling, kept);
  } catch (error) {
    await rm(filling, { recursive: true, force: true });
    if (!existsSync(kept)) throw error;
  }
  return kept;
}
