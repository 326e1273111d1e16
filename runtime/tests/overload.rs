//! An actor that is asked for more than it can do answers as many in time as it can.

#![allow(clippy::unwrap_used, reason = "a test may fail in a helper, too")]

use ghostlight::prelude::*;
use std::time::Duration;
use tokio::time::{Instant, sleep, sleep_until};

/// What one call takes, in the mean.
const WORK: Duration = Duration::from_millis(100);

/// How long callers wait: for fifty times the work.
const LIMIT: Duration = Duration::from_secs(5);

/// How many calls are made.
const CALLS: u32 = 4_000;

/// Works.
#[actor]
struct Worker;

#[handlers]
impl Worker {
    #[call]
    async fn work(&mut self, time: Duration) -> u8 {
        sleep(time).await;
        1
    }

    /// As `work`, whether or not there is time for it.
    #[call(always)]
    async fn work_always(&mut self, time: Duration) -> u8 {
        sleep(time).await;
        1
    }

    #[call]
    async fn work_otherwise(&mut self, time: Duration) -> u8 {
        sleep(time).await;
        1
    }

    #[cast]
    async fn rest(&mut self, time: Duration) {
        sleep(time).await;
    }
}

/// How calls ended.
#[derive(Debug, Default)]
struct Ends {
    answered: u32,
    overloaded: u32,
    late: u32,
}

/// Offers twice what the actor can do. `work` says how long the call of this number takes.
async fn offer(worker: &WorkerRef, always: bool, work: impl Fn(u32) -> Duration) -> (Ends, f64) {
    let began = Instant::now();
    let mut calls = Vec::new();
    for n in 0..CALLS {
        sleep_until(began + WORK / 2 * n).await;
        let (worker, time) = (worker.clone(), work(n));
        calls.push(tokio::spawn(async move {
            if always {
                worker.work_always(time).timeout(LIMIT).await
            } else {
                worker.work(time).timeout(LIMIT).await
            }
        }));
    }
    let capacity = began.elapsed().as_secs_f64() / WORK.as_secs_f64();
    let mut ends = Ends::default();
    for call in calls {
        match call.await.unwrap() {
            Ok(_) => ends.answered += 1,
            Err(CallError::Overloaded) => ends.overloaded += 1,
            Err(CallError::Timeout) => ends.late += 1,
            Err(error) => panic!("{error}"),
        }
    }
    let part = f64::from(ends.answered) / capacity;
    (ends, part)
}

/// Times of the same mean that are now short and now long, as those of many services.
fn exponential(n: u32) -> Duration {
    let mut random = u64::from(n).wrapping_add(1).wrapping_mul(0x9E37_79B9_7F4A_7C15);
    random ^= random >> 30;
    random = random.wrapping_mul(0xBF58_476D_1CE4_E5B9);
    random ^= random >> 31;
    #[allow(clippy::cast_precision_loss, reason = "chance")]
    let uniform = (random >> 11) as f64 / (1_u64 << 53) as f64;
    WORK.mul_f64(-(1.0 - uniform).ln())
}

#[tokio::test(start_paused = true)]
async fn of_twice_what_it_can_do_nine_tenths_of_what_it_can_is_answered_in_time() {
    let worker = ghostlight::spawn(Worker).unwrap();
    let (ends, part) = offer(&worker, false, |_| WORK).await;
    assert!(part >= 0.9, "fixed: {part:.2} of capacity; {ends:?}");
    assert!(ends.overloaded > ends.late, "most are told at once: {ends:?}");

    let worker = ghostlight::spawn(Worker).unwrap();
    let (ends, part) = offer(&worker, false, exponential).await;
    assert!(part >= 0.9, "exponential: {part:.2} of capacity; {ends:?}");
}

#[tokio::test(start_paused = true)]
async fn without_the_rule_next_to_nothing_is_answered_in_time() {
    let worker = ghostlight::spawn(Worker).unwrap();
    let (ends, part) = offer(&worker, true, |_| WORK).await;
    assert!(part < 0.3, "{part:.2} of capacity; {ends:?}");
    assert_eq!(ends.overloaded, 0, "a call that is always to run is never refused");
}

#[tokio::test(start_paused = true)]
async fn an_actor_that_was_slow_once_is_asked_again() {
    let worker = ghostlight::spawn(Worker).unwrap();
    // Each takes a minute, and callers wait for longer.
    let slow: Vec<_> = (0..4)
        .map(|_| {
            let call = worker.work(Duration::from_secs(60)).timeout(Duration::from_secs(600));
            tokio::spawn(call.owned().into_future())
        })
        .collect();
    for call in slow {
        call.await.unwrap().unwrap();
    }
    let (ends, part) = offer(&worker, false, |_| WORK).await;
    assert!(part >= 0.8, "{part:.2} of capacity; {ends:?}");
}

#[tokio::test(start_paused = true)]
async fn one_handler_that_is_slow_refuses_no_calls_of_another() {
    let worker = ghostlight::spawn(Worker).unwrap();
    let mut calls = Vec::new();
    for _ in 0..3 {
        let slow = worker.work(Duration::from_secs(4)).timeout(Duration::from_secs(600));
        calls.push(tokio::spawn(slow.owned().into_future()));
    }
    tokio::task::yield_now().await;
    for _ in 0..10 {
        let quick = worker.work_otherwise(WORK).timeout(Duration::from_secs(14));
        calls.push(tokio::spawn(quick.owned().into_future()));
    }
    for call in calls {
        call.await.unwrap().unwrap();
    }
}

