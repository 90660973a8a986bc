//! Who is in now: the sessions that run, and what support looks at in them.

use askama::Template;
use countersign_app::Counts;
use countersign_web::{
    chip::Chip,
    layout::Page,
    messages::{Lang, Text},
    person::Person,
    text::UserText,
    time::{Moment, Remaining},
};

/// The page.
#[derive(Clone, Debug, Template)]
#[template(path = "live.html")]
pub struct LivePage {
    /// The page around it.
    pub page: Page,
    /// The org's name.
    pub org: UserText,
    /// The sessions, the longest first.
    pub rows: Vec<LiveRow>,
    /// What the page shows, so that its script hears when it no longer does.
    pub seen: String,
}

/// The rows alone, as of another moment, for the page's script.
#[derive(Clone, Debug, Template)]
#[template(path = "live_news.html")]
pub struct LiveNews {
    /// The page around the rows, whose language and form token they are in.
    pub page: Page,
    /// The sessions, the longest first.
    pub rows: Vec<LiveRow>,
    /// What they show.
    pub seen: String,
}

/// A session that runs.
#[derive(Clone, Debug)]
pub struct LiveRow {
    /// The session's id; part of the form's path.
    pub id: String,
    /// Who is in.
    pub agent: Person,
    /// As whom.
    pub subject: Person,
    /// The case it is for.
    pub case_number: UserText,
    /// The case's title.
    pub title: UserText,
    /// Since when.
    pub since: Moment,
    /// The latest end.
    pub ends: Moment,
    /// The time left until then.
    pub left: Remaining,
    /// The page they are on; none if they have looked at nothing yet.
    pub look: Option<Look>,
    /// What was asked for last, if that came after it: a page that is left as it is does not hide what
    /// goes on beside it.
    pub last: Option<Look>,
    /// What has been asked for; none for a session that began before that was counted.
    pub counts: Option<Counts>,
    /// What could have changed something and passed, then what was refused: the last few of each, the newest
    /// first.
    pub tried: Vec<Tried>,
    /// Whether the reader may end it, and untick with it.
    pub may_end: bool,
}

/// What somebody looked at.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Look {
    /// Method and target, as they were sent to the product.
    pub what: UserText,
    /// How long ago.
    pub ago: Text,
    /// Whether it could change something, and passed because the vendor declares it harmless.
    pub declared: bool,
}

/// What was refused or could have changed something.
#[derive(Clone, Debug)]
pub struct Tried {
    /// When.
    pub at: Moment,
    /// Method and target.
    pub what: UserText,
    /// What became of it.
    pub result: Chip,
}

/// How many requests of a sort there were.
struct Counted {
    /// The choice in the history that shows them.
    kind: &'static str,
    /// The number, in words.
    label: Text,
    /// Whether there was one.
    any: bool,
}

impl LiveRow {
    fn case(&self, t: &Lang) -> Text {
        t.live_case(&self.case_number, &self.title)
    }

    /// What was counted, each in words and with the choice under which the history has it.
    fn counts(&self, t: &Lang) -> Vec<Counted> {
        let Some(counts) = self.counts else {
            return vec![];
        };
        let counted = |kind, number, label| Counted {
            kind,
            label,
            any: number > 0,
        };
        let read = counts.pages.saturating_add(counts.further);
        let mut all = vec![counted(
            "requests",
            read,
            t.live_pages(counts.further, counts.pages),
        )];
        if counts.declared > 0 {
            all.push(counted(
                "declared",
                counts.declared,
                t.live_sent(counts.declared),
            ));
        }
        all.push(counted(
            "refused",
            counts.refused,
            t.live_refused(counts.refused),
        ));
        all
    }
}
