//! A person as a page names them.

use std::fmt;

use askama::filters::HtmlSafe;

use crate::{
    messages::{Arg, Fragment, Lang, Text, Value},
    text::UserText,
};

/// Somebody, by name and e-mail address. Both are shown together wherever a decision hangs on
/// who it is, because anybody can choose a name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Person {
    /// The display name.
    pub name: UserText,
    /// The e-mail address.
    pub email: UserText,
}

impl Person {
    /// A person with this name and e-mail address.
    pub fn new(name: impl Into<String>, email: impl Into<String>) -> Self {
        Self {
            name: UserText::new(name),
            email: UserText::new(email),
        }
    }
}

impl fmt::Display for Person {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "<span class=\"person\"><span class=\"person-name\">{}</span> \
             <span class=\"person-email\">{}</span></span>",
            self.name, self.email
        )
    }
}

impl HtmlSafe for Person {}

impl Arg for Person {
    fn into_value(self) -> Value {
        let plain = format!("{} ({})", self.name.plain(), self.email.plain());
        Value::Fragment(Fragment::new(&self, plain))
    }
}

/// Names joined for a sentence: `Sam`, `Sam and Kim`, `Sam, Kim and 3 others`.
pub fn names(people: &[Person], lang: Lang) -> Text {
    match people {
        [] => lang.names_nobody(),
        [one] => lang.names_one(&one.name),
        [one, two] => lang.names_two(&one.name, &two.name),
        [one, two, three] => lang.names_three(&one.name, &two.name, &three.name),
        [one, two, rest @ ..] => lang.names_many(&one.name, rest.len(), &two.name),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn name_and_address_are_isolated_from_each_other() {
        assert_eq!(
            Person::new("Sam <x>", "sam@vendor.test").to_string(),
            "<span class=\"person\"><span class=\"person-name\"><bdi>Sam &lt;x&gt;</bdi></span> \
             <span class=\"person-email\"><bdi>sam@vendor.test</bdi></span></span>"
        );
    }

    #[test]
    fn many_names_become_a_short_sentence() {
        let people: Vec<_> = ["A", "B", "C", "D"].map(|n| Person::new(n, "")).into();
        assert_eq!(names(&people[..1], Lang::En).to_string(), "<bdi>A</bdi>");
        assert_eq!(
            names(&people, Lang::En).to_string(),
            "<bdi>A</bdi>, <bdi>B</bdi> and 2 others"
        );
    }
}
