//! The page around every view.
//!
//! A view is an askama template that extends `base.html` and has a field `page` of type [`Page`].
//! Another crate finds that template through `dirs = ["templates", "../web/templates"]` in its
//! `askama.toml`.

use crate::{
    assets,
    messages::{Lang, Text},
    notice::Notice,
    person::Person,
    text::UserText,
};

/// The name of the product.
pub const PRODUCT: &str = "Countersign";

/// On whose side of the desk the reader sits.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Context {
    /// Nobody is signed in.
    None,
    /// An admin of this org.
    Org(UserText),
    /// Support personnel of the vendor.
    Support,
}

/// One entry of the main navigation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NavItem {
    /// The words.
    pub label: Text,
    /// Where it leads.
    pub href: &'static str,
    /// Whether the reader is there.
    pub current: bool,
}

/// What every page needs besides its own content.
#[derive(Clone, Debug)]
pub struct Page {
    /// The reader's language. Templates call it `t`, for its messages are what they say.
    pub t: Lang,
    /// The document title, without the product name.
    pub title: Text,
    /// The page's own address (path and query), for whoever reads it in another language; none
    /// where the address cannot be gone to again.
    pub here: Option<String>,
    /// On whose side the reader sits.
    pub context: Context,
    /// The main navigation; empty when nobody is signed in.
    pub nav: Vec<NavItem>,
    /// Who is signed in.
    pub person: Option<Person>,
    /// The anti-forgery token that every form on the page sends as `csrf`.
    pub csrf: String,
    /// What just happened.
    pub notice: Option<Notice>,
    /// Where the button that signs out posts.
    pub sign_out: &'static str,
    /// The version in the footer.
    pub version: &'static str,
}

impl Page {
    /// A page for nobody in particular: sign-in and refusals before it.
    pub fn signed_out(t: Lang, title: Text, csrf: impl Into<String>) -> Self {
        Self {
            t,
            title,
            here: None,
            context: Context::None,
            nav: Vec::new(),
            person: None,
            csrf: csrf.into(),
            notice: None,
            sign_out: "/sign-out",
            version: env!("CARGO_PKG_VERSION"),
        }
    }

    /// A page for somebody signed in.
    pub fn signed_in(
        t: Lang,
        title: Text,
        context: Context,
        nav: Vec<NavItem>,
        person: Person,
        csrf: impl Into<String>,
    ) -> Self {
        Self {
            context,
            nav,
            person: Some(person),
            ..Self::signed_out(t, title, csrf)
        }
    }

    /// The same page with a notice at its top.
    #[must_use]
    pub fn with_notice(mut self, notice: Option<Notice>) -> Self {
        self.notice = notice;
        self
    }

    /// The same page at this address.
    #[must_use]
    pub fn at(mut self, here: Option<String>) -> Self {
        self.here = here;
        self
    }

    /// Every language the reader can choose.
    pub fn languages(&self) -> [Lang; 3] {
        Lang::ALL
    }

    /// The org whose admin reads the page.
    pub fn org(&self) -> Option<&UserText> {
        match &self.context {
            Context::Org(name) => Some(name),
            Context::None | Context::Support => None,
        }
    }

    /// Whether support personnel read the page.
    pub fn is_support(&self) -> bool {
        self.context == Context::Support
    }

    /// The name of the product.
    pub fn product(&self) -> &'static str {
        PRODUCT
    }

    /// The path of the stylesheet.
    pub fn style(&self) -> &'static str {
        assets::style_path()
    }

    /// The path of the script.
    pub fn script(&self) -> &'static str {
        assets::script_path(self.t)
    }

    /// The path of the script that asks for passkeys.
    pub fn passkeys_script(&self) -> &'static str {
        assets::passkeys_path()
    }

    /// The path of the icon.
    pub fn icon(&self) -> &'static str {
        assets::icon_path()
    }
}
