//! What identifies one life of an actor.

use std::{
    fmt,
    num::NonZeroU64,
    sync::atomic::{AtomicU64, Ordering},
};

/// Identifies one life of one actor, without saying what type it has.
///
/// A pid is never used twice: when an actor is restarted its handle stays the same and its pid changes.
/// It prints as Erlang's does, node first: `<0.17>`. Node 0 is this one.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Pid(NonZeroU64);

/// The low bits are the serial number: enough for a million actors a second, for eight years. The high ones are the node.
const SERIAL: u32 = 48;

impl Pid {
    /// The next pid of this node.
    pub(crate) fn next() -> Self {
        static NEXT: AtomicU64 = AtomicU64::new(1);
        Self(NonZeroU64::new(NEXT.fetch_add(1, Ordering::Relaxed)).unwrap_or(NonZeroU64::MAX))
    }

    /// As a number, to be kept in an atomic.
    pub(crate) fn to_raw(self) -> u64 {
        self.0.get()
    }

    pub(crate) fn from_raw(raw: u64) -> Option<Self> {
        NonZeroU64::new(raw).map(Self)
    }

    /// The node that the actor lives on; 0 is this one.
    #[must_use]
    pub fn node(self) -> u16 {
        (self.0.get() >> SERIAL) as u16
    }

    fn serial(self) -> u64 {
        self.0.get() & ((1 << SERIAL) - 1)
    }
}

impl fmt::Display for Pid {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "<{}.{}>", self.node(), self.serial())
    }
}

impl fmt::Debug for Pid {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}
