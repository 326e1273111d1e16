//! Timers: they belong to one life, and keep it alive.

#![allow(clippy::unwrap_used, reason = "a test may fail in a helper, too")]

use ghostlight::{TimerRef, prelude::*};
use std::time::Duration;
use tokio::{sync::mpsc, time::Instant};

fn ms(ms: u64) -> Duration {
    Duration::from_millis(ms)
}

/// A message of its own type.
#[derive(Clone)]
struct Ring(&'static str);

/// Rings.
#[actor]
struct Clock {
    heard: mpsc::UnboundedSender<(&'static str, Duration)>,
    began: Instant,
    timers: Vec<TimerRef>,
}

#[handlers]
impl Clock {
    #[call]
    fn once(&mut self, after: Duration, name: &'static str, ctx: &mut Ctx<Self>) {
        self.timers.push(ctx.send_after(after, Ring(name)));
    }

    #[call]
    fn every(&mut self, period: Duration, ctx: &mut Ctx<Self>) {
        self.timers.push(ctx.send_interval(period, Ring("every")));
    }

    #[call]
    fn cancel(&mut self, index: usize, ctx: &mut Ctx<Self>) -> Option<Duration> {
        ctx.cancel_timer(self.timers[index])
    }

    #[cast]
    async fn sleep(&mut self, time: Duration) {
        tokio::time::sleep(time).await;
    }

    #[cast]
    fn tick_soon(&mut self, ctx: &mut Ctx<Self>) {
        ctx.send_after(ms(1), ClockInfo::Tick);
    }

    #[cast]
    fn crash(&mut self) {
        panic!("crash");
    }

    #[info]
    fn ring(&mut self, ring: Ring) {
        self.heard.send((ring.0, self.began.elapsed())).unwrap();
    }

    #[info]
    fn tick(&mut self) {
        self.heard.send(("tick", self.began.elapsed())).unwrap();
    }
}

type Heard = mpsc::UnboundedReceiver<(&'static str, Duration)>;

fn clock() -> (ClockRef, Heard) {
    let (heard, rings) = mpsc::unbounded_channel();
    let clock = Clock { heard, began: Instant::now(), timers: vec![] };
    (ghostlight::spawn(clock).unwrap(), rings)
}

#[tokio::test(start_paused = true)]
async fn timers_fire_in_the_order_of_their_times() {
    let (clock, mut heard) = clock();
    for (after, name) in [(30, "c"), (10, "a"), (20, "b")] {
        clock.once(ms(after), name).await.unwrap();
    }
    for (name, after) in [("a", 10), ("b", 20), ("c", 30)] {
        let (ring, at) = heard.recv().await.unwrap();
        assert_eq!(ring, name);
        assert!(at >= ms(after) && at < ms(after + 3), "{name} at {at:?}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_cancelled_timer_does_not_fire() {
    let (clock, mut heard) = clock();
    clock.once(ms(10), "a").await.unwrap();
    clock.once(ms(20), "b").await.unwrap();
    let left = clock.cancel(0).await.unwrap().expect("it had not fired");
    assert!(left > ms(5) && left <= ms(10));
    assert_eq!(heard.recv().await.unwrap().0, "b");
    assert_eq!(clock.cancel(1).await.unwrap(), None, "it has fired");
}

#[tokio::test(start_paused = true)]
async fn an_interval_fires_again_and_again_and_makes_up_for_nothing() {
    let (clock, mut heard) = clock();
    clock.every(ms(10)).await.unwrap();
    for n in 1..4 {
        let (_, at) = heard.recv().await.unwrap();
        assert!(at >= ms(10 * n) && at < ms(10 * n + 3), "{at:?}");
    }
    clock.sleep(ms(100)).await.unwrap();
    clock.cancel(0).await.unwrap();
    let mut late = 0;
    while heard.try_recv().is_ok() {
        late += 1;
    }
    assert!(late <= 2, "{late} rings after one sleep");
}

#[tokio::test(start_paused = true)]
async fn a_timer_set_in_a_queued_handler_fires_too() {
    let (clock, mut heard) = clock();
    clock.tick_soon().await.unwrap();
    assert_eq!(heard.recv().await.unwrap().0, "tick");
}

#[tokio::test(start_paused = true)]
async fn timers_keep_an_actor_alive_that_nobody_has_a_handle_to() {
    let (clock, mut heard) = clock();
    clock.once(ms(10), "last").await.unwrap();
    drop(clock);
    assert_eq!(heard.recv().await.unwrap().0, "last");
    assert_eq!(heard.recv().await, None, "then it ends");
}

#[tokio::test(start_paused = true)]
async fn timers_die_with_the_life_that_set_them() {
    let (clock, mut heard) = clock();
    clock.once(ms(10), "never").await.unwrap();
    clock.crash().await.unwrap();
    assert_eq!(heard.recv().await, None);
}

#[tokio::test(start_paused = true)]
async fn an_info_may_come_from_anywhere() {
    let (clock, mut heard) = clock();
    clock.info(Ring("hello")).await.unwrap();
    clock.info(ClockInfo::Tick).try_send().unwrap();
    assert_eq!(heard.recv().await.unwrap().0, "hello");
    assert_eq!(heard.recv().await.unwrap().0, "tick");
}
