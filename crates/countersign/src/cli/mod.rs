//! The command line (DESIGN section 7). Exits 0 when done, 1 when refused or failed, 2 on usage.

mod args;
mod explain;
mod output;
mod route_file;
mod run;
mod upstream;

pub(crate) use args::{Cli, DemoArgs, ServeArgs, TlsArgs};
pub(crate) use output::{Failed, Output};

use std::process::ExitCode;

use clap::Parser;

/// Parses, runs, prints, and answers the exit code.
pub(crate) fn run() -> ExitCode {
    let cli = match Cli::try_parse() {
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
