//! Limits, where tokio's clock cannot be paused: the tests of `ghostlight` itself are built with one that can.

use ghostlight::prelude::*;
use std::time::{Duration, Instant};

/// From here on a limit may end 2 ms late; never early.
const LONG: Duration = Duration::from_secs(1);

#[actor]
struct Deaf;

#[handlers]
impl Deaf {
    #[call]
    async fn answer(&mut self) {
        std::future::pending().await
    }
}

#[tokio::test]
async fn a_call_is_never_told_early_that_its_time_is_up() {
    let deaf = ghostlight::spawn(Deaf).unwrap();
    for limit in [Duration::from_millis(20), LONG] {
        for _ in 0..2 {
            let begun = Instant::now();
            let answer = deaf.answer().timeout(limit).await;
            assert!(matches!(answer, Err(CallError::Timeout)), "{answer:?}");
            assert!(begun.elapsed() >= limit, "{limit:?}: {:?}", begun.elapsed());
        }
    }
}
