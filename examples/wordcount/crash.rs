//! Crashes on purpose.

use crate::console;
use ghostlight::Counts;
use std::{
    any::Any,
    fmt,
    num::NonZero,
    panic,
    sync::{Mutex, PoisonError},
};

/// What the message of every injected panic begins with.
const INJECTED: &str = "injected: ";

/// How many injected panics have a line of their own.
const LINES: u64 = 10;

/// Who is to crash, and how often.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Crashes {
    /// The worker, over every so-manieth file, once.
    pub(crate) workers: Option<NonZero<u64>>,
    /// A shard, over every so-manieth of its parts, once.
    pub(crate) shards: Option<NonZero<u64>>,
}

impl Crashes {
    pub(crate) const NEVER: Self = Self { workers: None, shards: None };

    pub(crate) fn never(self) -> bool {
        self.workers.is_none() && self.shards.is_none()
    }
}

/// What supervisors have had to do.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Toll {
    crashes: u64,
    restarts: u64,
}

/// Each counts its own children only.
impl FromIterator<Counts> for Toll {
    fn from_iter<I: IntoIterator<Item = Counts>>(supervisors: I) -> Self {
        let add = |toll: Self, counts: Counts| Self {
            crashes: toll.crashes + counts.crashes,
            restarts: toll.restarts + counts.restarts,
        };
        supervisors.into_iter().fold(Self::default(), add)
    }
}

impl fmt::Display for Toll {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { crashes, restarts } = *self;
        let plural = |n, ending| if n == 1 { "" } else { ending };
        write!(f, "{crashes} crash{}, ", plural(crashes, "es"))?;
        write!(f, "{restarts} restart{}", plural(restarts, "s"))
    }
}

/// Whether it is the turn of the `nth`.
pub(crate) fn is_due(every: Option<NonZero<u64>>, nth: u64) -> bool {
    every.is_some_and(|every| nth.is_multiple_of(every.get()))
}

/// Crashes.
pub(crate) fn now(what: fmt::Arguments<'_>) -> ! {
    panic!("{INJECTED}{what}")
}

/// From now on an injected panic prints one short line, or none if they are not to be `shown`; any other panic is reported as before.
pub(crate) fn install(shown: bool) {
    // Not an atomic number: the lines are to come in order.
    static INJECTIONS: Mutex<u64> = Mutex::new(0);
    let others = panic::take_hook();
    panic::set_hook(Box::new(move |panic| match injected(panic.payload()) {
        None => others(panic),
        Some(_) if !shown => {}
        Some(line) => {
            let mut injections = INJECTIONS.lock().unwrap_or_else(PoisonError::into_inner);
            *injections += 1;
            match *injections {
                ..=LINES => console::note(line),
                more if more == LINES + 1 => {
                    console::note("injected: further crashes are only counted");
                }
                _ => {}
            }
        }
    }));
}

fn injected(payload: &(dyn Any + Send)) -> Option<&str> {
    let line = payload.downcast_ref::<String>()?;
    line.starts_with(INJECTED).then_some(line)
}
