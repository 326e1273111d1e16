//! An actor crashes, and something answers in its place.

use super::{Measured, nanoseconds};
use crate::contender::Contender;
use std::{panic, time::Instant};

/// Nanoseconds from the message that crashes an actor to the first answer after that.
pub(super) async fn time<C: Contender>(times: u64) -> Option<Measured> {
    C::crash(times.div_ceil(10)).await?;

    let start = Instant::now();
    let seen = C::crash(times).await?;
    let figure = nanoseconds(start.elapsed(), times);
    Some(Measured { figure, seen, expected: times })
}

/// Printing a panic takes longer than all else: says nothing of those that are meant.
pub(crate) fn hide_crashes() {
    let others = panic::take_hook();
    panic::set_hook(Box::new(move |panic| {
        if panic.payload().downcast_ref::<&str>() != Some(&"crash") {
            others(panic);
        }
    }));
}
