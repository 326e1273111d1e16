//! What is shown while the job runs: lines on standard error, above the bar where there is one.

use indicatif::ProgressBar;
use std::{
    io::{self, Write},
    sync::{Mutex, PoisonError},
};

static BAR: Mutex<Option<ProgressBar>> = Mutex::new(None);

/// The bar that lines are to be written above, from now on.
pub(crate) fn set_bar(bar: Option<ProgressBar>) {
    *BAR.lock().unwrap_or_else(PoisonError::into_inner) = bar;
}

/// Writes a line, or several.
pub(crate) fn say(lines: &str) {
    let bar = BAR.lock().unwrap_or_else(PoisonError::into_inner).clone();
    match bar {
        Some(bar) => bar.println(lines),
        // Nobody is there to be told that standard error is closed.
        None => drop(writeln!(io::stderr(), "{lines}")),
    }
}
