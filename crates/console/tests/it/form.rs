//! Forms as they stand on a page, and the words of one.

/// A form, filled in as the page has it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Form {
    /// Where it is sent.
    pub(crate) action: String,
    fields: Vec<(String, String)>,
}

impl Form {
    /// The form of a page that is sent to this address.
    pub(crate) fn on(html: &str, action: &str) -> Self {
        Self::find(html, action).unwrap_or_else(|| panic!("no form for {action} in {html}"))
    }

    /// The form, if the page has it.
    pub(crate) fn find(html: &str, action: &str) -> Option<Self> {
        let forms = html.split("<form").skip(1);
        for form in forms {
            let form = &form[..form.find("</form>").expect("forms end")];
            let open = &form[..form.find('>').expect("tags end")];
            if attribute(open, "action").as_deref() != Some(action) {
                continue;
            }
            assert_eq!(attribute(open, "method").as_deref(), Some("post"));
            return Some(Self {
                action: action.to_owned(),
                fields: fields(form),
            });
        }
        None
    }

    /// Fills a field in.
    pub(crate) fn with(mut self, name: &str, value: &str) -> Self {
        self.fields.retain(|(known, _)| known != name);
        self.fields.push((name.to_owned(), value.to_owned()));
        self
    }

    /// Leaves a field out, as a box that is not ticked.
    pub(crate) fn without(mut self, name: &str) -> Self {
        self.fields.retain(|(known, _)| known != name);
        self
    }

    /// The same fields, and so the same token, sent somewhere else.
    pub(crate) fn sent_to(mut self, action: &str) -> Self {
        action.clone_into(&mut self.action);
        self
    }

    /// What a field holds.
    pub(crate) fn value(&self, name: &str) -> Option<&str> {
        let mut fields = self.fields.iter();
        fields
            .find(|(known, _)| known == name)
            .map(|(_, value)| value.as_str())
    }

    /// As it is sent.
    pub(crate) fn encode(&self) -> String {
        let pairs = self.fields.iter();
        pairs
            .map(|(name, value)| format!("{}={}", escaped(name), escaped(value)))
            .collect::<Vec<_>>()
            .join("&")
    }
}

fn escaped(text: &str) -> String {
    text.bytes()
        .map(|byte| match byte {
            byte if byte.is_ascii_alphanumeric() => char::from(byte).to_string(),
            byte => format!("%{byte:02X}"),
        })
        .collect()
}

/// Hidden and text fields, ticked boxes, what is chosen and text areas; buttons are for the test to press.
fn fields(form: &str) -> Vec<(String, String)> {
    let mut found = Vec::new();
    for input in form.split("<input").skip(1) {
        let tag = &input[..input.find('>').expect("tags end")];
        let Some(name) = attribute(tag, "name") else {
            continue;
        };
        let kind = attribute(tag, "type");
        let boxed = matches!(kind.as_deref(), Some("checkbox" | "radio"));
        let ticked = tag.contains(" checked");
        if !tag.contains(" disabled") && (!boxed || ticked) {
            found.push((name, attribute(tag, "value").unwrap_or_default()));
        }
    }
    for select in form.split("<select").skip(1) {
        let (tag, rest) = select.split_once('>').expect("tags end");
        let options = rest
            .split("</select>")
            .next()
            .unwrap()
            .split("<option")
            .skip(1);
        let chosen = options
            .map(|option| &option[..option.find('>').expect("tags end")])
            .find(|option| option.contains(" selected"))
            .expect("something is chosen");
        let value = attribute(chosen, "value").expect("a value");
        found.push((attribute(tag, "name").expect("a name"), value));
    }
    for area in form.split("<textarea").skip(1) {
        let (tag, rest) = area.split_once('>').expect("tags end");
        let text = rest.split("</textarea>").next().unwrap();
        let text = text.strip_prefix('\n').unwrap_or(text);
        found.push((attribute(tag, "name").expect("a name"), unescaped(text)));
    }
    found
}

fn attribute(tag: &str, name: &str) -> Option<String> {
    let (_, rest) = tag.split_once(&format!(" {name}=\""))?;
    Some(unescaped(rest.split('"').next().unwrap()))
}

fn unescaped(text: &str) -> String {
    text.replace("&#60;", "<")
        .replace("&#62;", ">")
        .replace("&#34;", "\"")
        .replace("&#39;", "'")
        .replace("&#38;", "&")
}

/// What a reader sees: without tags, with single spaces.
pub(crate) fn words(html: &str) -> String {
    let html = html
        .replace("</dt>", " ")
        .replace("</td>", " ")
        .replace("</th>", " ");
    let mut out = String::new();
    let mut inside = false;
    for c in html.chars() {
        match c {
            '<' => inside = true,
            '>' => inside = false,
            _ if !inside => out.push(c),
            _ => {}
        }
    }
    out.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// The notice at the top of a page; empty without one.
pub(crate) fn notice(html: &str) -> String {
    let (_, rest) = html.split_once("role=\"status\">").expect("a place for it");
    words(rest.split("\n</div>\n").next().unwrap())
}
