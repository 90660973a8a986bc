//! The demo: the product on throw-away data, with a sample product behind the gateway.

mod print;
mod product;
mod seed;
mod temporary;

use std::sync::Arc;

use axum::http::HeaderName;
use countersign_api::RateLimits;
use countersign_app::Settings;
use countersign_domain::Duration;
use tokio::net::TcpListener;

use self::{
    print::Facts,
    product::{Product, product},
    temporary::TemporaryDirectory,
};
use crate::{
    cli::{DemoArgs, Failed, Output},
    config::{Certificates, Database},
    deployment,
    openid::{self, OpenId},
    ports::WallClock,
    serve::{self, Doors},
    wiring,
};

/// How far back the demo's history begins.
const HISTORY: Duration = Duration::from_hours(30);

/// `countersign demo`.
pub(crate) async fn demo(args: DemoArgs, output: Output) -> Result<(), Failed> {
    serve::init_log(output);
    let doors = Doors::open(
        args.listen,
        args.gateway_listen,
        None,
        None,
        &Certificates::default(),
    )
    .await?;
    let directory = TemporaryDirectory::create().map_err(Failed::other)?;
    let ledgerly = TcpListener::bind(("127.0.0.1", 0))
        .await
        .map_err(Failed::other)?;
    let upstream = format!("http://{}", ledgerly.local_addr().map_err(Failed::other)?);

    let wall = Arc::new(WallClock::default());
    wall.set_back(HISTORY);
    let database = Database::Sqlite(directory.path().join("demo.db"));
    let store = wiring::open_store(&database, &wall).await?;
    let node = wiring::serving_node(&store, &wall)
        .await
        .map_err(Failed::other)?;
    deployment::claim(&store, &doors.addresses, None).await?;
    let settings = Settings::new(&doors.addresses.public_url, &doors.addresses.gateway_url);
    let app = wiring::app(&store, node, settings).with_sealer(openid::throw_away_sealer());
    let people = seed::seed(&app, &wall, &upstream).await?;
    let operator = seed::operator(&app).await?;

    tokio::spawn(async move {
        if let Err(error) = axum::serve(ledgerly, product(sample_product())).await {
            tracing::error!(%error, "the sample product has stopped");
        }
    });
    let stop = serve::stop_signal();
    print::print(
        &Facts {
            console: &doors.addresses.public_url,
            gateway: &doors.addresses.gateway_url,
            product: &upstream,
            people: &people,
            operator: &operator,
            cases: seed::CASES,
        },
        output,
    );
    let gateway = doors.gateway_config();
    let providers = openid::providers(&OpenId::default(), &doors.addresses.public_url)?;
    let sign_in = serve::SignIn {
        providers,
        staff: vec![],
    };
    serve::run(app, sign_in, doors, gateway, RateLimits::default(), stop).await?;
    drop(directory);
    Ok(())
}

fn sample_product() -> Product {
    Product::new(
        jiff::Timestamp::now()
            .to_zoned_datetime(jiff::tz::TimeZone::UTC)
            .date(),
        HeaderName::from_static(seed::USER_HEADER),
        HeaderName::from_static(seed::ORG_HEADER),
    )
}
