//! An actor is stopped from outside: by whom, by which handle, and what the one who asks is told.

#![allow(clippy::unwrap_used, reason = "a test may fail in a helper, too")]

use ghostlight::{ActorRef, CallError, ExitReason, prelude::*};
use std::{sync::Arc, time::Duration};
use tokio::{
    sync::{Notify, mpsc},
    time::Instant,
};

fn ms(ms: u64) -> Duration {
    Duration::from_millis(ms)
}

/// Closes in its own time, and says so.
#[actor]
struct Shop {
    log: mpsc::UnboundedSender<String>,
    closing: Duration,
}

#[handlers]
impl Shop {
    #[init]
    fn open(log: mpsc::UnboundedSender<String>, closing: Duration) -> Self {
        Self { log, closing }
    }

    #[cast]
    fn sell(&mut self) {
        self.log.send("sold".into()).unwrap();
    }

    #[cast]
    async fn stock(&mut self, gate: Arc<Notify>) {
        gate.notified().await;
    }

    #[call]
    async fn stop_itself(&mut self, by_name: bool, ctx: &mut Ctx<Self>) -> Result<(), CallError> {
        if by_name { ActorRef::<Self>::named("shop").stop().await } else { ctx.me().stop().await }
    }

    #[terminate]
    async fn close(&mut self, reason: &ExitReason) {
        tokio::time::sleep(self.closing).await;
        self.log.send(format!("closed: {reason}")).unwrap();
    }
}

/// Has nothing to do at its end.
#[actor]
struct Stall;

#[handlers]
impl Stall {
    #[init]
    fn open() -> Self {
        Self
    }

    #[call]
    fn sells(&self) -> bool {
        true
    }
}

type Seen = mpsc::UnboundedReceiver<String>;

fn seen(log: &mut Seen) -> Vec<String> {
    std::iter::from_fn(|| log.try_recv().ok()).collect()
}

/// A shop that takes 100 ms to close, by name.
async fn shop() -> (ShopRef, Seen) {
    let (log, seen) = mpsc::unbounded_channel();
    (Shop::start(log, ms(100)).name("shop").await.unwrap(), seen)
}

/// OTP: `gen_server_SUITE/stop1`, `gen_server_test/stop/3`
#[tokio::test(start_paused = true)]
async fn to_stop_an_actor_waits_until_it_has_ended() {
    let (shop, mut log) = shop().await;
    let began = Instant::now();
    shop.stop().await.unwrap();
    assert_eq!(began.elapsed(), ms(100));
    assert!(!shop.is_alive() && shop.pid().is_none());
    assert_eq!(seen(&mut log), ["closed: normal"]);
}

/// OTP: `gen_server_SUITE/stop1`, `gen_server_test/stop/3`
#[tokio::test(start_paused = true)]
async fn nobody_stops_the_dead() {
    let (shop, mut log) = shop().await;
    shop.stop().await.unwrap();
    for _ in 0..2 {
        assert!(matches!(shop.stop().await, Err(CallError::NoProc)));
    }
    assert!(matches!(StallRef::named("nobody").stop().await, Err(CallError::NoProc)));
    assert_eq!(seen(&mut log).len(), 1);
}

/// OTP: `gen_server_SUITE/stop2`
#[tokio::test(start_paused = true)]
async fn it_ends_for_the_reason_that_is_given() {
    for reason in [ExitReason::Shutdown, ExitReason::crash("rent"), ExitReason::Normal] {
        let (shop, mut log) = shop().await;
        let end = shop.monitor();
        shop.stop().reason(reason.clone()).await.unwrap();
        assert_eq!(end.await.reason.to_string(), reason.to_string());
        assert_eq!(seen(&mut log), [format!("closed: {reason}")]);
    }
}

/// OTP: `gen_server_SUITE/stop3`. There a time-out may be of a wrong type, which does not compile here (`ui-tests`:
/// `request/stop_with_a_timeout_without_a_unit.rs`); the longest and the shortest there are harm nobody.
#[tokio::test(start_paused = true)]
async fn the_time_to_stop_may_be_nothing_or_more_than_any_clock_has() {
    let (shop, mut log) = shop().await;
    assert!(matches!(shop.stop().timeout(Duration::ZERO).await, Err(CallError::Timeout)));
    assert!(shop.is_alive() && seen(&mut log).is_empty(), "it is still closing");
    shop.stop().timeout(Duration::MAX).await.unwrap();
    assert_eq!(seen(&mut log), ["closed: normal"]);
}

#[tokio::test(start_paused = true)]
async fn an_actor_that_takes_longer_ends_all_the_same() {
    let (shop, mut log) = shop().await;
    let end = shop.monitor();
    assert!(matches!(shop.stop().timeout(ms(10)).await, Err(CallError::Timeout)));
    assert!(matches!(end.await.reason, ExitReason::Normal));
    assert_eq!(seen(&mut log), ["closed: normal"]);
}

