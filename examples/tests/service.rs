//! A service ends in order when it is told to.

mod run;

use run::example;
use std::{
    io::{BufRead, BufReader, Read},
    process::{Command, Stdio},
};

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
fn sigterm_and_ctrl_c_end_it_in_order() {
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
