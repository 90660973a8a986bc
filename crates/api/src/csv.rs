//! CSV as of RFC 4180 that a spreadsheet can open without being told to compute: every cell is
//! quoted, and one that a spreadsheet could take for a formula begins with an apostrophe. So does one
//! that begins with an apostrophe itself, so that taking one off always gives back what it was.

/// What makes a spreadsheet compute, at the beginning of a cell or behind white space there.
const COMPUTES: [char; 8] = ['=', '+', '-', '@', '＝', '＋', '－', '＠'];

/// Adds a line to `out`.
pub(crate) fn line<'a>(out: &mut String, cells: impl IntoIterator<Item = &'a str>) {
    for (at, cell) in cells.into_iter().enumerate() {
        if at > 0 {
            out.push(',');
        }
        out.push('"');
        if is_dangerous(cell) {
            out.push('\'');
        }
        for letter in cell.chars() {
            if letter == '"' {
                out.push('"');
            }
            out.push(letter);
        }
        out.push('"');
    }
    out.push_str("\r\n");
}

fn is_dangerous(cell: &str) -> bool {
    let skipped = |letter: char| letter.is_whitespace() || letter.is_control();
    cell.starts_with('\'')
        || cell.starts_with(['\t', '\r', '\n'])
        || cell.trim_start_matches(skipped).starts_with(COMPUTES)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn written(cells: &[&str]) -> String {
        let mut out = String::new();
        line(&mut out, cells.iter().copied());
        out
    }

    #[test]
    fn every_cell_is_quoted() {
        assert_eq!(
            written(&["a", "", "b\"c", "d,e\r\nf"]),
            "\"a\",\"\",\"b\"\"c\",\"d,e\r\nf\"\r\n"
        );
    }

    #[test]
    fn what_could_compute_is_told_to_be_text_and_reads_back() {
        for cell in [
            "=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\rx", "\nx", " =1", "\u{a0}=1", "\u{0}=1",
            "＝1", "'", "'=1", "''",
        ] {
            let out = written(&[cell]);
            let inside = out.trim_end_matches("\r\n");
            let inside = inside
                .strip_prefix('"')
                .and_then(|rest| rest.strip_suffix('"'));
            let read = inside.unwrap().replace("\"\"", "\"");
            assert_eq!(read.strip_prefix('\''), Some(cell));
        }
        for cell in ["/a=1", "1-2", "a@b.test", "a'b", " a", "{\"a\":1}"] {
            assert!(!written(&[cell]).starts_with("\"'"), "{cell}");
        }
    }
}
