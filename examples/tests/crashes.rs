//! `wordcount` loses nothing when workers and shards crash, says what it loses when nobody can help, and stops when it is told to.

mod counted;
mod run;

use counted::{Run, folder};
use run::example;
use std::{
    io::{BufRead, BufReader, Read},
    process::{Command, Stdio},
};
use tempfile::TempDir;

/// So many files with the same three words.
fn alike(files: usize) -> TempDir {
    let files: Vec<String> = (0..files).map(|n| n.to_string()).collect();
    let files: Vec<_> = files.iter().map(|path| (path.as_str(), &b"one two two"[..])).collect();
    folder(&files)
}

#[test]
fn a_worker_that_crashes_over_every_seventh_file_loses_none() {
    let run = Run::over(&alike(100), &["--verify", "--crash-every", "7"]);
    let account = "100 found: 100 counted, 0 skipped, 0 lost; 14 crashes, 14 restarts; 300 words";
    run.counts(&[("two", 200), ("one", 100)], account);
    let lines: Vec<_> = run.errors.lines().collect();
    assert_eq!(lines.len(), 11, "{}", run.errors);
    for line in &lines[..10] {
        let is_short =
            line.starts_with("injected: worker ") && line.contains(" crashes over file ");
        assert!(is_short, "{line}");
    }
    assert_eq!(lines[10], "injected: further crashes are only counted");
}

#[test]
fn every_file_and_every_part_may_crash_who_has_it() {
    let texts: Vec<(String, String)> = (1..=300)
        .map(|n| (n.to_string(), (0..n).map(|m| format!("w{m} ")).collect::<Vec<_>>().concat()))
        .collect();
    let files: Vec<_> = texts.iter().map(|(path, text)| (path.as_str(), text.as_bytes())).collect();
    let folder = folder(&files);
    // The word w0 is in all files, w1 in all but the first, and so on.
    let expected: Vec<(String, u64)> = (0..300_u64).map(|m| (format!("w{m}"), 300 - m)).collect();
    for workers in ["1", "2", "5"] {
        let crashes = ["--crash-every", "1", "--crash-shards", "1"];
        let arguments = ["--verify", "--top", "1000", "--workers", workers];
        let run = Run::over(&folder, &[&crashes[..], &arguments].concat());
        run.counts(&[], "300 found: 300 counted, 0 skipped, 0 lost; ");
        let mut words = run.words.clone();
        words.sort_by_key(|(_, count)| u64::MAX - count);
        assert_eq!(words, expected);
    }
}

#[test]
fn the_tree_is_shown_before_and_after() {
    let run = Run::over(&alike(40), &["--crash-every", "10", "--workers", "2"]);
    assert_eq!(run.status, Some(0));
    let (before, after) = run.trees.split_at(run.trees.len() / 2);
    let begins = [
        "Count <",
        "├─ keeper: Keeper <",
        "├─ shards: Supervisor <",
        "│  ├─ shard 0: Shard <",
        "│  └─ shard 1: Shard <",
        "├─ ledger: Ledger <",
        "├─ reader: Reader <",
        "├─ pool: DynamicSupervisor<Worker> <",
        "│  ├─ Worker <",
        "│  └─ Worker <",
        "├─ foreman: Foreman <",
        "└─ reporter: Reporter <",
    ];
    for tree in [before, after] {
        assert_eq!(tree.len(), begins.len(), "{tree:#?}");
        assert!(tree.iter().zip(begins).all(|(line, begin)| line.starts_with(begin)), "{tree:#?}");
    }
    assert!(after.iter().any(|line| line.contains("restarted")), "{after:#?}");
}

#[test]
fn of_many_workers_some_are_shown() {
    let run = Run::over(&alike(10), &["--workers", "12"]);
    let more = run.trees.iter().filter(|line| *line == "│  └─ and 4 more").count();
    assert_eq!(more, 4, "{:#?}", run.trees);
}

#[test]
fn without_crashes_nobody_is_restarted() {
    let run = Run::over(&alike(200), &["--crash-every", "0", "--verify"]);
    run.counts(
        &[("two", 400), ("one", 200)],
        "200 found: 200 counted, 0 skipped, 0 lost; 0 crashes, 0",
    );
    assert_eq!(run.errors, "");
    assert!(!run.trees.iter().any(|line| line.contains("restarted")), "{:#?}", run.trees);
}

