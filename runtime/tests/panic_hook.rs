//! The panic hook of a program still sees what it saw.
//!
//! Its own binary, with one test, because there is one hook in a process.

#![allow(clippy::unwrap_used, reason = "a test may fail in a helper, too")]

use ghostlight::prelude::*;
use std::{
    panic,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
};

/// Crashes.
#[actor]
struct Press;

#[handlers]
impl Press {
    #[call]
    fn print(&mut self) {
        panic!("no ink");
    }
}

async fn crash() -> Option<String> {
    let press = ghostlight::spawn(Press).unwrap();
    let Err(CallError::Died(ExitReason::Panic(message))) = press.print().await else {
        panic!("it did not panic");
    };
    assert_eq!(message.text(), "no ink");
    message.location().map(str::to_owned)
}

#[test]
fn a_hook_that_was_there_is_called_and_one_that_comes_later_may_take_over() {
    let seen = Arc::new(AtomicUsize::new(0));
    let count = seen.clone();
    panic::set_hook(Box::new(move |_| {
        count.fetch_add(1, Ordering::SeqCst);
    }));
    let runtime = || tokio::runtime::Builder::new_current_thread().enable_time().build().unwrap();
    for crashes in 1..=2 {
        let location = runtime().block_on(crash());
        assert!(location.unwrap().starts_with(file!()));
        assert_eq!(seen.load(Ordering::SeqCst), crashes, "once for each panic");
    }
    panic::set_hook(Box::new(|_| {}));
    assert_eq!(runtime().block_on(crash()), None);
    assert_eq!(seen.load(Ordering::SeqCst), 2);
}
