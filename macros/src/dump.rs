//! `GHOSTLIGHT_MACROS_DUMP=Vault` prints what the macros make of `Vault` while it compiles.

use proc_macro2::TokenStream;
use std::io::Write;
use std::process::{Command, Stdio};

/// Prints `output` to stderr when the environment asks for the actor `name`.
pub(crate) fn print(name: &str, output: &TokenStream) {
    if std::env::var("GHOSTLIGHT_MACROS_DUMP").is_ok_and(|wanted| wanted == name) {
        let source = output.to_string();
        eprintln!("{}", formatted(&source).unwrap_or(source));
    }
}

/// The source as rustfmt prints it; `None` where there is no rustfmt, or it refuses.
fn formatted(source: &str) -> Option<String> {
    let mut rustfmt = Command::new("rustfmt")
        .args(["--edition", "2024"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .ok()?;
    rustfmt.stdin.take()?.write_all(source.as_bytes()).ok()?;
    let output = rustfmt.wait_with_output().ok()?;
    output.status.success().then(|| String::from_utf8(output.stdout).ok())?
}
