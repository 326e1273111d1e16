//! Links and exit signals: otp.md 2.2, row by row. To trap is to have an `#[info]` handler for `Exit`.

#![allow(clippy::unwrap_used, reason = "a test may fail in a helper, too")]

mod worker;

use ghostlight::{ActorRef, Monitor, prelude::*};
use std::{sync::Arc, time::Duration};
use tokio::sync::{Notify, mpsc};
use worker::{Log, ms, settle};

/// Something for an actor to do with its context.
type Act<A> = Box<dyn FnOnce(&mut Ctx<A>) + Send>;

/// Neither traps nor terminates.
#[actor]
struct Plain;

#[handlers]
impl Plain {
    #[cast]
    fn act(&mut self, act: Act<Self>, ctx: &mut Ctx<Self>) {
        act(ctx);
    }

    #[cast]
    fn fail(&mut self) {
        panic!("fail");
    }

    #[cast]
    async fn hang(&mut self, dropped: Dropped) {
        std::future::pending::<()>().await;
        drop(dropped);
    }

    #[call]
    async fn raise_closer(&mut self, log: Log, ctx: &mut Ctx<Self>) -> CloserRef {
        ctx.start_link(Closer::start(log)).await.unwrap()
    }

    #[call]
    async fn raise_plain(&mut self, ctx: &mut Ctx<Self>) -> ChildRef {
        ctx.start_link(Child::start()).await.unwrap()
    }

    #[call]
    async fn raise_trapper(&mut self, heard: Heard, ctx: &mut Ctx<Self>) -> TrapperRef {
        ctx.start_link(Trapper::start(heard)).await.unwrap()
    }

    #[call]
    fn alive(&self) -> bool {
        true
    }
}

/// Neither traps nor terminates, and can be started.
#[actor]
struct Child;

#[handlers]
impl Child {
    #[init]
    fn open() -> Self {
        Self
    }

    #[cast]
    fn fail(&mut self) {
        panic!("child");
    }

    #[call]
    fn alive(&self) -> bool {
        true
    }
}

/// Tells when it is dropped.
struct Dropped(Arc<Notify>);

impl Drop for Dropped {
    fn drop(&mut self) {
        self.0.notify_one();
    }
}

type Heard = mpsc::UnboundedSender<Exit>;

/// Traps exits.
#[actor]
struct Trapper {
    heard: Heard,
}

#[handlers]
impl Trapper {
    #[init]
    fn open(heard: Heard) -> Self {
        Self { heard }
    }

    #[cast]
    fn act(&mut self, act: Act<Self>, ctx: &mut Ctx<Self>) {
        act(ctx);
    }

    #[call]
    fn alive(&self) -> bool {
        true
    }

    #[info]
    fn exit(&mut self, exit: Exit) {
        self.heard.send(exit).unwrap();
    }
}

/// Does not trap, and has something to do at its end.
#[actor]
struct Closer {
    log: Log,
}

#[handlers]
impl Closer {
    #[init]
    fn open(log: Log) -> Self {
        Self { log }
    }

    #[cast]
    fn act(&mut self, act: Act<Self>, ctx: &mut Ctx<Self>) {
        act(ctx);
    }

    #[cast]
    fn note(&mut self, what: &'static str) {
        self.log.note(what);
    }

    #[cast]
    async fn pause(&mut self, time: Duration) {
        tokio::time::sleep(time).await;
        self.log.note("paused");
    }

    #[cast]
    fn fail(&mut self) {
        panic!("closer");
    }

    #[terminate]
    fn close(&mut self, reason: &ExitReason) {
        self.log.note(format!("terminate: {reason}"));
    }
}

fn plain() -> PlainRef {
    ghostlight::spawn(Plain).unwrap()
}

fn trapper() -> (TrapperRef, mpsc::UnboundedReceiver<Exit>) {
    let (heard, exits) = mpsc::unbounded_channel();
    (ghostlight::spawn(Trapper { heard }).unwrap(), exits)
}

fn closer() -> (CloserRef, Log) {
    let log = Log::default();
    (ghostlight::spawn(Closer { log: log.clone() }).unwrap(), log)
}

/// Links `one` to any other actor.
async fn link<B: 'static + Send + Sync>(one: &PlainRef, other: &ActorRef<B>) {
    let other = other.clone();
    one.act(Box::new(move |ctx| ctx.link(&other))).await.unwrap();
    assert!(one.alive().await.unwrap(), "it has linked");
}

