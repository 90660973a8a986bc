//! Writes every page in every state and language as a file, to be looked at in a browser, and once
//! from right to left, in which English stands in for a language that is written so:
//!
//! ```sh
//! cargo run -p countersign-console --features gallery --example gallery -- target/gallery
//! ```

#![allow(
    clippy::disallowed_methods,
    reason = "a program for a person at a desk: it takes its folder as an argument"
)]

use std::{env, error::Error, fs, path::PathBuf};

use countersign_console::views::fixtures;
use countersign_web::{assets, messages::Lang, refusal_page};

fn main() -> Result<(), Box<dyn Error>> {
    let folder = PathBuf::from(env::args_os().nth(1).ok_or("usage: gallery FOLDER")?);
    fs::create_dir_all(&folder)?;

    // Opened as files, pages find their assets beside them.
    let mut links = vec![(
        refusal_page::STYLE_PATH.to_owned(),
        "gateway.css".to_owned(),
    )];
    fs::write(folder.join("gateway.css"), assets::REFUSAL_STYLE)?;
    for asset in assets::all() {
        let name = asset.path.rsplit('/').next().unwrap_or_default().to_owned();
        fs::write(folder.join(&name), asset.body.as_ref())?;
        links.push((asset.path.clone(), name));
    }

    let mut index = String::from("<!doctype html><title>Gallery</title><ul>");
    let kinds = Lang::ALL.map(|lang| (lang, lang.code(), lang.dir()));
    for (lang, suffix, dir) in kinds.into_iter().chain([(Lang::En, "rtl", "rtl")]) {
        for (name, html) in fixtures::every_page(lang) {
            let mut html = html?.replacen(
                &format!("dir=\"{}\"", lang.dir()),
                &format!("dir=\"{dir}\""),
                1,
            );
            for (path, file) in &links {
                html = html.replace(path.as_str(), file);
            }
            // English without a suffix: whoever compares pictures of pages compares those.
            let file = match suffix {
                "en" => format!("{name}.html"),
                suffix => format!("{name}.{suffix}.html"),
            };
            index.push_str(&format!("<li><a href=\"{file}\">{file}</a>"));
            fs::write(folder.join(file), html)?;
        }
    }
    fs::write(folder.join("index.html"), index)?;
    Ok(())
}
