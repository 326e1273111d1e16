//! Each mistake is told once.

use std::{fs, path::Path};

#[test]
fn ten_mistakes_in_one_block_are_ten_errors() {
    let case = Path::new(env!("CARGO_MANIFEST_DIR")).join("fail/handler/ten_mistakes.stderr");
    let errors = fs::read_to_string(case).expect("the suite has it");
    assert_eq!(errors.lines().filter(|line| line.starts_with("error")).count(), 10);
}