/// Ends `one` for `reason`.
async fn end(one: &PlainRef, reason: ExitReason) {
    let monitor = one.monitor();
    one.act(Box::new(move |ctx| ctx.stop(reason))).await.unwrap();
    monitor.await;
    settle().await;
}

/// Sends `to` an exit signal from an actor that is a stranger to it.
async fn exit_from_stranger<B: 'static + Send + Sync>(
    to: &ActorRef<B>,
    reason: ExitReason,
) -> PlainRef {
    let (stranger, to) = (plain(), to.clone());
    stranger.act(Box::new(move |ctx| ctx.exit(&to, reason))).await.unwrap();
    assert!(stranger.alive().await.unwrap());
    settle().await;
    stranger
}

/// Why an actor has ended.
async fn reason(monitor: Monitor) -> String {
    monitor.await.reason.to_string()
}

fn not_normal() -> Vec<ExitReason> {
    vec![ExitReason::Shutdown, ExitReason::Killed, ExitReason::NoProc, ExitReason::crash("broken")]
}

// Row 1: the link is not active any more.

#[tokio::test(start_paused = true)]
async fn a_signal_of_a_link_that_was_undone_is_dropped() {
    for linker_undoes in [true, false] {
        let (a, b) = (plain(), plain());
        let (trapper, mut exits) = trapper();
        link(&a, &b).await;
        link(&a, &trapper).await;
        let (one, other, third) = (a.clone(), b.clone(), trapper.clone());
        if linker_undoes {
            let undo = Box::new(move |ctx: &mut Ctx<Plain>| {
                ctx.unlink(&other);
                ctx.unlink(&third);
            });
            a.act(undo).await.unwrap();
        } else {
            let from = one.clone();
            b.act(Box::new(move |ctx| ctx.unlink(&from))).await.unwrap();
            trapper.act(Box::new(move |ctx| ctx.unlink(&one))).await.unwrap();
            assert!(b.alive().await.unwrap() && trapper.alive().await.unwrap());
        }
        end(&a, ExitReason::crash("broken")).await;
        assert!(b.alive().await.unwrap());
        assert!(trapper.alive().await.unwrap());
        assert!(exits.try_recv().is_err());
    }
}

// Row 2: over a link, normal.

#[tokio::test(start_paused = true)]
async fn a_normal_end_does_not_travel_over_a_link_to_one_that_does_not_trap() {
    let (a, b) = (plain(), plain());
    let (closer, log) = closer();
    link(&a, &b).await;
    link(&a, &closer).await;
    end(&a, ExitReason::Normal).await;
    assert!(b.alive().await.unwrap());
    closer.note("alive").await.unwrap();
    settle().await;
    assert_eq!(log.take(), ["alive"]);
}

#[tokio::test(start_paused = true)]
async fn a_normal_end_is_a_message_to_a_linked_actor_that_traps() {
    let a = plain();
    let (trapper, mut exits) = trapper();
    link(&a, &trapper).await;
    let pid = a.pid().unwrap();
    end(&a, ExitReason::Normal).await;
    let exit = exits.try_recv().unwrap();
    assert!(matches!(exit.reason, ExitReason::Normal));
    assert_eq!(exit.from, Some(pid));
    assert!(trapper.alive().await.unwrap());
}

// Row 3: over a link, any other reason, `killed` too.

#[tokio::test(start_paused = true)]
async fn a_linked_actor_that_does_not_trap_ends_for_the_same_reason_without_terminate() {
    for why in not_normal() {
        let (a, b) = (plain(), plain());
        let (closer, log) = closer();
        link(&a, &b).await;
        link(&a, &closer).await;
        let (b, closer) = (b.monitor(), closer.monitor());
        end(&a, why.clone()).await;
        assert_eq!(reason(b).await, why.to_string());
        assert_eq!(reason(closer).await, why.to_string());
        assert_eq!(log.take(), [""; 0], "no parent's signal: terminate does not run");
    }
}

#[tokio::test(start_paused = true)]
async fn a_linked_actor_that_traps_is_told_of_any_other_end_and_lives_on() {
    for why in not_normal() {
        let a = plain();
        let (trapper, mut exits) = trapper();
        link(&a, &trapper).await;
        let pid = a.pid().unwrap();
        end(&a, why.clone()).await;
        let exit = exits.try_recv().unwrap();
        assert_eq!((exit.from, exit.reason.to_string()), (Some(pid), why.to_string()));
        assert!(trapper.alive().await.unwrap());
        assert!(exits.try_recv().is_err(), "once");
    }
}

