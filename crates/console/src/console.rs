//! The console's addresses.

use std::convert::Infallible;

use axum::{
    Router,
    extract::{DefaultBodyLimit, FromRequestParts},
    http::request::Parts,
    middleware::{from_fn, from_fn_with_state},
    routing::{get, post},
};
use countersign_app::App;
use countersign_domain::CalledFrom;
use countersign_identity::Identity;

use crate::{
    admin_pages, agent_acts, agent_history, agent_news, agent_pages, arrived, case_acts,
    claim_acts, client_acts, directory_page, guard, headers, history_export, history_page,
    language, live_page, open_link, openid_logout, openid_settings, openid_sign_in, operator_cases,
    operator_health, operator_hosts, operator_org, operator_orgs, operator_people, operator_routes,
    operator_sign_in, passkeys, public_pages, report_page, rules_page, settings_acts,
    settings_news, settings_page, sign_in, staff_sign_in,
};

/// The largest form that is read: a justification of 2,000 characters, percent-encoded, and then
/// some.
const FORM_LIMIT: usize = 64 * 1024;

/// What the console works with. As an extractor, its use cases know from where the call comes; as a state they do
/// not.
#[derive(Clone, Debug)]
pub struct Console {
    /// The use cases.
    pub app: App,
    /// Who is calling.
    pub identity: Identity,
}

impl FromRequestParts<Self> for Console {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, console: &Self) -> Result<Self, Infallible> {
        let client = parts.extensions.get::<CalledFrom>();
        Ok(Self {
            app: console.app.called_from(client.cloned()),
            identity: console.identity.called_from(client.cloned()),
        })
    }
}

/// The console. Its fallback answers every address that nothing else does, so whatever it is merged
/// with brings none of its own.
pub fn router(console: Console) -> Router {
    let policy = headers::Policy::new(console.app.settings());
    Router::new()
        .route("/", get(public_pages::home))
        .route("/assets/{file}", get(public_pages::asset))
        .route("/language", post(language::choose))
        .merge(signing_in())
        .merge(settings())
        .merge(claims())
        .merge(cases())
        .merge(operators())
        .fallback(public_pages::not_found)
        .method_not_allowed_fallback(public_pages::wrong_method)
        .layer(from_fn(arrived::whole))
        .layer(DefaultBodyLimit::max(FORM_LIMIT))
        .layer(from_fn_with_state(console.clone(), guard::guard))
        .layer(from_fn(move |request, next| {
            headers::secure(policy.clone(), request, next)
        }))
        .with_state(console)
}

fn signing_in() -> Router<Console> {
    Router::new()
        .route("/sign-in", get(sign_in::landing).post(sign_in::confirmed))
        .route("/sign-in/{code}", get(sign_in::link))
        .route("/sign-in/openid", post(openid_sign_in::ask))
        .route("/sign-in/openid/{slug}", get(openid_sign_in::back))
        .route("/sign-in/openid/{slug}/out", post(openid_logout::told))
        .route("/sign-in/staff/{slug}", get(staff_sign_in::go))
        .route(
            "/sign-in/staff/{slug}/out",
            post(openid_logout::told_of_staff),
        )
        .route("/sign-in/passkey", post(passkeys::sign_in))
        .route("/sign-in/passkey/options", post(passkeys::sign_in_options))
        .route("/sign-out", post(sign_in::sign_out))
}

fn settings() -> Router<Console> {
    let case = "/settings/account/cases/{number}";
    Router::new()
        .route("/settings/account", get(settings_page::show))
        .route("/history", get(history_page::show))
        .route("/history/export", get(history_export::export))
        .route("/cases/{number}/report", get(report_page::show))
        .route("/live", get(live_page::show))
        .route("/live/news", get(live_page::news))
        .route("/settings/account/news", get(settings_news::news))
        .route(
            "/settings/rules",
            get(rules_page::show).post(rules_page::save),
        )
        .route("/settings/directory", get(directory_page::show))
        .route("/settings/directory/tokens", post(directory_page::make))
        .route(
            "/settings/directory/tokens/{id}/revoke",
            post(directory_page::revoke),
        )
        .route("/settings/account/block", post(settings_acts::block))
        .route("/settings/account/unblock", post(settings_acts::unblock))
        .route(
            "/settings/account/sessions/{id}/end",
            post(settings_acts::end_session),
        )
        .route(&format!("{case}/grant"), post(settings_acts::grant))
        .route(&format!("{case}/extend"), post(settings_acts::extend))
        .route(
            &format!("{case}/self-assignment/approve"),
            post(settings_acts::approve),
        )
        .route(
            &format!("{case}/self-assignment/withdraw"),
            post(settings_acts::withdraw_approval),
        )
}

