//! Who is measured. A new contender is one file in `contenders/`, and its name in this one.

mod actix;
mod by_hand;
mod by_hand_bounded;
mod erlang;
mod ghostlight;
mod kameo;
mod ractor;
mod spawned_concurrency;
mod xtra;

use crate::{
    contender::Contender,
    runtime::Runtime,
    work::{Measured, Work},
};

/// All contenders: first the one that the others are compared with, then the one that the targets are for.
pub(crate) const ALL: &[Entry] = &[
    BASELINE,
    SUBJECT,
    Entry::of::<by_hand_bounded::ByHandBounded>(),
    Entry::of::<kameo::Kameo>(),
    Entry::of::<ractor::Ractor>(),
    Entry::of::<actix::Actix>(),
    Entry::of::<xtra::Xtra>(),
    Entry::of::<spawned_concurrency::Spawned>(),
    erlang::ENTRY,
];

pub(crate) const BASELINE: Entry = Entry::of::<by_hand::ByHand>();
pub(crate) const SUBJECT: Entry = Entry::of::<ghostlight::Ghostlight>();

/// A contender, whatever its type.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Entry {
    pub(crate) name: &'static str,
    /// What is measured, with its version. `None` where this machine does not have it.
    pub(crate) version: fn() -> Option<String>,
    /// Does a work of a given size on a runtime. `None` where the contender cannot.
    pub(crate) measure: fn(Work, Runtime, u64) -> Option<Measured>,
}

impl Entry {
    const fn of<C: Contender>() -> Self {
        Self { name: C::NAME, version: version::<C>, measure: Work::measure::<C> }
    }
}

/// The version of the crate that this program was built with.
fn version<C: Contender>() -> Option<String> {
    let name = format!("name = \"{}\"", C::CRATE);
    let mut lines = include_str!("../Cargo.lock").lines().skip_while(|line| *line != name);
    let version = lines.nth(1)?.strip_prefix("version = ")?;
    Some(format!("{} {}", C::CRATE, version.trim_matches('"')))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_versions_are_known() {
        let crates = ALL.iter().filter(|entry| entry.name != "erlang");
        for entry in crates {
            assert!((entry.version)().is_some(), "{}", entry.name);
        }
    }
}