#[tokio::test(start_paused = true)]
async fn a_link_works_in_both_directions() {
    let (a, b) = (plain(), plain());
    link(&a, &b).await; // `a` has linked, `b` ends
    let a = a.monitor();
    end(&b, ExitReason::crash("broken")).await;
    assert_eq!(reason(a).await, "broken");
}

#[tokio::test(start_paused = true)]
async fn an_end_travels_along_a_row_of_links_up_to_one_that_traps() {
    let (a, b, c) = (plain(), plain(), plain());
    let (trapper, mut exits) = trapper();
    link(&a, &b).await;
    link(&b, &c).await;
    link(&c, &trapper).await;
    let (pid, monitor) = (c.pid().unwrap(), c.monitor());
    a.fail().await.unwrap();
    assert_eq!(reason(monitor).await, "panicked: fail");
    let exit = exits.recv().await.unwrap();
    assert_eq!((exit.from, exit.reason.to_string().as_str()), (Some(pid), "panicked: fail"));
}

// Row 4: an exit signal that somebody sends, neither normal nor a kill.

#[tokio::test(start_paused = true)]
async fn an_exit_signal_ends_one_that_does_not_trap() {
    for why in not_normal() {
        let b = plain();
        let end = b.monitor();
        drop(exit_from_stranger(&b, why.clone()).await);
        assert_eq!(reason(end).await, why.to_string());
        let b = plain();
        let end = b.monitor();
        b.exit(why.clone()); // from code that is no actor
        assert_eq!(reason(end).await, why.to_string());
    }
}

#[tokio::test(start_paused = true)]
async fn an_exit_signal_is_a_message_to_one_that_traps_even_if_it_says_killed() {
    for why in not_normal() {
        let (trapper, mut exits) = trapper();
        let stranger = exit_from_stranger(&trapper, why.clone()).await;
        let exit = exits.try_recv().unwrap();
        assert_eq!((exit.from, exit.reason.to_string()), (stranger.pid(), why.to_string()));
        assert!(trapper.alive().await.unwrap());
    }
}

#[tokio::test(start_paused = true)]
async fn an_exit_signal_from_a_stranger_ends_one_with_terminate_at_once_and_terminate_does_not_run()
{
    let (closer, log) = closer();
    let end = closer.monitor();
    closer.note("queued").try_send().unwrap();
    closer.exit(ExitReason::Shutdown);
    assert_eq!(reason(end).await, "shutdown");
    assert_eq!(log.take(), [""; 0], "on arrival, before queued mail, and nothing runs");
    let (closer, log) = self::closer();
    let end = closer.monitor();
    drop(exit_from_stranger(&closer, ExitReason::Shutdown).await);
    assert_eq!(reason(end).await, "shutdown");
    assert_eq!(log.take(), [""; 0]);
}

// Row 5: a kill.

#[tokio::test(start_paused = true)]
async fn a_kill_cannot_be_trapped_and_its_reason_is_killed() {
    let (trapper, mut exits) = trapper();
    let (closer, log) = closer();
    let b = plain();
    let ends = [b.monitor(), trapper.monitor(), closer.monitor()];
    b.kill();
    trapper.kill();
    closer.kill();
    for end in ends {
        assert!(matches!(end.await.reason, ExitReason::Killed));
    }
    assert!(exits.try_recv().is_err());
    assert_eq!(log.take(), [""; 0], "terminate does not run");
}

#[tokio::test(start_paused = true)]
async fn the_peers_of_a_killed_actor_see_killed_an_ordinary_reason() {
    let (a, b) = (plain(), plain());
    let (trapper, mut exits) = trapper();
    link(&a, &b).await;
    link(&a, &trapper).await;
    let end = b.monitor();
    a.kill();
    assert_eq!(reason(end).await, "killed");
    assert!(matches!(exits.recv().await.unwrap().reason, ExitReason::Killed));
    assert!(trapper.alive().await.unwrap());
}

#[tokio::test(start_paused = true)]
async fn a_kill_acts_before_queued_mail() {
    let (closer, log) = closer();
    let end = closer.monitor();
    closer.note("one").try_send().unwrap();
    closer.note("two").try_send().unwrap();
    closer.kill();
    assert_eq!(reason(end).await, "killed");
    assert_eq!(log.take(), [""; 0]);
    assert!(matches!(closer.note("three").await, Err(CastError::NoProc(_))));
}

