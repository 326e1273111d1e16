//! Timers and messages take turns, also where the handler of a timer awaits.

#![allow(clippy::unwrap_used, reason = "a test may fail in a helper, too")]

use ghostlight::prelude::*;
use std::time::Duration;
use tokio::time::{sleep, timeout};

/// Time to work again.
struct Shift;

/// Its next shift is due when the last one ends.
#[actor]
struct Drudge;

#[handlers]
impl Drudge {
    #[cast]
    fn begin(&mut self, ctx: &mut Ctx<Self>) {
        ctx.send_after(Duration::ZERO, Shift);
    }

    #[call(timeout = infinity)]
    fn answer(&self) -> u32 {
        42
    }

    #[info]
    async fn work(&mut self, _shift: Shift, ctx: &mut Ctx<Self>) {
        sleep(Duration::from_millis(100)).await;
        ctx.send_after(Duration::ZERO, Shift);
    }
}

#[tokio::test(start_paused = true)]
async fn an_actor_whose_timer_is_always_due_still_handles_its_mail() {
    let drudge = ghostlight::spawn(Drudge).unwrap();
    drudge.begin().await.unwrap();
    sleep(Duration::from_millis(50)).await;
    let answer = timeout(Duration::from_secs(60), drudge.answer().into_future()).await;
    assert_eq!(answer.expect("it works on and on").unwrap(), 42);
}
