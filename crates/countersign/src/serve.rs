//! Serving console, API and gateway.

use std::{future::Future, io::IsTerminal, net::SocketAddr, sync::Arc, thread, time::Duration};

use axum::{Extension, Router, middleware};
use countersign_api::{Api, Format, RateLimits, history_file};
use countersign_app::{App, Settings, Signer};
use countersign_console::{Console, FileFormat, HistoryFiles, Products};
use countersign_enforcement::{Gateway, GatewayConfig, UpstreamCheck};
use countersign_identity::{Identity, Providers, StaffProvider};
use countersign_store::{Addresses, SigningKey, Store, Unavailable};
use rustls::ServerConfig;
use serde_json::json;
use tokio::{
    signal::{self, unix::SignalKind},
    sync::{oneshot, watch},
    time::{interval, timeout},
};
use tracing_subscriber::EnvFilter;

use crate::{
    cli::{Failed, Output, ServeArgs},
    client,
    config::{self, Certificates, ConfigError, Database, File},
    deployment,
    doorway::{Bound, authority, host, is_local},
    host,
    keys::ProcessKey,
    listener, openid,
    ports::{self, SystemPorts, WallClock},
    tls::{self, Files},
    wiring::{self, SessionEntry},
};

/// How long a published key is trusted after its process last said it was alive.
const KEY_TRUST: countersign_domain::Duration = countersign_domain::Duration::from_hours(1);
/// How often a process says so.
const KEY_RENEWAL: Duration = Duration::from_secs(20 * 60);
/// How long requests under way may take to finish after the stop signal.
const DRAIN: Duration = Duration::from_secs(10);
/// How long the gateway may take to record what it had to cut.
const LAST_WORDS: Duration = Duration::from_secs(5);

/// By whose word people sign in.
pub(crate) struct SignIn {
    /// What connects to OpenID providers.
    pub(crate) providers: Providers,
    /// The vendor's own, for its staff.
    pub(crate) staff: Vec<StaffProvider>,
}

/// The listening sockets and how people reach them.
pub(crate) struct Doors {
    console: Bound,
    gateway: Bound,
    console_tls: Option<Arc<ServerConfig>>,
    gateway_tls: Option<Arc<ServerConfig>>,
    /// The addresses people use.
    pub(crate) addresses: Addresses,
}

fn unreachable(doors: &[(SocketAddr, &str, &str)]) -> Option<String> {
    let told: Vec<String> = doors
        .iter()
        .filter(|(at, url, _)| !at.ip().is_loopback() && is_local(url))
        .map(|(at, url, flag)| {
            format!("{at} goes by {url}: say {flag} with the address that people use")
        })
        .collect();
    (!told.is_empty()).then(|| {
        format!(
            "other machines can connect, and all links lead to this one; whoever comes by another name is \
             answered 421. {}",
            told.join("; ")
        )
    })
}

impl Doors {
    /// Binds both sockets; what is not given is derived from where they listen.
    pub(crate) async fn open(
        listen: SocketAddr,
        gateway_listen: SocketAddr,
        public_url: Option<&str>,
        gateway_url: Option<&str>,
        certificates: &Certificates,
    ) -> Result<Self, Failed> {
        let given = |name, url: Option<&str>| url.map(|url| config::origin(name, url)).transpose();
        let public_url = given("--public-url", public_url)?;
        let gateway_url = given("--gateway-url", gateway_url)?;
        let local = |url: &Option<String>| url.as_deref().is_none_or(is_local);
        let console = Bound::at("--listen", listen, local(&public_url)).await?;
        let gateway = Bound::at("--gateway-listen", gateway_listen, local(&gateway_url)).await?;
        let public_url = public_url.unwrap_or_else(|| {
            let scheme = scheme(&certificates.console);
            format!("{scheme}://{}", authority(console.address))
        });
        let gateway_url = gateway_url.unwrap_or_else(|| {
            let scheme = scheme(&certificates.gateway);
            format!("{scheme}://gw.localhost:{}", gateway.address.port())
        });
        let server = |files: &Option<Files>, name: &str| {
            let server = files.as_ref().map(|files| tls::server(files, name));
            server.transpose().map_err(ConfigError::Tls)
        };
        Ok(Self {
            console_tls: server(&certificates.console, host(&public_url))?,
            gateway_tls: server(
                &certificates.gateway,
                &format!("session.{}", host(&gateway_url)),
            )?,
            console,
            gateway,
            addresses: Addresses {
                public_url,
                gateway_url,
            },
        })
    }