#[tokio::test(start_paused = true)]
async fn a_kill_and_an_untrapped_exit_cut_a_handler_where_it_awaits() {
    for kill in [true, false] {
        let b = plain();
        let (end, cut) = (b.monitor(), Arc::new(Notify::new()));
        b.hang(Dropped(cut.clone())).await.unwrap();
        settle().await;
        let waiting = tokio::spawn(b.alive().owned().into_future());
        settle().await;
        if kill {
            b.kill();
        } else {
            b.exit(ExitReason::Shutdown);
        }
        cut.notified().await;
        assert_eq!(reason(end).await, if kill { "killed" } else { "shutdown" });
        let died = waiting.await.unwrap().unwrap_err();
        assert_eq!(died.reason().unwrap().is_orderly(), !kill);
    }
}

#[tokio::test(start_paused = true)]
async fn an_actor_that_kills_itself_finishes_its_handler_and_no_other() {
    let b = plain();
    let end = b.monitor();
    let suicide: Act<Plain> = Box::new(|ctx| ctx.me().kill());
    b.act(suicide).try_send().unwrap();
    let after = b.alive().await;
    assert!(matches!(after, Err(CallError::Died(ExitReason::Killed))), "{after:?}");
    assert_eq!(reason(end).await, "killed");
}

// Row 6: an exit signal, normal, from another.

#[tokio::test(start_paused = true)]
async fn a_normal_exit_signal_from_another_is_dropped_unless_it_is_trapped() {
    let b = plain();
    let (trapper, mut exits) = trapper();
    let (closer, log) = closer();
    drop(exit_from_stranger(&b, ExitReason::Normal).await);
    drop(exit_from_stranger(&closer, ExitReason::Normal).await);
    let stranger = exit_from_stranger(&trapper, ExitReason::Normal).await;
    b.exit(ExitReason::Normal);
    closer.exit(ExitReason::Normal);
    settle().await;
    assert!(b.alive().await.unwrap());
    assert!(closer.is_alive());
    assert_eq!(log.take(), [""; 0]);
    let exit = exits.try_recv().unwrap();
    assert!(matches!(exit.reason, ExitReason::Normal));
    assert_eq!(exit.from, stranger.pid());
}

// Row 7: an exit signal, normal, from itself.

#[tokio::test(start_paused = true)]
async fn a_normal_exit_signal_to_itself_ends_an_actor_that_does_not_trap() {
    let b = plain();
    let end = b.monitor();
    b.act(Box::new(|ctx| ctx.exit(&ctx.me(), ExitReason::Normal))).await.unwrap();
    settle().await;
    assert_eq!(b.pid(), None, "odd, and as in OTP");
    assert_eq!(reason(end).await, "normal");
}

#[tokio::test(start_paused = true)]
async fn an_exit_signal_to_itself_is_a_message_to_one_that_traps() {
    let (trapper, mut exits) = trapper();
    trapper.act(Box::new(|ctx| ctx.exit(&ctx.me(), ExitReason::Normal))).await.unwrap();
    let exit = exits.recv().await.unwrap();
    assert_eq!(exit.from, trapper.pid());
    assert!(trapper.alive().await.unwrap());
}

// Links: otp.md 2.3.

#[tokio::test(start_paused = true)]
async fn a_link_to_a_dead_actor_ends_one_that_does_not_trap_with_noproc() {
    let (a, dead) = (plain(), plain());
    dead.stop().await.unwrap();
    let end = a.monitor();
    a.act(Box::new(move |ctx| ctx.link(&dead))).await.unwrap();
    assert!(matches!(end.await.reason, ExitReason::NoProc));
    let (a, nobody) = (plain(), ActorRef::<Plain>::named("nobody"));
    let end = a.monitor();
    a.act(Box::new(move |ctx| ctx.link(&nobody))).await.unwrap();
    assert!(matches!(end.await.reason, ExitReason::NoProc));
}

#[tokio::test(start_paused = true)]
async fn a_link_to_a_dead_actor_is_a_message_to_one_that_traps() {
    let (trapper, mut exits) = trapper();
    let dead = plain();
    dead.stop().await.unwrap();
    trapper.act(Box::new(move |ctx| ctx.link(&dead))).await.unwrap();
    assert!(matches!(exits.recv().await.unwrap().reason, ExitReason::NoProc));
    assert!(trapper.alive().await.unwrap());
}

