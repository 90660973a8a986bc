//! Why a case is no longer on an open page: who closed it, or withdrew its request (R14).

use std::collections::BTreeMap;

use countersign_app::{Failure, HistoryAsk, HistoryOf, HistoryOrder};
use countersign_domain::{Actor, Slug};
use countersign_entries::Written;
use countersign_web::{
    messages::{Lang, Text},
    person::Person,
    text::UserText,
};

use countersign_app::App;

/// How far back is looked; a page that is open hears of each as it happens.
const NEWEST: usize = 20;

/// What happened last to each of the cases that went, by number, as far as the reader may know it.
pub(crate) async fn lately(
    app: &App,
    actor: Actor,
    org: &Slug,
    t: Lang,
) -> Result<BTreeMap<String, Text>, Failure> {
    let ask = HistoryAsk {
        kinds: vec!["case.closed", "access.request_withdrawn"],
        ..HistoryAsk::default()
    };
    let of = HistoryOf::Org(org.clone());
    let order = HistoryOrder::NewestFirst;
    let page = match app.history(actor, &of, &ask, order, None, NEWEST).await {
        Ok(page) => page,
        // Whoever may not read the history is told less.
        Err(Failure::Refused(_)) => return Ok(BTreeMap::new()),
        Err(failure) => return Err(failure),
    };
    let names = app.row_names(&page.rows).await?;
    let mut said = BTreeMap::new();
    for (row, names) in page.rows.iter().zip(names) {
        let Ok(written) = Written::read(&row.entry.encoded) else {
            continue;
        };
        let Some(case) = &written.case else {
            continue;
        };
        let number = UserText::from(case.number.as_ref());
        let who = names.actor.map(|who| Person::new(who.name, who.email));
        let told = match (&*written.kind, who) {
            ("case.closed", Some(who)) => t.now_closed_by(number, who),
            ("case.closed", None) => t.now_closed_by_vendor(number),
            (_, Some(who)) => t.now_withdrawn_by(number, who),
            (_, None) => continue,
        };
        said.entry(case.number.to_string()).or_insert(told);
    }
    Ok(said)
}
