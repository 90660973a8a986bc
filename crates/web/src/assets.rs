//! Stylesheet, script and icon.
//!
//! Each is compiled in and served under a URL that holds the hash of its content, so a browser
//! may keep it for ever and still never shows a new page with an old style.

use std::fmt::Write;
use std::sync::LazyLock;

use sha2::{Digest, Sha256};

const STYLE: &str = concat!(
    include_str!("../assets/css/tokens.css"),
    include_str!("../assets/css/base.css"),
    include_str!("../assets/css/chrome.css"),
    include_str!("../assets/css/components.css"),
    include_str!("../assets/css/pages.css"),
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

/// The script of the banner.
pub const BANNER_SCRIPT: BannerAsset = BannerAsset {
    path: "/.countersign/banner.js",
    content_type: "text/javascript; charset=utf-8",
    body: include_str!("../assets/banner.js"),
};

/// A file of the banner by its path.
pub fn banner_asset(path: &str) -> Option<BannerAsset> {
    [BANNER_STYLE, BANNER_PAGE_STYLE, BANNER_SCRIPT]
        .into_iter()
        .find(|asset| asset.path == path)
}

/// The `Cache-Control` of every asset: its URL changes when its content does.
pub const CACHE_CONTROL: &str = "public, max-age=31536000, immutable";

/// A file that a page links to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Asset {
    /// The `Content-Type`.
    pub content_type: &'static str,
    /// The content.
    pub body: &'static str,
    /// The path with the hash: `/assets/countersign.0f3a….css`.
    pub path: String,
}

struct Assets {
    style: Asset,
    script: Asset,
    passkeys: Asset,
    icon: Asset,
}

static ASSETS: LazyLock<Assets> = LazyLock::new(|| Assets {
    style: hashed("countersign", "css", "text/css; charset=utf-8", STYLE),
    script: hashed("console", "js", "text/javascript; charset=utf-8", SCRIPT),
    passkeys: hashed("passkeys", "js", "text/javascript; charset=utf-8", PASSKEYS),
    icon: hashed("seal", "svg", "image/svg+xml", ICON),
});

fn hashed(name: &str, extension: &str, content_type: &'static str, body: &'static str) -> Asset {
    Asset {
        content_type,
        body,
        path: format!("/assets/{name}.{}.{extension}", short_hash(body)),
    }
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
pub fn all() -> [&'static Asset; 4] {
    [
        &ASSETS.style,
        &ASSETS.script,
        &ASSETS.passkeys,
        &ASSETS.icon,
    ]
}

/// The path of the stylesheet.
pub fn style_path() -> &'static str {
    &ASSETS.style.path
}

/// The path of the script.
pub fn script_path() -> &'static str {
    &ASSETS.script.path
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
    use super::*;

    #[test]
    fn an_asset_is_found_by_its_hashed_path_only() {
        assert_eq!(asset(style_path()).unwrap().body, STYLE);
        assert_eq!(
            asset(script_path()).unwrap().content_type,
            "text/javascript; charset=utf-8"
        );
        assert!(asset("/assets/countersign.css").is_none());
        assert!(asset("/assets/countersign.0000000000000000.css").is_none());
    }

    #[test]
    fn nothing_is_loaded_from_elsewhere() {
        let banner = [BANNER_STYLE, BANNER_PAGE_STYLE, BANNER_SCRIPT].map(|asset| asset.body);
        for text in [STYLE, REFUSAL_STYLE, SCRIPT, PASSKEYS, ICON]
            .into_iter()
            .chain(banner)
        {
            let text = text.replace("http://www.w3.org/2000/svg", "");
            assert!(
                !text.contains("http:") && !text.contains("https:") && !text.contains("@import")
            );
        }
    }
}
