//! SCIM: what directories do with their people, and what they do not.

mod callers;
mod filters;
mod groups;
mod patches;
mod users;

use countersign_app::OwnerRef;
use serde_json::{Value, json};

use crate::{
    probe::Answer,
    world::{OPERATOR, World, good, slug},
};

pub(super) const USERS: &str = "/scim/v2/Users";
pub(super) const USER: &str = "urn:ietf:params:scim:schemas:core:2.0:User";
const PATCH: &str = "urn:ietf:params:scim:api:messages:2.0:PatchOp";
const ERROR: &str = "urn:ietf:params:scim:api:messages:2.0:Error";

impl Answer {
    /// The error of an answer with this status and type; `""` for none.
    #[track_caller]
    pub(super) fn scim_error(&self, status: u16, kind: &str) -> Value {
        let error = self.with(status);
        assert_eq!(self.header("content-type"), "application/scim+json");
        assert_eq!(error["schemas"], json!([ERROR]), "{self:?}");
        assert_eq!(error["status"], status.to_string());
        assert_eq!(error["scimType"].as_str().unwrap_or(""), kind, "{self:?}");
        assert!(
            error["detail"]
                .as_str()
                .is_some_and(|said| !said.is_empty())
        );
        error
    }
}

impl World {
    /// A token of Acme's directory, of an operator's making.
    pub(super) async fn acmes_directory(&self) -> String {
        self.directory_of(OwnerRef::OrgDirectory(slug("acme")))
            .await
    }

    pub(super) async fn directory_of(&self, owner: OwnerRef) -> String {
        let minted = self.app.mint_scim_token(OPERATOR, &owner, None).await;
        good(minted).secret.expose().to_owned()
    }

    /// Somebody new in the directory of this token: their id.
    pub(super) async fn provisioned(&self, token: &str, email: &str, more: Value) -> String {
        let made = self.post(token, USERS, &user(email, more)).await.with(201);
        made["id"].as_str().expect("an id").to_owned()
    }

    pub(super) async fn patch_user(&self, token: &str, id: &str, operations: Value) -> Answer {
        let body = json!({"schemas": [PATCH], "Operations": operations});
        self.call(token, "PATCH", &format!("{USERS}/{id}"), Some(&body))
            .await
    }

    pub(super) async fn found_by(&self, token: &str, filter: &str) -> Answer {
        let filter = encoded(filter);
        self.get(token, &format!("{USERS}?filter={filter}")).await
    }
}

pub(super) fn user(email: &str, more: Value) -> Value {
    let mut user = json!({"schemas": [USER], "userName": email});
    let Value::Object(more) = more else {
        panic!("{more} is no object");
    };
    user.as_object_mut().expect("an object").extend(more);
    user
}

pub(super) fn encoded(text: &str) -> String {
    let mut out = String::new();
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
            out.push(char::from(byte));
        } else {
            out.push_str(&format!("%{byte:02X}"));
        }
    }
    out
}
