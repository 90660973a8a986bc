# Sourced by the scripts: installs what a fresh Debian machine lacks, and says nothing when nothing is missing.
# shellcheck shell=bash

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
tools=${XDG_CACHE_HOME:-$HOME/.cache}/countersign/tools
target=${CARGO_TARGET_DIR:-${CARGO_BUILD_TARGET_DIR:-$root/target}}
cargo_deny_version=0.20.2
missing_packages=()

fail() {
    printf '%s: %s\n' "${0##*/}" "$*" >&2
    exit 1
}

has() { command -v "$1" >/dev/null 2>&1; }

# need COMMAND PACKAGE: remembers the package when the command is missing.
need() {
    has "$1" || missing_packages+=("$2")
}

# become_root WHY COMMAND: sets as_root to what has to stand before a command that needs root.
become_root() {
    as_root=()
    ((EUID != 0)) || return 0
    has sudo || fail "$1 needs root, and there is no sudo here. Ask an administrator to run: $2"
    as_root=(sudo)
    # Without a terminal sudo cannot ask for a password and would only hang or fail obscurely.
    if [[ ! -t 0 ]]; then
        sudo -n true 2>/dev/null || fail "$1 needs root. sudo asks for a password and there is no terminal to give it. Run: sudo $2"
    fi
}

install_missing() {
    ((${#missing_packages[@]})) || return 0
    local wanted="${missing_packages[*]}" log as_root
    has apt-get || fail "missing: $wanted. This is not Debian or a relative of it; install them with your system's package manager and run this again."
    become_root "missing: $wanted. Installing them" "apt-get install $wanted"
    printf 'Installing %s ...\n' "$wanted" >&2
    log=$(mktemp)
    if ! {
        "${as_root[@]}" apt-get update -qq &&
            "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "${missing_packages[@]}"
    } >"$log" 2>&1 </dev/null; then
        cat "$log" >&2
        rm -f "$log"
        fail "could not install: $wanted (the package manager's output is above)"
    fi
    rm -f "$log"
    missing_packages=()
}

update_package_lists() {
    local as_root
    has apt-get || fail "this is not Debian or a relative of it: the tests cannot fetch the package dokuwiki."
    become_root "The list of packages is empty. Fetching it" "apt-get update"
    "${as_root[@]}" apt-get update -qq </dev/null || fail "could not fetch the list of packages"
}

# What it takes to build the workspace: Rust from rustup, and a C compiler for aws-lc and SQLite.
setup_build() {
    need cc gcc
    install_missing
    if ! has cargo && [[ -x $HOME/.cargo/bin/cargo ]]; then
        PATH=$HOME/.cargo/bin:$PATH
    fi
    has cargo || fail "cargo is missing. Install Rust 1.95 or later with rustup (https://rustup.rs) and run this again."
}

# What the gateway is measured beside, and by.
need_bench() {
    need nginx nginx-light
    need wrk wrk
}

setup_checks() {
    need git git
    # The API guide's commands use it.
    need curl curl
    # The tests start a database server of their own; Debian keeps its programs away from the path.
    compgen -G '/usr/lib/postgresql/*/bin/initdb' >/dev/null || need initdb postgresql
    [[ -x /usr/sbin/pgbouncer ]] || need pgbouncer pgbouncer
    need flock util-linux
    need_bench
    setup_build
    cargo fmt --version >/dev/null 2>&1 || fail "rustfmt is missing. Run: rustup component add rustfmt"
    cargo clippy --version >/dev/null 2>&1 || fail "clippy is missing. Run: rustup component add clippy"
}

# Builds cargo-deny once, outside the checkout; that takes some minutes.
setup_deny() {
    cargo_deny=$tools/bin/cargo-deny
    [[ $("$cargo_deny" --version 2>/dev/null) == "cargo-deny $cargo_deny_version" ]] && return 0
    printf 'Building cargo-deny %s (once, some minutes) ...\n' "$cargo_deny_version" >&2
    mkdir -p "$tools"
    # From outside the checkout, so that the workspace's cargo configuration does not apply to the tool.
    if ! (cd "$tools" && CARGO_TARGET_DIR=$tools/target cargo install cargo-deny \
        --version "$cargo_deny_version" --locked --force --root "$tools" >"$tools/cargo-deny.log" 2>&1 </dev/null); then
        tail -n 40 "$tools/cargo-deny.log" >&2
        fail "could not build cargo-deny $cargo_deny_version; the whole output is in $tools/cargo-deny.log"
    fi
    rm -rf "$tools/target"
}

check_node() {
    local major
    major=$(node -p 'process.versions.node.split(".")[0]')
    ((major >= 20)) || fail "the tests need Node.js 20 or later; this is $(node --version). Install a newer one and run this again."
}

# Debian splits the module that makes virtual environments off.
need_python() {
    need python3 python3
    python3 -c 'import ensurepip, venv' 2>/dev/null || missing_packages+=(python3-venv)
}

# schemathesis itself is installed into the cache by its runner.
setup_schemathesis() {
    need node nodejs
    need_python
    install_missing
    check_node
    python3 -c 'import sys; sys.exit(sys.version_info < (3, 11))' ||
        fail "schemathesis needs Python 3.11 or later here; this is $(python3 --version). Install a newer one and run this again."
}

setup_browser() {
    if [[ -z ${CHROMIUM:-} ]]; then
        need chromium chromium
    fi
    if [[ -z ${FIREFOX:-} ]] && ! has firefox; then
        need firefox-esr firefox-esr
    fi
    need node nodejs
    need npm npm
    need openssl openssl
    install_missing
    check_node
}

# The products that the browser tests put behind the gateway: Django in a virtual environment, Flood before an
# rTorrent, DokuWiki on PHP. The tests install the products themselves, into the cache.
setup_products() {
    need_python
    need rtorrent rtorrent
    need php php-cli
    { has php && php -r 'exit(extension_loaded("xml") ? 0 : 1);'; } 2>/dev/null || missing_packages+=(php-xml)
    need dpkg-deb dpkg
    install_missing
    # DokuWiki is unpacked into the cache and not installed; for that its package has to be known here.
    [[ -n $(apt-cache show dokuwiki 2>/dev/null) ]] || update_package_lists
}
