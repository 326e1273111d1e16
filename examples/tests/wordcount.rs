//! `wordcount` counts every file once, says what it skips, and survives every bad input.

mod counted;
mod run;

use counted::{Run, folder};
use run::{example, text};
use std::{
    fs,
    os::unix,
    process::{Command, Stdio},
};
use tempfile::TempDir;

#[test]
fn words_are_counted_over_all_files_whatever_their_case() {
    let folder = folder(&[
        ("a.txt", b"One two, two; THREE three three"),
        ("deep/er/b.txt", "Äpfel äpfel snake_case 42".as_bytes()),
        ("deep/c", b"three"),
        ("empty", b""),
    ]);
    let run = Run::over(&folder, &["--verify"]);
    let words = [("three", 4), ("two", 2), ("äpfel", 2), ("42", 1), ("one", 1), ("snake_case", 1)];
    run.skips(
        &words,
        "4 found: 4 counted, 0 skipped, 0 lost; 0 crashes, 0 restarts; 11 words, 0.0 MB in ",
        "",
    );
    assert!(run.closing[1].starts_with("verified: one plain loop counts the same"));
}

#[test]
fn top_says_how_many_words_are_shown() {
    let folder = folder(&[("a", b"a b b c c c")]);
    assert_eq!(Run::over(&folder, &["--top", "2"]).words(), [("c", 3), ("b", 2)]);
    assert_eq!(Run::over(&folder, &["--top", "0"]).words(), []);
}

#[test]
fn many_files_among_many_workers_are_counted_once_each() {
    let files: Vec<(String, String)> = (0..500)
        .map(|n| (format!("{}/{n}", n % 7), format!("all n{n} m{} ", n % 10).repeat(n)))
        .collect();
    let files: Vec<_> = files.iter().map(|(path, text)| (path.as_str(), text.as_bytes())).collect();
    let folder = folder(&files);
    for workers in ["1", "3", "16"] {
        let run = Run::over(&folder, &["--verify", "--top", "1", "--workers", workers]);
        let account = "500 found: 500 counted, 0 skipped, 0 lost; 5 crashes, 5 restarts; 374250";
        run.counts(&[("all", 124_750)], account);
    }
}

#[test]
fn a_path_that_is_not_there_is_said_and_the_others_are_counted() {
    let folder = folder(&[("a", b"a")]);
    let run = Run::over(&folder, &["nowhere"]);
    assert_eq!(run.status, Some(1));
    assert_eq!(run.words(), [("a", 1)]);
    assert!(run.closing[0].starts_with("2 found: 1 counted, 1 skipped (1 not there), 0 lost"));
    assert_eq!(run.errors, "skipped nowhere: no such file or folder\n");
}

#[test]
fn an_empty_folder_is_said() {
    let line = "skipped .: an empty folder";
    let account =
        "1 found: 0 counted, 1 skipped (1 empty folder), 0 lost; 0 crashes, 0 restarts; 0 words";
    Run::over(&folder(&[]), &["--verify"]).skips(&[], account, line);
}

#[test]
fn a_binary_file_is_skipped() {
    let folder = folder(&[("a", b"a"), ("b", b"word \0 word")]);
    let account =
        "2 found: 1 counted, 1 skipped (1 binary), 0 lost; 0 crashes, 0 restarts; 1 words";
    let line = "skipped ./b: binary: a NUL byte in its first 8 KiB";
    Run::over(&folder, &["--verify"]).skips(&[("a", 1)], account, line);
}

#[test]
fn of_a_file_that_is_not_utf8_nothing_counts() {
    let mut late = b"word ".repeat(100_000);
    late.push(0xff);
    let folder = folder(&[("a", b"a"), ("late", &late)]);
    let account =
        "2 found: 1 counted, 1 skipped (1 not UTF-8), 0 lost; 0 crashes, 0 restarts; 1 words";
    let line = "skipped ./late: not UTF-8: byte 500000 is wrong";
    Run::over(&folder, &["--verify"]).skips(&[("a", 1)], account, line);
}

#[test]
fn a_line_of_many_megabytes_is_one_line_like_any_other() {
    let line = "word and ".repeat(1_000_000);
    let folder = folder(&[("long", line.as_bytes()), ("a", b"word")]);
    let words = [("word", 1_000_001), ("and", 1_000_000)];
    let account = "2 found: 2 counted, 0 skipped, 0 lost; 0 crashes, 0 restarts; 2000001 words";
    Run::over(&folder, &["--verify"]).skips(&words, account, "");
}

#[test]
fn of_a_word_of_megabytes_the_first_64_kib_count() {
    let folder = folder(&[("long", "x".repeat(5_000_000).as_bytes())]);
    let word = "x".repeat(64 * 1024);
    let account = "1 found: 1 counted, 0 skipped, 0 lost; 0 crashes, 0 restarts; 1 words";
    Run::over(&folder, &["--verify"]).skips(&[(&word, 1)], account, "");
}

