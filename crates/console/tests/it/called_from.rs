//! What is done at the console says from where, and the history shows it.

use axum::Extension;
use countersign_console::{Console, router};
use countersign_domain::{CalledFrom, UserAgent};
use countersign_identity::{Identity, soft_authenticator::SoftAuthenticator};

use crate::{
    claims::add,
    form::Form,
    world::{CASE, World},
};

const EDIT: &str = "/settings/account?edit=support";
const GRANT: &str = "/settings/account/cases/00012345/grant";

#[tokio::test]
async fn a_tick_says_from_where_it_was_given_and_history_shows_it() {
    let world = World::new().await;
    world.ask(CASE).await;
    let program = "Mozilla/5.0 <b>(X11)</b>";
    let from = CalledFrom::new(
        "203.0.113.9".parse().unwrap(),
        UserAgent::read(program.as_bytes()),
    );
    let console = Console {
        app: world.app.clone(),
        identity: Identity::new(world.app.clone()),
    };
    let browser = world.signed_in("dana@acme.test").await;
    let mut dana = browser.twin_on(router(console).layer(Extension(from)));
    let tick = Form::on(&dana.page(EDIT).await, GRANT).with("grant", "on");
    dana.done(&tick).await;
    let page = dana.page("/history?kind=all").await;
    assert_eq!(page.matches("203.0.113.9").count(), 1, "{page}");
    assert!(
        page.contains("(X11)") && !page.contains("<b>(X11)"),
        "{page}"
    );
    // What a reader does through who they are signed in as says so too.
    let added = add(&mut dana, &mut SoftAuthenticator::new()).await;
    assert!(
        added.location().starts_with("/settings/account"),
        "{}",
        added.body
    );
    let page = dana.page("/history?kind=all").await;
    assert_eq!(page.matches("203.0.113.9").count(), 2, "{page}");
    // On paper it stands in one line, and what was done from a place nobody knows says none.
    let report = dana.page(&format!("/cases/{CASE}/report")).await;
    assert_eq!(report.matches("203.0.113.9").count(), 1, "{report}");
}