    /// What to tell whoever listens for other machines and has said no address that those could come by.
    fn unreachable(&self) -> Option<String> {
        let addresses = &self.addresses;
        unreachable(&[
            (self.console.address, &addresses.public_url, "--public-url"),
            (
                self.gateway.address,
                &addresses.gateway_url,
                "--gateway-url",
            ),
        ])
    }

    /// What to tell whoever lets others than the own machine come without TLS. Where an address that
    /// people use begins with https, a proxy in front speaks it.
    fn in_the_clear(&self) -> Option<String> {
        let addresses = &self.addresses;
        let console = (&self.console, &self.console_tls, &addresses.public_url);
        let gateway = (&self.gateway, &self.gateway_tls, &addresses.gateway_url);
        let open = [
            (
                console,
                "console and API",
                "--tls-cert and --tls-key",
                "--public-url",
            ),
            (
                gateway,
                "the gateway",
                "--gateway-tls-cert and --gateway-tls-key",
                "--gateway-url",
            ),
        ];
        let open = open.into_iter().filter(|((bound, tls, url), ..)| {
            !bound.address.ip().is_loopback() && tls.is_none() && !url.starts_with("https://")
        });
        let told: Vec<String> = open
            .map(|((bound, ..), what, certificate, url)| {
                format!(
                    "{what} at {}: give {certificate}, or put a proxy that speaks TLS in front and say \
                     {url} https://…",
                    bound.address
                )
            })
            .collect();
        (!told.is_empty()).then(|| {
            format!(
                "others than this machine come without TLS: sign-in links, cookies and tokens can be read on \
                 the way, and browsers keep no sign-in. {}",
                told.join("; ")
            )
        })
    }

    /// The gateway's defaults for where these doors are.
    pub(crate) fn gateway_config(&self) -> GatewayConfig {
        let addresses = &self.addresses;
        GatewayConfig {
            tls: self.gateway_tls.clone(),
            threads: thread::available_parallelism().map_or(1, usize::from),
            ..GatewayConfig::new(&addresses.public_url, &addresses.gateway_url)
        }
    }
}

fn scheme(certificate: &Option<Files>) -> &'static str {
    if certificate.is_some() {
        "https"
    } else {
        "http"
    }
}

/// `countersign serve`.
pub(crate) async fn serve(
    args: ServeArgs,
    database: Option<String>,
    output: Output,
) -> Result<(), Failed> {
    init_log(output);
    let mut file = File::read(args.config.as_ref())?;
    let database = config::database(database.or(file.database.take()).as_deref())?;
    let certificates = Certificates::of(args.tls, &mut file)?;
    let local = |port| SocketAddr::from(([127, 0, 0, 1], port));
    let doors = Doors::open(
        args.listen.or(file.listen).unwrap_or_else(|| local(8080)),
        args.gateway_listen
            .or(file.gateway_listen)
            .unwrap_or_else(|| local(8081)),
        args.public_url.or(file.public_url).as_deref(),
        args.gateway_url.or(file.gateway_url).as_deref(),
        &certificates,
    )
    .await?;
    let mut gateway = doors.gateway_config();
    file.gateway.apply(&mut gateway);
    gateway.trusted_proxies = file.trusted_proxies.clone();
    let trust = tls::upstream_client(&certificates.upstream).map_err(ConfigError::Tls)?;
    gateway.upstream_tls = Some(trust);
    let wall = Arc::new(WallClock::default());
    let store = wiring::open_store(&database, &wall).await?;
    let seen = deployment::one_of(&store, &doors.addresses).await?;
    let node = wiring::serving_node(&store, &wall)
        .await
        .map_err(Failed::other)?;
    if let Err(refused) = deployment::claim(&store, &doors.addresses, seen).await {
        node.stop().await;
        return Err(refused);
    }
    let mut settings = Settings::new(&doors.addresses.public_url, &doors.addresses.gateway_url);
    let minutes = |minutes: u16| countersign_domain::Duration::from_mins(minutes.into());
    if let Some(idle) = args.session_idle_minutes.or(file.session_idle_minutes) {
        settings.session.idle = minutes(idle);
    }
    if let Some(absolute) = args.session_minutes.or(file.session_minutes) {
        settings.session.absolute = minutes(absolute);
    }
    if let Some(count) = args.sessions_per_agent.or(file.sessions_per_agent) {
        settings.session.per_agent = count.into();
    }
    let providers = openid::providers(&file.openid, &doors.addresses.public_url)?;
    settings.fresh_sign_in = file.staff.fresh_sign_in()?;
    let sign_in = SignIn {
        providers,
        staff: file.staff.providers()?,
    };
    let named = args.sealing_key_file.or(file.sealing_key_file);
    let sealer = openid::sealer(named.as_ref(), &database, true)?;
    let app = wiring::app(&store, node, settings).with_sealer(sealer);
    let asked = stop_signal();
    let (outdated, mut told) = oneshot::channel();
    let watched = Arc::clone(&store);
    let stop = async move {
        tokio::select! {
            () = asked => {}
            why = watched.outdated() => { let _ = outdated.send(why); }
        }
    };
    announce(&doors, &database, output);
    for warning in doors.unreachable().into_iter().chain(doors.in_the_clear()) {
        tracing::warn!("{warning}");
    }
    let served = run(app, sign_in, doors, gateway, file.api.limits(), stop).await;
    // Whoever still reads does not keep the process from stopping.
    let _ = timeout(LAST_WORDS, store.close()).await;
    match told.try_recv() {
        Ok(why) => Err(Failed::Other(why)),
        Err(_) => served,
    }
}

