//! Every page in every language says everything in that language.

use countersign_web::messages::Lang;

use crate::views::fixtures::every_page;

/// The pieces of text of a page that are ours: what people wrote, codes and instants are not.
fn own_pieces(html: &str) -> Vec<String> {
    let mut html = html.to_owned();
    for (open, close) in [
        ("<bdi>", "</bdi>"),
        ("<code>", "</code>"),
        ("<textarea", "</textarea>"),
        ("lang=\"en\">English", "</button>"),
        ("lang=\"de\">Deutsch", "</button>"),
        ("lang=\"fr\">Français", "</button>"),
    ] {
        while let Some(at) = html.find(open) {
            let end = at + html[at..].find(close).unwrap();
            html.replace_range(at..end, "");
        }
    }
    let pieces = html
        .split('<')
        .filter_map(|piece| Some(piece.split_once('>')?.1.trim().to_owned()));
    let attributes = ["aria-label=\"", "title=\""].into_iter().flat_map(|name| {
        let after = html.split(name).skip(1);
        after.map(|rest| rest[..rest.find('"').unwrap()].to_owned())
    });
    pieces
        .chain(attributes)
        .filter(|piece| piece.chars().any(char::is_alphabetic))
        .collect()
}

/// What is written alike in two languages.
const ALIKE: [&str; 26] = [
    "Name",
    "E-mail",
    "Countersign",
    "Organisation",
    "Support",
    "Code",
    "Team",
    "Admin",
    "Super admin",
    "API token",
    "Passkey",
    "Europe/Berlin",
    "optional",
    "Expiration",
    "1 h 30 min",
    "GET /",
    "POST /",
    "DELETE /",
    "Sam Ito (",
    "CSV",
    "JSON Lines",
    "Sessions",
    "4b74ab4963073fc2",
    "http://localhost",
    "Version",
    "Gateway",
];

#[test]
fn every_page_is_whole_in_every_language() {
    let english = every_page(Lang::En);
    let mut found = Vec::new();
    for t in [Lang::De, Lang::Fr] {
        for ((name, english), (_, page)) in english.iter().zip(every_page(t)) {
            let (english, page) = (english.as_ref().unwrap(), page.unwrap());
            let lang = format!("<html lang=\"{}\" dir=\"ltr\">", t.code());
            assert!(page.contains(&lang), "{name}");
            let (ours, theirs) = (own_pieces(english), own_pieces(&page));
            assert!(ours.len() > 8, "{name}");
            let same = |piece: &&String| {
                let letters = piece.chars().filter(|c| c.is_alphabetic()).count();
                let time = piece.contains("UTC") || piece.ends_with(" CEST") || letters < 4;
                ours.contains(piece) && !time && !ALIKE.iter().any(|word| piece.starts_with(word))
            };
            let left: Vec<_> = theirs.iter().filter(same).collect();
            found.extend(
                left.into_iter()
                    .map(|piece| format!("{name} in {t:?}: {piece}")),
            );
        }
    }
    assert!(found.is_empty(), "{found:#?}");
}