/// OTP: `gen_server_SUITE/stop4`, `gen_server_SUITE/stop5`, `gen_server_SUITE/stop6`, `gen_server_SUITE/stop7`, `gen_server_test/stop/3`.
/// There are local, global and via names; here there is one kind.
#[tokio::test(start_paused = true)]
async fn it_may_be_stopped_by_its_name_which_is_then_free() {
    for _ in 0..3 {
        let (shop, mut log) = shop().await;
        ShopRef::named("shop").stop().await.unwrap();
        assert!(!shop.is_alive());
        assert!(matches!(ShopRef::named("shop").stop().await, Err(CallError::NoProc)));
        assert_eq!(seen(&mut log), ["closed: normal"]);
    }
}

/// OTP: `gen_server_SUITE/stop8`, `gen_server_SUITE/stop9`, `gen_server_SUITE/stop10`. There an actor's node goes down; here its runtime does,
/// and then there is no such actor.
#[test]
fn an_actor_of_another_runtime_may_be_stopped_until_that_has_ended() {
    let mut builder = tokio::runtime::Builder::new_multi_thread();
    builder.worker_threads(1).enable_all();
    let (here, there) = (builder.build().unwrap(), builder.build().unwrap());
    let open = || there.block_on(async { Stall::start().name("stall").await.unwrap() });
    let stall = open();
    here.block_on(async {
        stall.stop().await.unwrap();
        assert!(matches!(stall.stop().await, Err(CallError::NoProc)));
    });
    let stall = open();
    drop(there);
    here.block_on(async {
        assert!(matches!(stall.stop().await, Err(CallError::NoProc)));
        assert!(matches!(StallRef::named("stall").stop().await, Err(CallError::NoProc)));
    });
}

/// OTP: `gen_server_test/stop/3` (`calling_self`)
#[tokio::test(start_paused = true)]
async fn an_actor_that_waits_for_its_own_end_is_told_so() {
    let (shop, mut log) = shop().await;
    let pid = shop.pid().unwrap();
    for by_name in [false, true] {
        let answer = shop.stop_itself(by_name).await.unwrap();
        assert!(matches!(answer, Err(CallError::WouldDeadlock { path }) if path == [pid, pid]));
    }
    assert!(shop.is_alive() && seen(&mut log).is_empty());
}

#[tokio::test(start_paused = true)]
async fn what_waits_is_handled_first_and_what_comes_later_is_not() {
    let (shop, mut log) = shop().await;
    let gate = Arc::new(Notify::new());
    shop.stock(gate.clone()).await.unwrap();
    shop.sell().await.unwrap();
    let closing = tokio::spawn(shop.stop().into_future());
    tokio::time::sleep(ms(1)).await;
    shop.sell().await.unwrap();
    gate.notify_one();
    closing.await.unwrap().unwrap();
    assert_eq!(seen(&mut log), ["sold", "closed: normal"]);
}

#[tokio::test(start_paused = true)]
async fn one_that_ends_for_another_reason_meanwhile_says_which() {
    let (shop, _log) = shop().await;
    let closing = tokio::spawn(shop.stop().into_future());
    tokio::time::sleep(ms(1)).await;
    shop.kill();
    let stopped = closing.await.unwrap();
    assert!(matches!(stopped, Err(CallError::Died(ExitReason::Killed))), "{stopped:?}");
}

/// OTP: `gen_server_SUITE/undef_terminate1`
#[tokio::test(start_paused = true)]
async fn an_actor_without_terminate_stops_as_normal() {
    let stall = Stall::start().await.unwrap();
    let end = stall.monitor();
    stall.stop().await.unwrap();
    assert!(matches!(end.await.reason, ExitReason::Normal));
}

/// OTP: `gen_server_SUITE/undef_terminate2`
#[tokio::test(start_paused = true)]
async fn an_actor_without_terminate_ends_for_the_reason_that_is_given() {
    let stall = Stall::start().await.unwrap();
    assert!(stall.sells().await.unwrap());
    let end = stall.monitor();
    stall.stop().reason(ExitReason::crash("rain")).await.unwrap();
    assert_eq!(end.await.reason.to_string(), "rain");
}

/// Opens shops, and may have a name.
#[actor]
struct Street;

#[handlers]
impl Street {
    #[init]
    fn pave() -> Self {
        Self
    }

    #[call]
    async fn open(
        &mut self,
        log: mpsc::UnboundedSender<String>,
        ctx: &mut Ctx<Self>,
    ) -> Result<ShopRef, StartError> {
        ctx.start_link(Shop::start(log, ms(1))).await
    }
}

/// OTP: `gen_server_SUITE/spec_init_local_registered_parent`, `gen_server_SUITE/spec_init_global_registered_parent`
#[tokio::test(start_paused = true)]
async fn terminate_runs_also_when_the_parent_has_a_name() {
    let street = Street::start().name("street").await.unwrap();
    for parent_ends in [false, true] {
        let (log, mut told) = mpsc::unbounded_channel();
        let shop = street.open(log).await.unwrap().unwrap();
        let end = shop.monitor();
        if parent_ends {
            StreetRef::named("street").stop().reason(ExitReason::Shutdown).await.unwrap();
        } else {
            shop.stop().await.unwrap();
        }
        let reason = end.await.reason.to_string();
        assert_eq!(reason, if parent_ends { "shutdown" } else { "normal" });
        assert_eq!(seen(&mut told), [format!("closed: {reason}")]);
        assert_eq!(street.is_alive(), !parent_ends);
    }
}
