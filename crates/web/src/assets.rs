//! Stylesheet, script and icon.
//!
//! Each is compiled in and served under a URL that holds the hash of its content, so a browser
//! may keep it for ever and still never shows a new page with an old style.

use std::{borrow::Cow, fmt::Write as _, io::Write as _, sync::LazyLock};

use flate2::{Compression, write::GzEncoder};
use sha2::{Digest, Sha256};

use crate::{messages::Lang, script_words};

const STYLE: &str = concat!(
    include_str!("../assets/css/tokens.css"),
    include_str!("../assets/css/base.css"),
    include_str!("../assets/css/chrome.css"),
    include_str!("../assets/css/components.css"),
    include_str!("../assets/css/pages.css"),
    include_str!("../assets/css/cases.css"),
    include_str!("../assets/css/claims.css"),
);
const SCRIPT: &str = include_str!("../assets/console.js");
const PASSKEYS: &str = include_str!("../assets/passkeys.js");
const ICON: &str = include_str!("../assets/seal.svg");

/// The stylesheet of the gateway's refusal page. The gateway serves it at
/// [`crate::refusal_page::STYLE_PATH`], on the session's own origin.
pub const REFUSAL_STYLE: &str = concat!(
    include_str!("../assets/css/tokens.css"),
    include_str!("../assets/css/refusal.css"),
);

/// A file of the banner, which the gateway serves on the session's own origin, under the reserved
/// path.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct BannerAsset {
    /// The path.
    pub path: &'static str,
    /// The `Content-Type`.
    pub content_type: &'static str,
    /// The content.
    pub body: &'static str,
}

impl BannerAsset {
    /// The path with the hash of the content, so that a browser may keep it: a banner whose style
    /// has to be fetched again for each page would flicker.
    pub fn address(&self) -> String {
        format!("{}?v={}", self.path, short_hash(self.body))
    }
}

/// The style inside the banner.
pub const BANNER_STYLE: BannerAsset = BannerAsset {
    path: "/.countersign/banner.css",
    content_type: "text/css; charset=utf-8",
    body: include_str!("../assets/css/banner.css"),
};

/// What the banner asks of the page around it.
pub const BANNER_PAGE_STYLE: BannerAsset = BannerAsset {
    path: "/.countersign/page.css",
    content_type: "text/css; charset=utf-8",
    body: include_str!("../assets/css/page.css"),
};

/// The script of the banner, speaking each language.
static BANNER_SCRIPTS: LazyLock<[String; 3]> = LazyLock::new(|| {
    Lang::ALL.map(|lang| {
        called_with(
            include_str!("../assets/banner.js"),
            &script_words::of_banner(lang),
        )
    })
});

/// The script of the banner in a language.
pub fn banner_script(lang: Lang) -> BannerAsset {
    let (path, body) = match (lang, &*BANNER_SCRIPTS) {
        (Lang::En, [en, _, _]) => ("/.countersign/banner.js", en),
        (Lang::De, [_, de, _]) => ("/.countersign/banner.de.js", de),
        (Lang::Fr, [_, _, fr]) => ("/.countersign/banner.fr.js", fr),
    };
    BannerAsset {
        path,
        content_type: "text/javascript; charset=utf-8",
        body,
    }
}

/// A file of the banner by its path.
pub fn banner_asset(path: &str) -> Option<BannerAsset> {
    [BANNER_STYLE, BANNER_PAGE_STYLE]
        .into_iter()
        .chain(Lang::ALL.map(banner_script))
        .find(|asset| asset.path == path)
}

/// A script is a function that takes its words. They are written so that neither markup nor an older
/// browser could take them for anything but text.
fn called_with(script: &str, words: &serde_json::Value) -> String {
    let words = words.to_string().replace('<', "\\u003c");
    format!("{}({words});\n", without_comments(script).trim_end())
}

/// Comments are for whoever reads the source; a page does not wait for them.
fn without_comments(script: &str) -> String {
    let code = script
        .lines()
        .filter(|line| !line.trim_start().starts_with("//"));
    code.fold(String::new(), |all, line| all + line + "\n")
}

/// The `Cache-Control` of every asset: its URL changes when its content does.
pub const CACHE_CONTROL: &str = "public, max-age=31536000, immutable";

/// A file that a page links to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Asset {
    /// The `Content-Type`.
    pub content_type: &'static str,
    /// The content.
    pub body: Cow<'static, str>,
    /// The content, compressed with gzip (RFC 1952). Files are the same for everybody and hold nothing
    /// secret. Pages are never compressed: beside a form's token they show what others wrote, and
    /// the length of both together would tell one by the other (BREACH).
    pub gzip: Vec<u8>,
    /// The path with the hash: `/assets/countersign.0f3a….css`.
    pub path: String,
}

