//! Running an example as a program of its own.

#![expect(clippy::unwrap_used, reason = "a test may")]

use std::{
    env,
    path::PathBuf,
    process::{Command, Output, Stdio},
    sync::mpsc,
    thread,
    time::Duration,
};

/// The program of an example; cargo builds the examples of a package before it runs the tests.
pub(crate) fn example(name: &str) -> Command {
    let test = env::current_exe().unwrap();
    let profile = test.ancestors().nth(2).unwrap();
    let program: PathBuf =
        profile.join("examples").join(format!("{name}{}", env::consts::EXE_SUFFIX));
    assert!(program.exists(), "build it: cargo build -p examples --example {name}");
    Command::new(program)
}

/// Runs a program to its end. One that hangs fails the test.
pub(crate) fn run(command: &mut Command) -> Output {
    let child =
        command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    let id = child.id().to_string();
    let (done, output) = mpsc::channel();
    thread::spawn(move || done.send(child.wait_with_output()));
    let Ok(output) = output.recv_timeout(Duration::from_secs(60)) else {
        drop(Command::new("kill").args(["-9", &id]).status());
        panic!("{command:?} hangs");
    };
    output.unwrap()
}

/// What a program wrote, as text.
pub(crate) fn text(bytes: &[u8]) -> &str {
    str::from_utf8(bytes).unwrap()
}