fn announce(doors: &Doors, database: &Database, output: Output) {
    if output.is_json() {
        output.object(&json!({
            "public_url": doors.addresses.public_url,
            "gateway_url": doors.addresses.gateway_url,
            "listen": doors.console.address,
            "gateway_listen": doors.gateway.address,
            "database": database.address(),
        }));
    } else {
        println!("Console and API  {}", doors.addresses.public_url);
        println!("Gateway          {}", doors.addresses.gateway_url);
        println!("Database         {database}");
    }
}

/// Serves until `stop`, then drains.
pub(crate) async fn run(
    app: App,
    sign_in: SignIn,
    doors: Doors,
    gateway: GatewayConfig,
    limits: RateLimits,
    stop: impl Future<Output = ()> + Send + 'static,
) -> Result<(), Failed> {
    let store = Arc::clone(app.store());
    let key = Arc::new(ProcessKey::generate().map_err(Failed::other)?);
    publish(&store, key.as_ref()).await.map_err(Failed::other)?;
    let signer: Arc<dyn Signer> = key.clone();
    let app = app.signing(signer);
    tokio::spawn(keep_published(Arc::clone(&store), Arc::clone(&key)));

    let (stopping, stopped) = watch::channel(false);
    let told = stopping.clone();
    let waited_on = Arc::clone(app.node());
    tokio::spawn(async move {
        stop.await;
        // Pages that wait for something to change are not to keep the process from stopping.
        waited_on.end_news();
        told.send_replace(true);
    });

    let products = Arc::new(UpstreamCheck::new(&gateway, ports::boot_clock()));
    let proxies = Arc::new(gateway.trusted_proxies.clone());
    // What is cut at the end of the drain is recorded after it.
    let drain = gateway.drain + LAST_WORDS;
    let gateway = Arc::new(Gateway::new(
        gateway,
        Arc::clone(app.node()),
        key,
        Arc::new(SystemPorts),
        Arc::new(SessionEntry(app.clone())),
    ));
    let gateway = gateway.serve(doors.gateway.listener, until(stopped.clone()));
    let gateway = tokio::spawn(async move {
        let served = gateway.await;
        // A process whose gateway cannot run is of no use.
        stopping.send_replace(true);
        served
    });

    let loopback = doors.console.address.ip().is_loopback();
    let hosts = host::Hosts::new(app.clone(), loopback);
    let node = Arc::clone(app.node());
    let routes = routes(app, sign_in, limits, products, stopped.clone())
        .layer(middleware::from_fn_with_state(hosts, host::guard))
        .layer(middleware::from_fn_with_state(proxies, client::noted));
    listener::serve(
        doors.console.listener,
        doors.console_tls,
        routes,
        until(stopped),
        DRAIN,
    )
    .await;
    let served = timeout(drain, gateway).await;
    node.stop().await;
    match served {
        Ok(Ok(Err(error))) => Err(Failed::Other(format!("the gateway cannot run: {error}"))),
        _ => Ok(()),
    }
}

fn routes(
    app: App,
    sign_in: SignIn,
    limits: RateLimits,
    products: Arc<UpstreamCheck>,
    stopping: watch::Receiver<bool>,
) -> Router {
    let identity = Identity::new(app.clone())
        .with_openid(sign_in.providers)
        .with_staff(sign_in.staff);
    countersign_api::router(Api {
        app: app.clone(),
        identity: identity.clone(),
        products: countersign_api::Products::new(Arc::clone(&products)),
        limits,
        clock: ports::boot_clock(),
        stopping,
    })
    .merge(
        countersign_console::router(Console { app, identity })
            .layer(Extension(history_files()))
            .layer(Extension(Products::new(products))),
    )
}

/// The console's files are the API's.
fn history_files() -> HistoryFiles {
    HistoryFiles::new(|app, actor, org, ask, format| {
        let format = match format {
            FileFormat::Csv => Format::Csv,
            FileFormat::JsonLines => Format::JsonLines,
        };
        history_file(app, actor, org, ask, format)
    })
}