struct Assets {
    style: Asset,
    passkeys: Asset,
    icon: Asset,
    /// One for each of [`Lang::ALL`].
    scripts: [Asset; 3],
}

static ASSETS: LazyLock<Assets> = LazyLock::new(|| Assets {
    style: hashed("countersign", "css", "text/css; charset=utf-8", STYLE),
    passkeys: hashed(
        "passkeys",
        "js",
        "text/javascript; charset=utf-8",
        without_comments(PASSKEYS),
    ),
    icon: hashed("seal", "svg", "image/svg+xml", ICON),
    scripts: Lang::ALL.map(|lang| {
        let script = called_with(SCRIPT, &script_words::of_console(lang));
        hashed("console", "js", "text/javascript; charset=utf-8", script)
    }),
});

fn hashed(
    name: &str,
    extension: &str,
    content_type: &'static str,
    body: impl Into<Cow<'static, str>>,
) -> Asset {
    let body = body.into();
    Asset {
        content_type,
        gzip: compressed(&body),
        path: format!("/assets/{name}.{}.{extension}", short_hash(&body)),
        body,
    }
}

fn compressed(body: &str) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
    // Writing to a Vec cannot fail.
    let _ = encoder.write_all(body.as_bytes());
    encoder.finish().unwrap_or_default()
}

fn short_hash(body: &str) -> String {
    let mut hash = String::new();
    for byte in Sha256::digest(body).iter().take(8) {
        // Writing to a String cannot fail.
        let _ = write!(hash, "{byte:02x}");
    }
    hash
}

/// The asset at a request path, or `None`; a path with another hash is another file.
pub fn asset(path: &str) -> Option<&'static Asset> {
    all().into_iter().find(|asset| asset.path == path)
}

/// Every asset.
pub fn all() -> [&'static Asset; 6] {
    let [en, de, fr] = &ASSETS.scripts;
    [&ASSETS.style, &ASSETS.passkeys, &ASSETS.icon, en, de, fr]
}

/// The path of the stylesheet.
pub fn style_path() -> &'static str {
    &ASSETS.style.path
}

/// The path of the script in a language.
pub fn script_path(lang: Lang) -> &'static str {
    let [en, de, fr] = &ASSETS.scripts;
    let script = match lang {
        Lang::En => en,
        Lang::De => de,
        Lang::Fr => fr,
    };
    &script.path
}

/// The path of the script that asks for passkeys.
pub fn passkeys_path() -> &'static str {
    &ASSETS.passkeys.path
}

/// The path of the icon.
pub fn icon_path() -> &'static str {
    &ASSETS.icon.path
}

#[cfg(test)]
mod tests {
    use std::io::Read;

    use super::*;

    #[test]
    fn an_asset_is_found_by_its_hashed_path_only() {
        assert_eq!(asset(style_path()).unwrap().body, STYLE);
        for (lang, word) in [
            (Lang::En, "Copied"),
            (Lang::De, "Kopiert"),
            (Lang::Fr, "Copié"),
        ] {
            let script = asset(script_path(lang)).unwrap();
            assert_eq!(script.content_type, "text/javascript; charset=utf-8");
            assert!(
                script.body.contains(&format!("\"copied\":\"{word}\"")),
                "{lang:?}"
            );
            assert_eq!(
                banner_asset(banner_script(lang).path),
                Some(banner_script(lang))
            );
        }
        let script = asset(script_path(Lang::En)).unwrap();
        assert!(SCRIPT.contains("\n  // One click, one act.\n"));
        assert!(!script.body.contains("One click, one act."));
        assert!(script.body.contains("document.addEventListener(\"submit\""));
        assert!(asset("/assets/countersign.css").is_none());
        assert!(asset("/assets/countersign.0000000000000000.css").is_none());
    }

    #[test]
    fn compressed_a_file_is_the_same_file_and_much_shorter() {
        for asset in all() {
            let mut read = String::new();
            flate2::read::GzDecoder::new(asset.gzip.as_slice())
                .read_to_string(&mut read)
                .unwrap();
            assert_eq!(read, asset.body);
        }
        let style = asset(style_path()).unwrap();
        assert!(style.gzip.len() * 3 < style.body.len());
    }

    #[test]
    fn nothing_is_loaded_from_elsewhere() {
        let scripts = Lang::ALL.map(|lang| banner_script(lang).body);
        let banner = [BANNER_STYLE, BANNER_PAGE_STYLE].map(|asset| asset.body);
        for text in [STYLE, REFUSAL_STYLE, SCRIPT, PASSKEYS, ICON]
            .into_iter()
            .chain(banner)
            .chain(scripts)
        {
            let text = text.replace("http://www.w3.org/2000/svg", "");
            assert!(
                !text.contains("http:") && !text.contains("https:") && !text.contains("@import")
            );
        }
    }
}