#[tokio::test(start_paused = true)]
async fn to_link_again_changes_nothing() {
    let a = plain();
    let (trapper, mut exits) = trapper();
    for _ in 0..3 {
        link(&a, &trapper).await;
    }
    let one = a.clone();
    trapper.act(Box::new(move |ctx| ctx.link(&one))).await.unwrap();
    assert!(trapper.alive().await.unwrap());
    end(&a, ExitReason::Shutdown).await;
    assert!(exits.try_recv().is_ok());
    assert!(exits.try_recv().is_err(), "there was one link");

    let (a, b) = (plain(), plain());
    link(&a, &b).await;
    link(&a, &b).await;
    let other = b.clone();
    a.act(Box::new(move |ctx| ctx.unlink(&other))).await.unwrap();
    end(&a, ExitReason::Shutdown).await;
    assert!(b.alive().await.unwrap(), "and it has been undone");
}

#[tokio::test(start_paused = true)]
async fn to_link_to_oneself_changes_nothing() {
    let (trapper, mut exits) = trapper();
    trapper.act(Box::new(|ctx| ctx.link(&ctx.me()))).await.unwrap();
    assert!(trapper.alive().await.unwrap());
    settle().await;
    assert!(exits.try_recv().is_err());
}

#[tokio::test(start_paused = true)]
async fn to_unlink_a_stranger_changes_nothing() {
    let (a, b) = (plain(), plain());
    let other = b.clone();
    a.act(Box::new(move |ctx| ctx.unlink(&other))).await.unwrap();
    end(&a, ExitReason::Shutdown).await;
    assert!(b.alive().await.unwrap());
}

#[tokio::test(start_paused = true)]
async fn a_link_keeps_nobody_alive() {
    let (a, b) = (plain(), plain());
    link(&a, &b).await;
    let end = b.monitor();
    drop(b);
    assert_eq!(reason(end).await, "normal");
    assert!(a.alive().await.unwrap());
}

#[tokio::test(start_paused = true)]
async fn a_trapped_exit_waits_its_turn_behind_queued_mail() {
    let (trapper, mut exits) = trapper();
    let (told, mut order) = mpsc::unbounded_channel();
    for n in 0..3 {
        let told = told.clone();
        trapper.act(Box::new(move |_| told.send(n).unwrap())).try_send().unwrap();
    }
    let stranger = plain();
    let to = trapper.clone();
    stranger.act(Box::new(move |ctx| ctx.exit(&to, ExitReason::Shutdown))).try_send().unwrap();
    exits.recv().await.unwrap();
    let order: Vec<i32> = std::iter::from_fn(|| order.try_recv().ok()).collect();
    assert_eq!(order, [0, 1, 2]);
}

// Parents.

#[tokio::test(start_paused = true)]
async fn a_child_with_terminate_runs_it_when_its_parent_ends_for_any_reason() {
    for why in
        [ExitReason::Normal, ExitReason::Shutdown, ExitReason::Killed, ExitReason::crash("broken")]
    {
        let (parent, log) = (plain(), Log::default());
        let child = parent.raise_closer(log.clone()).await.unwrap();
        let end_of_child = child.monitor();
        end(&parent, why.clone()).await;
        assert_eq!(reason(end_of_child).await, why.to_string());
        assert_eq!(log.take(), [format!("terminate: {why}")]);
    }
}

#[tokio::test(start_paused = true)]
async fn a_child_with_terminate_handles_what_waits_before_it_follows_its_parent() {
    let (parent, log) = (plain(), Log::default());
    let child = parent.raise_closer(log.clone()).await.unwrap();
    let end_of_child = child.monitor();
    child.pause(ms(10)).await.unwrap();
    settle().await;
    child.note("queued").await.unwrap();
    parent.kill();
    assert_eq!(reason(end_of_child).await, "killed");
    assert_eq!(log.take(), ["paused", "queued", "terminate: killed"]);
}

#[tokio::test(start_paused = true)]
async fn a_child_without_terminate_ends_with_its_parent_at_once_unless_that_was_normal() {
    for why in not_normal() {
        let parent = plain();
        let child = parent.raise_plain().await.unwrap();
        let end_of_child = child.monitor();
        end(&parent, why.clone()).await;
        assert_eq!(reason(end_of_child).await, why.to_string());
    }
    let parent = plain();
    let child = parent.raise_plain().await.unwrap();
    end(&parent, ExitReason::Normal).await;
    assert!(child.alive().await.unwrap(), "a parent's normal end does not end it");
}

