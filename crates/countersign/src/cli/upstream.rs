//! Where an org's product is, and which requests to it read.

use std::process::ExitCode;

use countersign_api::checked_json;
use countersign_app::{App, Failure, Wondered};
use countersign_console::views::operator::Checked;
use countersign_domain::{CaseNumber, HeaderName, Methods, Refusal, Resource, Routes, Upstream};
use countersign_enforcement::{GatewayConfig, UpstreamCheck};
use countersign_web::messages::Lang;
use serde_json::{Value, json};

use super::{
    Failed, Output,
    args::{ExplainArgs, RouteCommand, UpstreamCheckArgs, UpstreamSetArgs},
    explain::tell,
    route_file,
};
use crate::{
    config::{self, ConfigError},
    ports, tls,
    wiring::OPERATOR,
};

/// Sets the upstream. The file is read first: nothing changes when it is refused.
pub(crate) async fn set(app: &App, args: UpstreamSetArgs, output: Output) -> Result<(), Failed> {
    let routes = match &args.routes {
        Some(path) => route_file::read(path)?,
        None => Routes::default(),
    };
    let upstream = Upstream {
        user_header: args.user_header,
        org_header: args.org_header,
        mode: args.mode.into(),
        routes,
        resource: args.token_resource,
        ..Upstream::new(args.origin)
    };
    let mut answer = json!({
        "org": args.org.as_str(),
        "origin": upstream.origin.as_str(),
        "user_header": upstream.user_header.as_ref().map(HeaderName::as_str),
        "org_header": upstream.org_header.as_ref().map(HeaderName::as_str),
        "mode": upstream.mode,
        "routes": upstream.routes.as_slice().len(),
        "token_resource": upstream.resource.as_ref().map(Resource::as_str),
    });
    let set = app.set_upstream(OPERATOR, &args.org, upstream).await?;
    let ended: Vec<&str> = set.ended.iter().map(CaseNumber::as_str).collect();
    answer["ended"] = json!(ended);
    output.object(&answer);
    if !ended.is_empty() {
        output.note(&format!(
            "More may go through now than customers agreed to, so access has ended for case {}. \
             They are told what has changed, and have to tick again.",
            ended.join(", ")
        ));
    }
    Ok(())
}

/// Asks the product; whether it answers is the exit code.
pub(crate) async fn check(
    app: &App,
    args: UpstreamCheckArgs,
    output: Output,
) -> Result<ExitCode, Failed> {
    let trust = config::upstream_trust_of_file(args.tls)?;
    let mut gateway = GatewayConfig::new(&app.settings().public_url, &app.settings().gateway_url);
    gateway.upstream_tls = Some(tls::upstream_client(&trust).map_err(ConfigError::Tls)?);
    let product = UpstreamCheck::new(&gateway, ports::boot_clock());
    let checked = app.check_product(OPERATOR, &args.org, &product).await?;
    let said = checked_json(checked);
    let set = app.upstream(OPERATOR, &args.org).await?;
    let asked = set.map_or_else(String::new, |upstream| {
        format!("Asked {} for org {}.\n", upstream.origin, args.org)
    });
    let told = Checked::from(checked).in_lines(&Lang::En);
    output.said(&said, &(asked + &told));
    Ok(if said["answers"] == true {
        ExitCode::SUCCESS
    } else {
        ExitCode::from(1)
    })
}

/// Lists the rules, or explains what they say of a request; then the exit code is the answer.
pub(crate) async fn route(
    app: &App,
    command: RouteCommand,
    output: Output,
) -> Result<ExitCode, Failed> {
    match command {
        RouteCommand::List { org } => {
            let upstream = app.upstream(OPERATOR, &org).await?;
            let upstream = upstream.ok_or(Failure::Refused(Refusal::NoUpstream))?;
            list(&upstream, output);
            Ok(ExitCode::SUCCESS)
        }
        RouteCommand::Explain(ExplainArgs {
            org,
            method,
            target,
            headers,
        }) => {
            let upstream = app.upstream(OPERATOR, &org).await?;
            let request = Wondered {
                method: &method,
                target: &target,
                headers: &headers,
            };
            let told = tell(org.as_str(), upstream.as_ref(), &request);
            output.said(&told.object, &told.words);
            Ok(if told.passes {
                ExitCode::SUCCESS
            } else {
                ExitCode::from(1)
            })
        }
    }
}

fn list(upstream: &Upstream, output: Output) {
    let for_people = |methods: &Methods| methods.to_string().into();
    if output.is_json() {
        let items = rows(upstream, |methods| json!(methods));
        output.object(&json!({"mode": upstream.mode, "items": items}));
    } else {
        output.list(
            &["number", "methods", "path", "effect"],
            &rows(upstream, for_people),
        );
        output.object(&json!({"mode": upstream.mode}));
    }
}

fn rows(upstream: &Upstream, methods: impl Fn(&Methods) -> Value) -> Vec<Value> {
    let rules = upstream.routes.as_slice().iter().enumerate();
    rules
        .map(|(index, rule)| {
            json!({
                "number": index + 1, "methods": methods(rule.methods()), "path": rule.path(),
                "effect": rule.effect(),
            })
        })
        .collect()
}
