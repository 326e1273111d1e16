//! Running `wordcount` over a folder of files.

#![allow(dead_code, reason = "each test uses what it needs")]
#![expect(clippy::unwrap_used, reason = "a test may")]

use crate::run::{example, run, text};
use std::{fs, process::Command};
use tempfile::TempDir;

/// What a run of the program left.
pub(crate) struct Run {
    pub(crate) status: Option<i32>,
    /// The lines of the tree, before and after.
    pub(crate) trees: Vec<String>,
    /// The words with their counts.
    pub(crate) words: Vec<(String, u64)>,
    /// The lines after the words.
    pub(crate) closing: Vec<String>,
    pub(crate) errors: String,
}

impl Run {
    pub(crate) fn of(command: &mut Command) -> Self {
        let output = run(command);
        let (mut trees, mut words, mut closing) = (Vec::new(), Vec::new(), Vec::new());
        for line in text(&output.stdout).lines() {
            if line.starts_with("Count ") || line.contains("─ ") {
                trees.push(line.to_owned());
            } else if line.starts_with(' ') {
                let (count, word) = line.trim_start().split_once("  ").unwrap();
                words.push((word.to_owned(), count.parse().unwrap()));
            } else {
                closing.push(line.to_owned());
            }
        }
        let errors = text(&output.stderr).to_owned();
        Self { status: output.status.code(), trees, words, closing, errors }
    }

    /// Runs in `folder`, over everything in it.
    pub(crate) fn over(folder: &TempDir, arguments: &[&str]) -> Self {
        Self::of(example("wordcount").current_dir(folder).arg(".").args(arguments))
    }

    pub(crate) fn words(&self) -> Vec<(&str, u64)> {
        self.words.iter().map(|(word, count)| (word.as_str(), *count)).collect()
    }

    /// Asserts that all went well, with these words (if there are some), and this account.
    #[track_caller]
    pub(crate) fn counts(&self, words: &[(&str, u64)], account: &str) {
        assert_eq!(self.status, Some(0), "{}", self.errors);
        assert!(words.is_empty() || self.words() == words, "{:?}", self.words());
        assert!(self.closing[0].starts_with(account), "{:?}", self.closing);
        assert!(self.closing[1].starts_with("verified: "), "{:?}", self.closing);
        assert!(self.errors.lines().all(|line| line.starts_with("injected: ")), "{}", self.errors);
    }

    /// Asserts that all went well, with these words, this account, and this line for what was skipped.
    #[track_caller]
    pub(crate) fn skips(&self, words: &[(&str, u64)], account: &str, line: &str) {
        assert_eq!(self.status, Some(0), "{}", self.errors);
        assert_eq!(self.words(), words);
        assert!(self.closing[0].starts_with(account), "{:?}", self.closing);
        assert_eq!(self.errors.trim_end(), line);
    }
}

/// A folder with these files.
pub(crate) fn folder(files: &[(&str, &[u8])]) -> TempDir {
    let folder = TempDir::new().unwrap();
    for (path, content) in files {
        let path = folder.path().join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, content).unwrap();
    }
    folder
}