#[tokio::test(start_paused = true)]
async fn a_parents_end_never_comes_as_a_message() {
    let parent = plain();
    let (heard, mut exits) = mpsc::unbounded_channel();
    let child = parent.raise_trapper(heard).await.unwrap();
    drop(exit_from_stranger(&child, ExitReason::Shutdown).await);
    assert!(exits.try_recv().is_ok(), "a stranger's does");
    let end_of_child = child.monitor();
    end(&parent, ExitReason::Shutdown).await;
    assert_eq!(reason(end_of_child).await, "shutdown");
    assert!(exits.try_recv().is_err());
}

#[tokio::test(start_paused = true)]
async fn a_childs_crash_ends_its_parent_unless_it_traps() {
    let parent = plain();
    let child = parent.raise_plain().await.unwrap();
    let end_of_parent = parent.monitor();
    child.fail().await.unwrap();
    assert_eq!(reason(end_of_parent).await, "panicked: child");
}

#[tokio::test(start_paused = true)]
async fn a_parents_exit_signal_runs_terminate() {
    let (parent, log) = (plain(), Log::default());
    let child = parent.raise_closer(log.clone()).await.unwrap();
    let (end_of_child, to) = (child.monitor(), child.clone());
    parent.act(Box::new(move |ctx| ctx.exit(&to, ExitReason::Normal))).await.unwrap();
    assert_eq!(reason(end_of_child).await, "normal");
    assert_eq!(log.take(), ["terminate: normal"]);
    assert!(parent.alive().await.unwrap());
}

#[tokio::test(start_paused = true)]
async fn start_alone_neither_links_nor_makes_a_parent() {
    let log = Log::default();
    let closer = Closer::start(log.clone()).await.unwrap();
    let a = plain();
    let other = closer.clone();
    a.act(Box::new(move |ctx| ctx.exit(&other, ExitReason::Normal))).await.unwrap();
    assert!(a.alive().await.unwrap());
    settle().await;
    assert!(closer.is_alive() && log.take().is_empty());
}

/// Takes its time to begin.
#[actor]
struct Slow;

#[handlers]
impl Slow {
    #[init]
    async fn begin(fails: bool) -> Result<Self, std::io::Error> {
        tokio::time::sleep(Duration::from_millis(100)).await;
        if fails { Err(std::io::ErrorKind::Other.into()) } else { Ok(Self) }
    }
}

/// Starts a slow one, linked to it, and does not wait for it.
#[actor]
struct Hurried;

#[handlers]
impl Hurried {
    #[call]
    fn start(&self, fails: bool, ctx: &mut Ctx<Self>) -> Begun {
        Begun(tokio::spawn(ctx.start_link(Slow::start(fails))))
    }

    #[cast]
    fn end(&mut self, reason: ExitReason, ctx: &mut Ctx<Self>) {
        ctx.stop(reason);
    }
}

#[derive(Debug)]
struct Begun(tokio::task::JoinHandle<Result<SlowRef, StartError>>);

#[tokio::test(start_paused = true)]
async fn a_child_whose_parent_ends_during_its_init_is_told_the_reason() {
    let (one, two) = (ghostlight::spawn(Hurried).unwrap(), ghostlight::spawn(Hurried).unwrap());
    let child = one.start(false).await.unwrap();
    tokio::task::yield_now().await;
    one.end(ExitReason::Normal).await.unwrap();
    let child = child.0.await.unwrap().unwrap();
    tokio::task::yield_now().await;
    assert!(child.is_alive(), "a normal end is no reason to end");

    let child = two.start(false).await.unwrap();
    tokio::task::yield_now().await;
    two.end(ExitReason::crash("the parent")).await.unwrap();
    let failed = child.0.await.unwrap();
    assert!(
        matches!(&failed, Err(StartError::Init(reason)) if reason.to_string().contains("the parent")),
        "{failed:?}"
    );
}

#[tokio::test(start_paused = true)]
async fn a_child_whose_init_fails_ends_nobody() {
    let parent = ghostlight::spawn(Hurried).unwrap();
    let child = parent.start(true).await.unwrap();
    assert!(child.0.await.unwrap().is_err());
    tokio::task::yield_now().await;
    assert!(parent.is_alive());
}
