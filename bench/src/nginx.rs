//! nginx as product, as judge, and as the proxies measured.

use std::{
    fs,
    net::SocketAddr,
    path::{Path, PathBuf},
};

use crate::{Outcome, process::Process};

/// A body of the size of a small JSON answer.
const BODY_BYTES: usize = 512;

/// Where the four proxies listen.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Proxies {
    pub(crate) plain: SocketAddr,
    pub(crate) plain_logged: SocketAddr,
    pub(crate) auth: SocketAddr,
    pub(crate) auth_logged: SocketAddr,
}

/// The product: one worker, a fixed body, connections kept.
pub(crate) async fn product(room: &Path, at: SocketAddr) -> Outcome<Process> {
    let body = "x".repeat(BODY_BYTES);
    let server = format!(
        "server {{ listen {at}; default_type application/json; location / {{ return 200 '{body}'; }} }}"
    );
    start(room, "product", 1, &server, at).await
}

/// What `auth_request` asks: a service of its own that says yes to everything.
pub(crate) async fn judge(room: &Path, at: SocketAddr) -> Outcome<Process> {
    let server = format!("server {{ listen {at}; location / {{ return 204; }} }}");
    start(room, "judge", 1, &server, at).await
}

/// The proxies measured: connections to product and judge are kept, and each worker has a
/// listening queue of its own so that connections spread over them.
pub(crate) async fn proxies(
    room: &Path,
    workers: usize,
    product: SocketAddr,
    judge: SocketAddr,
    at: Proxies,
) -> Outcome<Process> {
    let mut http = String::new();
    for (name, address) in [("product", product), ("judge", judge)] {
        http.push_str(&format!(
            "upstream {name} {{ server {address}; keepalive 256; keepalive_requests 1000000000; }}\n"
        ));
    }
    let on = "proxy_http_version 1.1; proxy_set_header Connection '';";
    for (address, auth, logged) in [
        (at.plain, false, false),
        (at.plain_logged, false, true),
        (at.auth, true, false),
        (at.auth_logged, true, true),
    ] {
        let log = if logged {
            format!("access_log {} combined;", room.join("access.log").display())
        } else {
            String::new()
        };
        let (ask, judge) = if auth {
            (
                "auth_request /judge;",
                format!(
                    "location = /judge {{ internal; proxy_pass http://judge; proxy_pass_request_body off; proxy_set_header Content-Length ''; {on} }}"
                ),
            )
        } else {
            ("", String::new())
        };
        http.push_str(&format!(
            "server {{ listen {address} reuseport; {log} location / {{ {ask} proxy_pass http://product; {on} }} {judge} }}\n"
        ));
    }
    start(room, "proxies", workers, &http, at.plain).await
}

async fn start(
    room: &Path,
    name: &str,
    workers: usize,
    http: &str,
    at: SocketAddr,
) -> Outcome<Process> {
    let directory = room.join(name);
    fs::create_dir_all(&directory)?;
    let kept = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"]
        .map(|kind| format!("{kind}_temp_path {};", directory.join(kind).display()))
        .join(" ");
    let config = format!(
        "daemon off; worker_processes {workers}; pid {pid}; error_log {error} crit;\n\
         events {{ worker_connections 4096; }}\n\
         http {{ access_log off; {kept} keepalive_timeout 600s; keepalive_requests 1000000000; tcp_nodelay on;\n{http} }}\n",
        pid = directory.join("pid").display(),
        error = directory.join("error.log").display(),
    );
    let path: PathBuf = directory.join("nginx.conf");
    fs::write(&path, config)?;
    let output = directory.join("output.log");
    let arguments = ["-e", "stderr", "-p"];
    let process = Process::start("nginx", &output, |command| {
        command.args(arguments).arg(&directory).arg("-c").arg(&path);
    })?;
    process.answers(at).await?;
    Ok(process)
}
