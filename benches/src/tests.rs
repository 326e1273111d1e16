//! Every contender does every work, at a tiny size.

use crate::{
    allocator,
    contenders::{self, Entry},
    runtime::Runtime,
    work::{Unit, Work, crash::hide_crashes},
};

/// More than a mailbox holds, so that senders wait, and more than once round the ring.
const SIZE: u64 = 1_200;

/// Where each operation takes a millisecond.
const SLOW: u64 = 60;

#[test]
fn every_contender_does_every_work() {
    allocator::activate();
    hide_crashes();
    for contender in contenders::ALL {
        if (contender.version)().is_some() {
            for work in Work::all() {
                for runtime in Runtime::ALL {
                    does(contender, work, runtime);
                }
            }
        }
    }
}

fn does(contender: &Entry, work: Work, runtime: Runtime) {
    let size = if work.facts().unit == Unit::Percent { SLOW } else { SIZE };
    let Some(measured) = (contender.measure)(work, runtime, size) else { return };
    let at = format!("{} {} {}: {measured:?}", work.facts().name, contender.name, runtime.name());
    assert_eq!(measured.seen, measured.expected, "{at}");
    assert!(measured.seen > 0, "{at}");
    assert!(measured.figure.is_finite() && measured.figure >= 0.0, "{at}");
}
