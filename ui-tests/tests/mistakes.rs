//! Each mistake is told once.

use std::{fs, path::Path};

#[test]
fn ten_mistakes_in_one_block_are_ten_errors() {
    let case = Path::new(env!("CARGO_MANIFEST_DIR")).join("fail/handler/ten_mistakes.stderr");
    let errors = fs::read_to_string(case).expect("the suite has it");
    assert_eq!(errors.lines().filter(|line| line.starts_with("error")).count(), 10);
}

/// rustc shows the standard library's own code only where its sources are installed, and then there are more lines.
#[test]
fn no_error_shows_the_standard_library() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("fail");
    let entries = |folder: &Path| {
        let entries = fs::read_dir(folder).expect("it is a folder");
        entries.map(|entry| entry.expect("it can be read").path()).collect::<Vec<_>>()
    };
    let files = entries(&root).into_iter().flat_map(|area| entries(&area));
    for file in files.filter(|file| file.extension().is_some_and(|kind| kind == "stderr")) {
        let error = fs::read_to_string(&file).expect("it is a text");
        assert!(!error.contains("$RUST"), "{}: use a type of the case's own", file.display());
    }
}