async fn until(mut stopped: watch::Receiver<bool>) {
    // The sender lives as long as the process does; a closed channel means the same.
    let _ = stopped.wait_for(|stopped| *stopped).await;
}

/// Until somebody asks the process to stop. From the call on, and not only once it is waited for, a
/// signal does not end the process.
pub(crate) fn stop_signal() -> impl Future<Output = ()> + Send + 'static {
    let asked = [SignalKind::interrupt(), SignalKind::terminate()].map(signal::unix::signal);
    async move {
        let [interrupt, terminate] = asked.map(|asked| async {
            match asked {
                Ok(mut asked) => {
                    asked.recv().await;
                }
                Err(error) => {
                    tracing::warn!(%error, "a signal to stop cannot be waited for");
                    std::future::pending::<()>().await;
                }
            }
        });
        tokio::select! {
            () = interrupt => {}
            () = terminate => {}
        }
    }
}

async fn publish(store: &Arc<dyn Store>, key: &ProcessKey) -> Result<(), Unavailable> {
    let (kid, jwk) = key.public_key();
    let expires_at = store.now().await?.plus(KEY_TRUST);
    store
        .publish_key(SigningKey {
            kid,
            jwk,
            expires_at,
        })
        .await
}

async fn keep_published(store: Arc<dyn Store>, key: Arc<ProcessKey>) {
    let mut renewal = interval(KEY_RENEWAL);
    renewal.tick().await;
    loop {
        renewal.tick().await;
        if let Err(error) = publish(&store, &key).await {
            tracing::warn!(%error, "the signing key cannot be published again");
        }
    }
}

/// The log goes to standard error; standard output belongs to results.
pub(crate) fn init_log(output: Output) {
    let said = config::variable("COUNTERSIGN_LOG");
    let filter = said
        .and_then(|said| EnvFilter::try_new(said.to_str()?).ok())
        .unwrap_or_else(|| EnvFilter::new("warn"));
    let log = tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_ansi(std::io::stderr().is_terminal())
        .with_writer(std::io::stderr);
    // A second subscriber, as in tests that run commands in one process, is no failure.
    let _ = if output.is_json() {
        log.json().try_init()
    } else {
        log.try_init()
    };
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn who_listens_for_others_is_told_to_say_by_which_address_they_come() {
        let told = |at: &str, url: &str| {
            let warned = unreachable(&[(at.parse().unwrap(), url, "--public-url")]);
            warned.map(|text| text.contains(&format!("{at} goes by {url}: say --public-url with")))
        };
        for at in ["0.0.0.0:8080", "[::]:8080", "192.0.2.7:8080"] {
            assert_eq!(told(at, "http://localhost:8080"), Some(true), "{at}");
            assert_eq!(told(at, "http://gw.localhost:8081"), Some(true), "{at}");
            assert_eq!(told(at, "http://192.0.2.7:8080"), None, "{at}");
            assert_eq!(told(at, "https://support.example.com"), None, "{at}");
        }
        for at in ["127.0.0.1:8080", "[::1]:8080"] {
            assert_eq!(told(at, "http://localhost:8080"), None, "{at}");
        }
    }

    #[tokio::test]
    async fn who_lets_others_come_in_the_clear_is_told_once_and_what_to_do() {
        let everywhere = "0.0.0.0:0".parse().unwrap();
        let here = "127.0.0.1:0".parse().unwrap();
        let told = async |console, gateway, public, below| {
            let none = Certificates::default();
            let doors = Doors::open(console, gateway, public, below, &none);
            doors.await.unwrap().in_the_clear()
        };
        let (public, below) = (
            Some("https://a.example.com"),
            Some("https://gw.example.net"),
        );
        assert_eq!(told(here, here, None, None).await, None);
        assert_eq!(told(everywhere, everywhere, public, below).await, None);
        let both = told(everywhere, everywhere, None, None).await.unwrap();
        for words in [
            "console and API at 0.0.0.0:",
            "--tls-cert",
            "--public-url https://",
        ] {
            assert!(both.contains(words), "{both}");
        }
        assert!(both.contains("the gateway at 0.0.0.0:"), "{both}");
        let gateway = told(everywhere, everywhere, public, None).await.unwrap();
        assert!(!gateway.contains("console"), "{gateway}");
        assert!(gateway.contains("--gateway-url https://"), "{gateway}");
        let http = Some("http://a.example.com");
        let console = told(everywhere, here, http, None).await.unwrap();
        assert!(!console.contains("gateway"), "{console}");
    }
}
