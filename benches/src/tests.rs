//! Every contender does every work, at a tiny size.

use crate::{allocator, contenders, runtime::Runtime, work::Work};

/// More than a mailbox holds, so that senders wait, and more than once round the ring.
const SIZE: u64 = 1_200;

#[test]
fn every_contender_does_every_work() {
    allocator::activate();
    for work in Work::ALL {
        for runtime in Runtime::ALL {
            for contender in contenders::ALL {
                let measured = (contender.measure)(work, runtime, SIZE);
                let at =
                    format!("{} {} {}: {measured:?}", work.name(), contender.name, runtime.name());
                assert_eq!(measured.seen, measured.expected, "{at}");
                assert!(measured.seen > 0, "{at}");
                assert!(measured.figure.is_finite() && measured.figure >= 0.0, "{at}");
            }
        }
    }
}