#[tokio::test(start_paused = true)]
async fn one_call_that_keeps_nobody_waiting_is_never_refused() {
    let worker = ghostlight::spawn(Worker).unwrap();
    let calls: Vec<_> =
        (0..10).map(|_| tokio::spawn(worker.work(WORK).owned().into_future())).collect();
    for call in calls {
        call.await.unwrap().unwrap();
    }
    worker.work(Duration::from_millis(1)).timeout(WORK).await.unwrap();
    worker.rest(WORK).await.unwrap();
    worker.work(Duration::from_millis(1)).timeout(WORK + WORK / 2).await.unwrap();
}

/// Passes on what it is asked.
#[actor]
struct Front {
    worker: WorkerRef,
}

#[handlers]
impl Front {
    #[call]
    async fn ask(&mut self, time: Duration) -> Result<u8, CallError> {
        self.worker.work(time).await
    }

    #[cast]
    async fn ask_for_nobody(&mut self, time: Duration) -> Result<(), CallError> {
        self.worker.work(time).timeout(Duration::from_secs(60)).await.map(drop)
    }

    #[call]
    fn serve(&self) -> u8 {
        2
    }
}

#[tokio::test(start_paused = true)]
async fn a_handler_waits_no_longer_than_its_caller() {
    let worker = ghostlight::spawn(Worker).unwrap();
    let front = ghostlight::spawn(Front { worker: worker.clone() }).unwrap();
    let began = Instant::now();
    let late = front.ask(Duration::from_secs(600)).timeout(Duration::from_secs(1)).await;
    assert!(matches!(late, Err(CallError::Timeout) | Ok(Err(CallError::Timeout))), "{late:?}");
    assert_eq!(front.serve().await.unwrap(), 2, "it does not wait for the worker any more");
    assert!(began.elapsed() < Duration::from_millis(1_100));

    // What a cast waits for has its own limit.
    let worker = ghostlight::spawn(Worker).unwrap();
    let front = ghostlight::spawn(Front { worker }).unwrap();
    front.ask_for_nobody(Duration::from_secs(30)).await.unwrap();
    let serve = front.serve().timeout(Duration::from_secs(40)).await;
    assert_eq!(serve.unwrap(), 2);
}

/// Has other things to do, too.
#[actor]
struct Clerk;

#[derive(Clone)]
struct Sweep;

#[handlers]
impl Clerk {
    #[call]
    async fn file(&mut self, time: Duration) {
        sleep(time).await;
    }

    #[call]
    fn sweep_after(&mut self, delay: Duration, ctx: &mut Ctx<Self>) {
        ctx.send_after(delay, Sweep);
    }

    #[call]
    fn sweep_next(&mut self, ctx: &mut Ctx<Self>) {
        ctx.continue_with(ClerkContinue::SweepNow);
    }

    #[handle_continue]
    async fn sweep_now(&mut self) {
        sleep(Duration::from_secs(3)).await;
    }

    #[info]
    async fn sweep(&mut self, _: Sweep) {
        sleep(Duration::from_secs(3)).await;
    }
}

/// How many of six calls at once, with five seconds each, are refused; the first takes so long, the others next to nothing.
async fn refused(clerk: &ClerkRef, first: Duration) -> usize {
    let mut calls = ghostlight::Requests::new();
    for n in 0..6 {
        let time = if n == 0 { first } else { Duration::from_millis(20) };
        calls.add(n, clerk.file(time).owned());
    }
    let mut refused = 0;
    while let Some((_, ended)) = calls.next().await {
        refused += usize::from(matches!(ended, Err(CallError::Overloaded)));
    }
    refused
}

#[tokio::test(start_paused = true)]
async fn the_time_of_what_is_no_call_is_not_that_of_the_call_before_it() {
    let quick = Duration::from_millis(20);
    let clerk = ghostlight::spawn(Clerk).unwrap();
    clerk.sweep_after(Duration::from_millis(50)).await.unwrap();
    assert_eq!(refused(&clerk, quick).await, 0);
    sleep(Duration::from_secs(10)).await;
    assert_eq!(refused(&clerk, quick).await, 0, "a timer's");

    let clerk = ghostlight::spawn(Clerk).unwrap();
    let busy = tokio::spawn(clerk.file(quick).owned().into_future());
    tokio::task::yield_now().await;
    let (next, first) = tokio::join!(clerk.sweep_next(), refused(&clerk, quick));
    next.unwrap();
    busy.await.unwrap().unwrap();
    assert_eq!(first, 0);
    assert_eq!(refused(&clerk, quick).await, 0, "a continue's");
}

#[tokio::test(start_paused = true)]
async fn a_slow_call_of_long_ago_refuses_nobody() {
    let clerk = ghostlight::spawn(Clerk).unwrap();
    refused(&clerk, Duration::from_secs(3)).await;
    for _ in 0..3 {
        sleep(Duration::from_secs(600)).await;
        assert_eq!(refused(&clerk, Duration::from_millis(20)).await, 0);
    }
}
