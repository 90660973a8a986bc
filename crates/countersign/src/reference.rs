//! The command line's reference, generated from the parser.

use std::fmt::Write;

use clap::CommandFactory;

use crate::cli::Cli;

/// Every command with its help, as Markdown.
pub(crate) fn markdown() -> String {
    let mut out = String::from(
        "# Command line\n\n\
         Exits 0 when done, 1 when refused or failed, 2 on a usage error. `--database` and \
         `--json` go before or after the subcommand.\n",
    );
    let mut root = Cli::command().term_width(96);
    root.build();
    section(&mut out, &mut root, "");
    out
}

fn section(out: &mut String, command: &mut clap::Command, before: &str) {
    let path = format!("{before}{}", command.get_name());
    let help = command.render_long_help().to_string();
    let lines: Vec<&str> = help.lines().map(str::trim_end).collect();
    // Writing to a string cannot fail.
    let _ = write!(
        out,
        "\n## {path}\n\n```text\n{}\n```\n",
        lines.join("\n").trim_end()
    );
    let below = format!("{path} ");
    for sub in command.get_subcommands_mut() {
        if sub.get_name() != "help" {
            section(out, sub, &below);
        }
    }
}
