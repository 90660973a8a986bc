//! The command line (DESIGN section 7). Exits 0 when done, 1 when refused or failed, 2 on usage.

mod args;
mod clients;
mod explain;
mod loss;
mod output;
mod provider;
mod route_file;
mod run;
mod upstream;

pub(crate) use args::{Cli, DemoArgs, ServeArgs, TlsArgs, UpstreamTlsArgs};
pub(crate) use output::{Failed, Output};

use std::process::ExitCode;

use clap::{Arg, Command, CommandFactory, FromArgMatches, builder::Resettable};

use crate::config;

/// What was typed. A variable that is set to nothing is taken as not set.
fn parse() -> Result<Cli, clap::Error> {
    let mut command = without_empty_variables(Cli::command());
    let matches = command.try_get_matches_from_mut(std::env::args_os())?;
    Cli::from_arg_matches(&matches).map_err(|error| error.format(&mut command))
}

fn without_empty_variables(command: Command) -> Command {
    let unless_empty = |arg: Arg| match arg.get_env() {
        Some(name) if config::variable(name).is_none() => arg.env(Resettable::Reset),
        _ => arg,
    };
    command
        .mut_args(unless_empty)
        .mut_subcommands(without_empty_variables)
}

/// Parses, runs, prints, and answers the exit code.
pub(crate) fn run() -> ExitCode {
    let cli = match parse() {
        Ok(cli) => cli,
        Err(error) => {
            // Help and version come this way too, with exit code 0.
            let code = u8::try_from(error.exit_code()).unwrap_or(2);
            return error
                .print()
                .map_or(ExitCode::from(2), |()| ExitCode::from(code));
        }
    };
    let json = cli.json;
    let runtime = match tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
    {
        Ok(runtime) => runtime,
        Err(error) => return Output::new(json).failed(&Failed::Other(error.to_string())),
    };
    match runtime.block_on(run::run(cli)) {
        Ok(code) => code,
        Err(failed) => Output::new(json).failed(&failed),
    }
}
