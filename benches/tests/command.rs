//! The command line, as one types it.

use std::process::{Command, Output};

fn benches(arguments: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_ghostlight-benches"));
    command.args(arguments).output().expect("the program runs")
}

fn stdout(arguments: &[&str]) -> String {
    let output = benches(arguments);
    assert!(output.status.success(), "{arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).expect("text")
}

fn refusal(arguments: &[&str]) -> String {
    let output = benches(arguments);
    assert!(!output.status.success(), "{arguments:?}");
    String::from_utf8(output.stderr).expect("text")
}

#[test]
fn one_measurement_prints_one_figure() {
    let figure = stdout(&["--measure", "cast", "ghostlight", "two", "--size", "1000"]);
    assert!(figure.trim().parse::<f64>().unwrap() > 0.0, "{figure}");
}

#[test]
fn a_comparison_prints_the_machine_and_a_row_for_each_runtime() {
    let text =
        stdout(&["--only", "cast", "--against", "ghostlight", "--reps", "1", "--size", "99"]);
    assert!(text.lines().next().unwrap().contains(", rustc "), "{text}");
    assert_eq!(text.matches("cast, one producer, ns").count(), 2, "{text}");
    assert!(!text.contains("The others"), "{text}");
}

#[test]
fn others_are_shown_in_a_table_of_their_own() {
    let only = ["--only", "call", "--against", "by-hand-bounded", "--runtime", "one"];
    let text = stdout(&[&only[..], &["--reps", "2", "--size", "9", "--markdown"]].concat());
    assert_eq!(text.matches("| call to an idle actor | one thread |").count(), 1, "{text}");
    let headings = text.lines().find(|line| line.starts_with("| work"));
    assert!(headings.unwrap().ends_with("by-hand-bounded |"), "{text}");
}

#[test]
fn what_is_unknown_is_refused_with_what_is_known() {
    let error = refusal(&["--only", "casts"]);
    assert!(error.contains("unknown work `casts`\nhelp: one of `cast`, `cast-four`, "), "{error}");
    let error = refusal(&["--measure", "cast", "elixir", "one"]);
    assert!(error.contains("unknown contender `elixir`\nhelp: one of `by-hand`, "), "{error}");
    let error = refusal(&["--runtime", "three"]);
    assert!(
        error.contains("unknown runtime `three`\nhelp: one of `two`, `one`, `both`"),
        "{error}"
    );
    let error = refusal(&["--fast"]);
    assert!(error.contains("'--fast'") && error.contains("--only WORK"), "{error}");
    let error = refusal(&["--reps", "0"]);
    assert!(error.contains("\"0\""), "{error}");
}

/// Exact, and so the one promise about cost that can be tested. What is left is the runtime's own: a few in thousands.
#[test]
fn a_cast_and_a_call_allocate_nothing_on_ghostlight() {
    for work in ["cast-allocations", "call-allocations", "queued-call-allocations"] {
        for runtime in ["two", "one"] {
            let figure = stdout(&["--measure", work, "ghostlight", runtime, "--size", "20000"]);
            assert!(figure.trim().parse::<f64>().unwrap() < 0.01, "{work} {runtime}: {figure}");
        }
    }
}