#[test]
fn links_are_followed_and_a_file_counts_once() {
    let folder = folder(&[("real/a", b"a")]);
    unix::fs::symlink("real", folder.path().join("link")).unwrap();
    let run = Run::over(&folder, &["--verify"]);
    assert_eq!((run.status, run.words()), (Some(0), vec![("a", 1)]));
    assert!(run.closing[0].starts_with("2 found: 1 counted, 1 skipped (1 found before), 0 lost"));
    assert!(run.errors.ends_with("found before, by another path\n"), "{}", run.errors);
}

#[test]
fn a_path_that_is_given_twice_counts_once() {
    let folder = folder(&[("a", b"a")]);
    let account = "2 found: 1 counted, 1 skipped (1 found before), 0 lost";
    let line = "skipped a: found before, by another path";
    let run = Run::of(example("wordcount").current_dir(&folder).args(["a", "a", "--verify"]));
    run.skips(&[("a", 1)], account, line);
}

#[test]
fn a_loop_of_links_ends() {
    let folder = folder(&[("in/a", b"a")]);
    unix::fs::symlink("..", folder.path().join("in/up")).unwrap();
    let account = "2 found: 1 counted, 1 skipped (1 loop of links), 0 lost";
    let line = "skipped ./in/up: a symbolic link to a folder that it is in";
    Run::over(&folder, &["--verify"]).skips(&[("a", 1)], account, line);
}

#[test]
fn a_link_to_itself_and_one_to_nothing_are_skipped() {
    let folder = folder(&[("a", b"a")]);
    unix::fs::symlink("self", folder.path().join("self")).unwrap();
    unix::fs::symlink("gone", folder.path().join("nothing")).unwrap();
    let run = Run::over(&folder, &["--verify"]);
    assert_eq!((run.status, run.words()), (Some(0), vec![("a", 1)]));
    let account = "3 found: 1 counted, 2 skipped (1 link to nothing, 1 unreadable), 0 lost";
    assert!(run.closing[0].starts_with(account), "{:?}", run.closing);
    assert!(run.errors.contains("skipped ./nothing: a symbolic link to nothing\n"));
    assert!(run.errors.contains("skipped ./self: cannot be read: "), "{}", run.errors);
}

/// Folders that link to one another can be walked in as many ways as they can be ordered.
#[test]
fn many_links_among_folders_do_not_make_the_walk_long() {
    let folder = TempDir::new().unwrap();
    for a in 0..12 {
        let path = folder.path().join(a.to_string());
        fs::create_dir(&path).unwrap();
        fs::write(path.join("file"), "word").unwrap();
        for b in 0..12 {
            unix::fs::symlink(format!("../{b}"), path.join(format!("link{b}"))).unwrap();
        }
    }
    let run = Run::over(&folder, &["--verify"]);
    assert_eq!((run.status, run.words()), (Some(0), vec![("word", 12)]));
}

#[test]
fn a_pipe_is_not_opened() {
    let folder = folder(&[("a", b"a")]);
    let made = Command::new("mkfifo").arg(folder.path().join("pipe")).status().unwrap();
    assert!(made.success());
    let account = "2 found: 1 counted, 1 skipped (1 not a file), 0 lost";
    let line = "skipped ./pipe: neither a file nor a folder";
    Run::over(&folder, &["--verify"]).skips(&[("a", 1)], account, line);
}

/// Tests may run as root, who may read every file; but nobody can read the memory at 0.
#[cfg(target_os = "linux")]
#[test]
fn a_file_that_cannot_be_read_is_skipped() {
    let run = Run::of(example("wordcount").arg("/proc/self/mem"));
    let account = "1 found: 0 counted, 1 skipped (1 unreadable), 0 lost";
    let line = "skipped /proc/self/mem: cannot be read: Input/output error (os error 5)";
    run.skips(&[], account, line);
}

#[test]
fn without_a_path_the_sources_that_cargo_has_downloaded_are_counted() {
    let home = folder(&[("registry/src/index/crate-1.0.0/lib.rs", b"fn fn fn")]);
    let run = Run::of(example("wordcount").env("CARGO_HOME", home.path()));
    run.skips(&[("fn", 3)], "1 found: 1 counted", "");
}

#[test]
fn without_a_path_and_without_sources_a_path_is_asked_for() {
    let home = folder(&[]);
    let run = Run::of(example("wordcount").env("CARGO_HOME", home.path()));
    let place = home.path().join("registry/src");
    let line = format!(
        "wordcount: cargo has not downloaded the sources of any crate to {}: give a PATH\n",
        place.display()
    );
    assert_eq!((run.status, run.errors), (Some(2), line));
}

#[test]
fn no_workers_at_all_are_refused() {
    let run = Run::of(example("wordcount").args(["--workers", "0"]));
    assert_eq!(run.status, Some(2));
    assert!(
        run.errors.starts_with("error: invalid value '0' for '--workers <N>'"),
        "{}",
        run.errors
    );
}

#[test]
fn nobody_reading_the_output_is_no_reason_to_panic() {
    let folder = folder(&[("a", b"a")]);
    let mut command = example("wordcount");
    let mut child =
        command.arg(folder.path()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    drop(child.stdout.take());
    let output = child.wait_with_output().unwrap();
    assert_eq!((output.status.code(), text(&output.stderr)), (Some(0), ""));
}
