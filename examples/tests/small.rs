//! The small examples print what they say they do.

#![allow(clippy::unwrap_used, reason = "a test may fail in a helper, too")]

mod run;

use run::{example, run, text};
use std::{
    io::{BufRead, BufReader, Read},
    process::{Command, Stdio},
};

fn lines(name: &str) -> Vec<String> {
    let output = run(&mut example(name));
    assert!(output.status.success(), "{output:?}");
    assert_eq!(text(&output.stderr), "");
    text(&output.stdout).lines().map(str::to_owned).collect()
}

#[test]
fn the_counter_counts() {
    assert_eq!(lines("counter"), ["5 + 2 = 7", "0 + 3 = 3"]);
}

#[test]
fn the_bank_keeps_its_accounts() {
    let expected = [
        "ann has Some(1000)",
        "bob takes 200: Ok(300)",
        "bob takes 900: Err(Overdrawn { missing: 600 })",
        "eve takes 1: Err(NoAccount)",
        "bob: 300 after 2 movements",
        "interest: 13",
        "the vault is locked: normal",
        "the vault holds 1313",
        "afterwards: the actor is not alive",
        "the ledger: ann +1000, bob +500, bob -200",
    ];
    assert_eq!(lines("bank"), expected);
}

/// Starts the service, sends it a signal once it runs, and gives its status and what it said from then on.
fn ended_by(signal: &str) -> (Option<i32>, String) {
    let mut service = example("service").stdout(Stdio::piped()).spawn().unwrap();
    let mut output = BufReader::new(service.stdout.take().unwrap());
    let mut line = String::new();
    while !line.starts_with("the clock ticks") {
        line.clear();
        assert_ne!(output.read_line(&mut line).unwrap(), 0, "it has ended");
    }
    let sent = Command::new("kill").args([signal, &service.id().to_string()]).status().unwrap();
    assert!(sent.success());
    let mut said = String::new();
    output.read_to_string(&mut said).unwrap();
    (service.wait().unwrap().code(), said)
}

#[test]
fn sigterm_and_ctrl_c_end_the_service_in_order() {
    for (signal, cause) in [("-TERM", "terminated"), ("-INT", "interrupted")] {
        let (status, said) = ended_by(signal);
        let said: Vec<_> = said.lines().collect();
        let [clock, journal, end] = said[..] else { panic!("{said:?}") };
        assert_eq!(clock, "the clock has stopped");
        assert!(journal.starts_with("the journal is closed, "), "{journal}");
        assert!(end.starts_with(&format!("{cause}; 2 actors ended in ")), "{end}");
        assert_eq!(status, Some(0));
    }
}