fn claims() -> Router<Console> {
    Router::new()
        .route(
            "/settings/sign-in",
            get(openid_settings::show).post(openid_settings::add),
        )
        .route(
            "/settings/sign-in/{id}/secret",
            post(openid_settings::set_secret),
        )
        .route(
            "/settings/sign-in/{id}/remove",
            post(openid_settings::remove),
        )
        .route(
            "/settings/sign-in/people/{id}/unlink",
            post(openid_settings::unbind),
        )
        .route(
            "/settings/account/issuers/{id}/accept",
            post(openid_settings::accept),
        )
        .route(
            "/settings/account/issuers/{id}/refuse",
            post(openid_settings::refuse),
        )
        .route("/settings/account/passkeys", post(passkeys::register))
        .route(
            "/settings/account/passkeys/options",
            post(passkeys::register_options),
        )
        .route(
            "/settings/account/passkeys/{id}/remove",
            post(passkeys::remove),
        )
        .route(
            "/settings/account/credentials/{id}/accept",
            post(claim_acts::accept_credential),
        )
        .route(
            "/settings/account/credentials/{id}/refuse",
            post(claim_acts::refuse_credential),
        )
        .route(
            "/settings/account/admins/{email}/accept",
            post(claim_acts::accept_admin),
        )
        .route(
            "/settings/account/admins/{email}/refuse",
            post(claim_acts::refuse_admin),
        )
        .route(
            "/settings/account/admins/{email}/super-admin/accept",
            post(claim_acts::accept_role),
        )
        .route(
            "/settings/account/admins/{email}/super-admin/refuse",
            post(claim_acts::refuse_role),
        )
        .route("/settings/account/clients", post(client_acts::make))
        .route(
            "/settings/account/clients/{id}/keys",
            post(client_acts::add_key),
        )
        .route(
            "/settings/account/clients/{id}/keys/{thumbprint}/remove",
            post(client_acts::remove_key),
        )
        .route(
            "/settings/account/clients/{id}/remove",
            post(client_acts::remove),
        )
        .route(
            "/settings/account/clients/{id}/accept",
            post(client_acts::accept),
        )
        .route(
            "/settings/account/clients/{id}/refuse",
            post(client_acts::refuse),
        )
}

fn cases() -> Router<Console> {
    Router::new()
        .route(
            "/cases",
            get(public_pages::cases).post(admin_pages::open_case),
        )
        .route("/cases/new", get(admin_pages::new_case))
        .route("/cases/{number}", get(agent_pages::case))
        .route("/cases/{number}/looked", get(agent_history::show))
        .route("/my-cases/news", get(agent_news::of_list))
        .route("/my-cases/{number}/news", get(agent_news::of_case))
        .route("/cases/{number}/request", post(agent_acts::ask))
        .route(
            "/cases/{number}/request/withdraw",
            post(agent_acts::withdraw),
        )
        .route("/cases/{number}/sessions", post(agent_acts::start_session))
        .route("/cases/{number}/close", post(case_acts::close))
        .route("/cases/{number}/reopen", post(case_acts::reopen))
        .route("/sessions/{id}/end", post(agent_acts::end_session))
        .route("/sessions/{id}/open", get(open_link::open))
}

fn operators() -> Router<Console> {
    let org = "/operator/orgs/{slug}";
    Router::new()
        .route(
            "/operator/sign-in",
            get(operator_sign_in::landing).post(operator_sign_in::sign_in),
        )
        .route("/operator/sign-out", post(operator_sign_in::sign_out))
        .route("/operator", get(operator_orgs::show))
        .route("/operator/orgs", post(operator_orgs::create))
        .route(org, get(operator_org::show))
        .route(&format!("{org}/product"), post(operator_org::set_product))
        .route(&format!("{org}/hosts"), post(operator_hosts::set))
        .route(
            &format!("{org}/product/check"),
            post(operator_org::check_product),
        )
        .route(
            &format!("{org}/routes"),
            get(operator_routes::show).post(operator_routes::save),
        )
        .route(
            &format!("{org}/people"),
            post(operator_people::create_admin),
        )
        .route(
            &format!("{org}/people/act"),
            post(operator_people::act_on_admin),
        )
        .route(
            "/operator/agents",
            get(operator_people::agents).post(operator_people::create_agent),
        )
        .route("/operator/agents/act", post(operator_people::act_on_agent))
        .route("/operator/cases", get(operator_cases::show))
        .route("/operator/health", get(operator_health::show))
}
