// DokuWiki, as Debian packages it, on PHP's own web server, with a handful of pages.
import { execFile } from "node:child_process";
import { createHash } from "node:crypto";
import { cp, mkdir, mkdtemp, readFile, readdir, rename, rm, symlink, unlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import path from "node:path";
import { installed } from "../../lib/cache.mjs";
import { cleanEnvironment, whenItSays, withProcess } from "../../lib/process.mjs";

const run = promisify(execFile);
const here = fileURLToPath(new URL(".", import.meta.url));

// The wiki, and what it takes from other packages. Unpacked, not installed: nothing on this machine is to serve it.
const PACKAGES = [
  ...["dokuwiki", "libjs-jquery", "libjs-jquery-cookie", "libjs-jquery-ui", "libphp-simplepie", "php-geshi"],
  ...["php-phpseclib", "php-random-compat"],
];

const PAGES = {
  start: "====== Acme Handbook ======\n\nWelcome. Read about [[invoices]] and the [[team:office|office]].\n",
  invoices: "====== Invoices ======\n\nInvoices go out on the first working day. Ask for a zebra stamp.\n\n===== Overdue =====\n\nRemind after ten days.\n",
  "team/office": "====== Office ======\n\nThe office opens at nine. {{:logo.png|Our logo}}\n",
};

// Runs `fn` with {origin, content()} of the wiki, and stops it.
export async function withDokuWiki(fn) {
  const program = await unpacked();
  const data = await mkdtemp(path.join(tmpdir(), "countersign-dokuwiki-"));
  const web = path.join(program, "usr/share/dokuwiki");
  const env = cleanEnvironment({ WIKI_PROGRAM: program, WIKI_DATA: data });
  const php = ["-d", `auto_prepend_file=${path.join(here, "prepend.php")}`, "-d", "opcache.enable=0"];
  try {
    await fill(program, data);
    await run("php", [...php, path.join(web, "bin/indexer.php"), "-q"], { env, cwd: web });
    const listening = whenItSays((line) => line.match(/Development Server \((http:\S+)\) started/)?.[1], "stderr");
    const command = ["php", ...php, "-S", "127.0.0.1:0", "-t", web];
    return await withProcess(
      "DokuWiki",
      command,
      listening,
      (origin) => fn({ origin, content: () => fingerprints(path.join(data, "data")) }),
      { env, cwd: web },
    );
  } finally {
    await rm(data, { recursive: true, force: true });
  }
}

async function unpacked() {
  const { stdout: versions } = await run("apt-get", ["download", "--print-uris", ...PACKAGES], {
    env: cleanEnvironment({ LC_ALL: "C" }),
  });
  const plugin = await readFile(path.join(here, "authheader/auth.php"), "utf8");
  return installed("dokuwiki", [versions, plugin], async (directory, kept) => {
    await run("apt-get", ["download", "--quiet", ...PACKAGES], { cwd: directory });
    for (const name of await readdir(directory)) {
      if (!name.endsWith(".deb")) continue;
      await run("dpkg-deb", ["--extract", name, directory], { cwd: directory });
      await unlink(path.join(directory, name));
    }
    // The package's paths begin at the root of the file system; here they begin where it was unpacked.
    const own = path.join(directory, "usr/share/dokuwiki");
    for (const name of ["plugins", "tpl"]) {
      await unlink(path.join(own, "lib", name));
      await rename(path.join(directory, "var/lib/dokuwiki/lib", name), path.join(own, "lib", name));
    }
    await unlink(path.join(directory, "var/lib/dokuwiki/inc"));
    await symlink("../../../usr/share/dokuwiki/inc", path.join(directory, "var/lib/dokuwiki/inc"));
    const { stdout: files } = await run("grep", ["-rlE", "--include=*.php", "'/usr/share/", own]);
    for (const file of files.trim().split("\n")) {
      const text = await readFile(file, "utf8");
      await writeFile(file, text.replace(/'\/usr\/share\//g, `'${kept}/usr/share/`));
    }
    await cp(path.join(here, "authheader"), path.join(own, "lib/plugins/authheader"), { recursive: true });
  });
}

async function fill(program, data) {
  await mkdir(path.join(data, "conf"));
  await cp(path.join(here, "local.php"), path.join(data, "conf/local.php"));
  // The package brings a plugin of the wiki's own tests, and warns while it is on.
  await writeFile(path.join(data, "conf/plugins.local.php"), "<?php\n$plugins['testing'] = 0;\n");
  await writeFile(path.join(data, "conf/acl.auth.php"), "*\t@ALL\t0\n*\t@user\t16\n");
  await cp(path.join(program, "var/lib/dokuwiki/data"), path.join(data, "data"), { recursive: true });
  for (const [name, text] of Object.entries(PAGES)) {
    const file = path.join(data, "data/pages", `${name}.txt`);
    await mkdir(path.dirname(file), { recursive: true });
    await writeFile(file, text);
  }
  const logo = path.join(program, "usr/share/dokuwiki/lib/tpl/dokuwiki/images/logo.png");
  await cp(logo, path.join(data, "data/media/logo.png"));
}

// {path: hash} of every file that the wiki keeps.
async function fingerprints(data) {
  const found = {};
  for (const entry of await readdir(data, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile()) continue;
    const file = path.join(entry.parentPath ?? entry.path, entry.name);
    found[path.relative(data, file)] = createHash("sha256").update(await readFile(file)).digest("hex");
  }
  return found;
}