#[test]
fn a_pool_that_gives_up_is_filled_again() {
    let arguments = ["--verify", "--crash-every", "3", "--intensity", "0", "--workers", "1"];
    let run = Run::over(&alike(9), &arguments);
    run.counts(&[("two", 18), ("one", 9)], "9 found: 9 counted, 0 skipped, 0 lost; ");
    let pool = run.trees.iter().rfind(|line| line.starts_with("├─ pool: "));
    assert!(pool.unwrap().ends_with("[restarted 3 times]"), "{pool:?}");
}

#[test]
fn supervisors_that_give_up_end_the_run_and_say_what_is_lost() {
    let arguments = ["--crash-every", "3", "--intensity", "0", "--workers", "1"];
    let run = Run::over(&alike(100), &arguments);
    assert_eq!(run.status, Some(1));
    let closing = run.closing.last().unwrap();
    assert!(closing.contains(" found: 11 counted, 0 skipped, "), "{closing}");
    assert!(closing.contains(" lost, 33 words lost; "), "{closing}");
    assert!(
        run.errors.ends_with("wordcount: the ledger has ended: too many crashes\n"),
        "{}",
        run.errors
    );
}

#[test]
fn shards_that_give_up_end_the_run_and_keep_what_was_counted() {
    let crashes = ["--crash-every", "0", "--crash-shards", "5", "--intensity", "0"];
    let run = Run::over(&alike(100), &[&crashes[..], &["--workers", "1"]].concat());
    assert_eq!(run.status, Some(1));
    let closing = run.closing.last().unwrap();
    assert!(closing.contains(" found: 4 counted, 0 skipped, "), "{closing}");
    assert!(
        run.errors.ends_with("wordcount: the shards have ended: too many crashes\n"),
        "{}",
        run.errors
    );
}

#[test]
fn actors_and_plain_threads_count_the_same() {
    let folder = folder(&[("a", b"a b"), ("b", b"b c"), ("c", b"\0")]);
    let arguments = ["--compare", "2", "--crash-every", "1", "--crash-shards", "1"];
    let run = Run::over(&folder, &arguments);
    assert_eq!((run.status, run.errors.as_str()), (Some(0), ""));
    assert!(run.closing[0].starts_with("3 found: 2 counted, 1 skipped (1 binary), 0 lost"));
    let begins = [
        "crashes on ",
        "crashes off ",
        "plain threads ",
        "crashes on / plain threads: ",
        "crashes on / crashes off: ",
        "crashes off / plain threads: ",
    ];
    for (line, begin) in run.closing[1..].iter().zip(begins) {
        assert!(line.starts_with(begin), "{:#?}", run.closing);
    }
    assert_eq!(run.closing[7], "all count the same");
}

#[test]
fn actors_that_do_not_crash_are_compared_with_plain_threads_alone() {
    let run = Run::over(&alike(3), &["--compare", "1", "--crash-every", "0"]);
    assert_eq!(run.status, Some(0));
    let begins: Vec<_> = run.closing[1..].iter().map(|line| line.split(' ').next()).collect();
    assert_eq!(begins, ["crashes", "plain", "crashes", "all"].map(Some), "{:#?}", run.closing);
}

#[test]
fn ctrl_c_stops_in_order_and_says_what_was_done() {
    let folder = alike(3_000);
    let mut command = example("wordcount");
    command.current_dir(&folder).args([".", "--crash-every", "1", "--crash-shards", "1"]);
    let mut child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    // The first line: the run has begun, and listens.
    let mut output = BufReader::new(child.stdout.take().unwrap());
    let mut said = String::new();
    output.read_line(&mut said).unwrap();
    assert!(said.starts_with("Count "), "{said}");
    let sent = Command::new("kill").args(["-INT", &child.id().to_string()]).status().unwrap();
    assert!(sent.success());
    output.read_to_string(&mut said).unwrap();
    assert_eq!(child.wait().unwrap().code(), Some(130), "{said}");
    let closing = said.lines().last().unwrap();
    let (_, closing) = closing.split_once(" found: ").unwrap();
    assert!(closing.contains(" not counted any more; "), "{closing}");
    assert!(!closing.contains("lost"), "{closing}");
    let counted: u64 = closing.split(' ').next().unwrap().parse().unwrap();
    let words = format!("; {} words, ", 3 * counted);
    assert!(closing.contains(&words), "all of a file or nothing: {closing}");
}
