//! Crashes on purpose.

use crate::screen;
use std::{
    fmt, panic,
    sync::atomic::{AtomicU64, Ordering},
};

/// How an injected panic begins, by which it is known.
const MARK: &str = "injected: ";

/// How many of them have a line of their own.
const LINES: u64 = 10;

/// Panics, as a bug would.
pub(crate) fn crash(what: fmt::Arguments) -> ! {
    panic!("{MARK}{what}")
}

/// Makes injected panics short, and those after the first few silent: they are counted all the same. Others are reported as ever.
pub(crate) fn report_briefly() {
    static SEEN: AtomicU64 = AtomicU64::new(0);
    let others = panic::take_hook();
    panic::set_hook(Box::new(move |panic| {
        match panic.payload().downcast_ref::<String>().filter(|text| text.starts_with(MARK)) {
            None => others(panic),
            Some(text) => match SEEN.fetch_add(1, Ordering::Relaxed) {
                seen if seen < LINES => screen::say(text),
                LINES => screen::say("injected: and so on; from here on they are only counted"),
                _ => {}
            },
        }
    }));
}
