mod any_text;
mod parse;
