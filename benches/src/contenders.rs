//! Who is measured. A new contender is one file in `contenders/`, and its name in this one.

mod by_hand;
mod by_hand_bounded;
mod ghostlight;

use crate::{
    contender::Contender,
    runtime::Runtime,
    work::{Measured, Work},
};

/// All contenders: first the one that the others are compared with, then the one that the targets are for.
pub(crate) const ALL: &[Entry] = &[
    Entry::of::<by_hand::ByHand>(),
    Entry::of::<ghostlight::Ghostlight>(),
    Entry::of::<by_hand_bounded::ByHandBounded>(),
];

/// A contender, whatever its type.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Entry {
    pub(crate) name: &'static str,
    pub(crate) of_crate: &'static str,
    /// Does a work of a given size on a runtime.
    pub(crate) measure: fn(Work, Runtime, u64) -> Measured,
}

impl Entry {
    const fn of<C: Contender>() -> Self {
        Self { name: C::NAME, of_crate: C::CRATE, measure: Work::measure::<C> }
    }
}
