//! Where everything that is printed goes: past the progress bar, if there is one.

use indicatif::ProgressBar;
use std::{
    fmt::Display,
    io::{self, Write},
    sync::{Mutex, PoisonError},
};

/// The reporter sets it; whoever prints looks.
static BAR: Mutex<Option<ProgressBar>> = Mutex::new(None);

/// From now on what is printed goes past this bar.
pub(crate) fn set_bar(bar: Option<ProgressBar>) {
    *BAR.lock().unwrap_or_else(PoisonError::into_inner) = bar;
}

fn bar() -> Option<ProgressBar> {
    BAR.lock().unwrap_or_else(PoisonError::into_inner).clone()
}

/// A line about how it goes, to standard error.
pub(crate) fn note(line: &str) {
    match bar() {
        Some(bar) => bar.println(line),
        // Nobody is there to be told that standard error is closed.
        None => drop(writeln!(io::stderr(), "{line}")),
    }
}

/// A result, to standard output. When nobody reads it any more (`| head`), that is fine.
pub(crate) fn print(lines: impl Display) -> io::Result<()> {
    let print = || match writeln!(io::stdout(), "{lines}") {
        Err(error) if error.kind() != io::ErrorKind::BrokenPipe => Err(error),
        _ => Ok(()),
    };
    match bar() {
        Some(bar) => bar.suspend(print),
        None => print(),
    }
}
