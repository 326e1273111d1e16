//! The chapter on what the compiler checks shows errors as they are.
//!
//! `TRYBUILD=overwrite cargo test -p ui-tests` puts the present ones in, as it does with the files that they come from.

use std::{env, fs, path::Path};

/// What a block that is a file begins with.
const FENCE: &str = "```text ";

#[test]
fn the_chapter_shows_the_errors_of_the_test_suite() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("it is in the workspace");
    let chapter = root.join("docs/what-the-compiler-checks.md");
    let text = fs::read_to_string(&chapter).expect("there is a chapter");
    let (shown, blocks) = with_errors(&text, root);
    assert!(blocks > 20, "it shows errors");
    if env::var("TRYBUILD").is_ok_and(|wanted| wanted == "overwrite") {
        fs::write(&chapter, shown).expect("it can be written");
    } else {
        assert!(
            text == shown,
            "an error has changed: run with TRYBUILD=overwrite, and read the chapter"
        );
    }
}

/// The text with the files that its blocks name, and how many there are.
fn with_errors(text: &str, root: &Path) -> (String, usize) {
    let mut shown = String::new();
    let mut blocks = 0;
    let mut lines = text.lines();
    while let Some(line) = lines.next() {
        shown.push_str(line);
        shown.push('\n');
        if let Some(file) = line.strip_prefix(FENCE) {
            blocks += 1;
            let error = fs::read_to_string(root.join(file));
            shown.push_str(error.unwrap_or_else(|error| panic!("{file}: {error}")).trim_end());
            shown.push_str("\n```\n");
            lines.by_ref().find(|line| *line == "```").expect("a block ends");
        }
    }
    (shown, blocks)
}
