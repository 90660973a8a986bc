//! Sessions that tests exchange, and what they send for it.

use serde_json::{Value, json};

use crate::{probe::Answer, soft_clients::form, world::World};

pub(crate) const RESOURCE: &str = "https://api.vendor.test/v2";
pub(crate) const TOKEN_EXCHANGE: &str = "urn:ietf:params:oauth:grant-type:token-exchange";
pub(crate) const ACCESS_TOKEN: &str = "urn:ietf:params:oauth:token-type:access_token";

/// The fields of a good call to exchange.
pub(crate) fn fields<'a>(session: &'a str, agent: &'a str) -> Vec<(&'a str, &'a str)> {
    vec![
        ("grant_type", TOKEN_EXCHANGE),
        ("subject_token", session),
        ("subject_token_type", ACCESS_TOKEN),
        ("actor_token", agent),
        ("actor_token_type", ACCESS_TOKEN),
        ("resource", RESOURCE),
    ]
}

pub(crate) fn exchanging(session: &str, agent: &str) -> String {
    form(&fields(session, agent))
}

impl World {
    /// Sets Acme's product, with or without what tokens are for.
    pub(crate) async fn product(&self, resource: Option<&str>) -> Answer {
        let set = json!({"origin": "http://127.0.0.1:9000", "token_resource": resource});
        let path = "/api/v1/orgs/acme/upstream";
        self.call(&self.tokens.operator, "PUT", path, Some(&set))
            .await
    }

    /// A running session of Sam's in an org whose product takes tokens; its token.
    pub(crate) async fn past_the_gateway(&self) -> String {
        self.product(Some(RESOURCE)).await.with(200);
        let number = self.granted_case().await;
        let started = self.start_session(&number).await;
        started["token"].as_str().unwrap().to_owned()
    }

    /// What Sam gets for a session.
    pub(crate) async fn exchanged(&self, session: &str) -> Value {
        let answer = self.token_call(exchanging(session, &self.tokens.sam), &[]);
        answer.await.with(200)
    }
}
