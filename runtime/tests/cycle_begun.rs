//! Rings through what is begun on its caller's thread, through a start, and none through what a handler gives away.

#![allow(clippy::unwrap_used, reason = "a test may fail in a helper, too")]

use ghostlight::{Backoff, CastError, debug, prelude::*};
use std::{
    future::IntoFuture,
    pin::Pin,
    task::{Context, Waker},
    time::Duration,
};
use tokio::{
    sync::mpsc::{UnboundedSender, unbounded_channel},
    task::yield_now,
    time::{Instant, sleep, timeout},
};

type Answer = Result<u8, CallError>;

fn ms(ms: u64) -> Duration {
    Duration::from_millis(ms)
}

/// Asks back: whoever waits for it closes a ring.
#[actor]
struct Mirror;

#[handlers]
impl Mirror {
    #[call]
    async fn ask_back(&mut self, asker: AskerRef) -> Answer {
        asker.one().await
    }

    #[call]
    async fn ask_back_later(&mut self, asker: AskerRef) -> Answer {
        sleep(ms(100)).await;
        asker.one_later().await
    }
}

/// Asks a mirror, in ways that are not a handler's own call.
#[actor]
struct Asker {
    mirror: MirrorRef,
    answers: UnboundedSender<Answer>,
}

#[handlers]
impl Asker {
    #[call]
    fn one(&self) -> u8 {
        1
    }

    #[call]
    async fn one_later(&self) -> u8 {
        yield_now().await;
        1
    }

    #[call]
    fn ask_after(&mut self, reply: ReplyTo<()>, ctx: &mut Ctx<Self>) {
        ctx.continue_with(AskerContinue::Ask);
        reply.send(());
    }

    #[handle_continue]
    async fn ask(&mut self, ctx: &mut Ctx<Self>) {
        let answer = self.mirror.ask_back(ctx.me()).await.and_then(|answer| answer);
        self.answers.send(answer).unwrap();
    }

    #[call]
    fn ask_at_the_end(&mut self, ctx: &mut Ctx<Self>) {
        ctx.stop(ExitReason::Normal);
    }

    #[cast]
    async fn start_one_that_asks(&mut self, is_linked: bool, ctx: &mut Ctx<Self>) {
        let start = Newborn::start(self.mirror.clone(), ctx.me(), self.answers.clone());
        let newborn =
            if is_linked { ctx.start_link(start).await } else { start.into_future().await };
        drop(newborn.unwrap());
    }

    /// Begins to ask, and leaves it to a task to wait for the answer.
    #[cast]
    async fn ask_by_a_task(&mut self, ctx: &mut Ctx<Self>) {
        let mut call = self.mirror.ask_back_later(ctx.me()).owned().into_future();
        assert!(timeout(ms(10), &mut call).await.is_err());
        let answers = self.answers.clone();
        tokio::spawn(async move { answers.send(call.await.and_then(|answer| answer)).unwrap() });
    }

    #[cast]
    async fn ask_by_a_task_and_go_on(&mut self, ctx: &mut Ctx<Self>) {
        self.ask_by_a_task(ctx).await;
        sleep(ms(200)).await;
    }

    #[terminate]
    async fn end(&mut self, ctx: &mut Ctx<Self>) {
        let answer = self.mirror.ask_back(ctx.me()).await.and_then(|answer| answer);
        self.answers.send(answer).ok();
    }
}

/// Asks a mirror in its init, for the one that starts it.
#[actor]
struct Newborn;

#[handlers]
impl Newborn {
    #[init]
    async fn wake(mirror: MirrorRef, asker: AskerRef, answers: UnboundedSender<Answer>) -> Self {
        answers.send(mirror.ask_back(asker).await.and_then(|answer| answer)).unwrap();
        Self
    }
}

/// What comes of it when an asker is made to ask.
async fn asked(ask: impl AsyncFnOnce(AskerRef)) -> Answer {
    let (answers, mut answered) = unbounded_channel();
    let mirror = ghostlight::spawn(Mirror).unwrap();
    let asker = ghostlight::spawn(Asker { mirror, answers }).unwrap();
    let begun = Instant::now();
    ask(asker.clone()).await;
    let answer = answered.recv().await.unwrap();
    assert!(begun.elapsed() < ms(1_000), "{answer:?} after {:?}", begun.elapsed());
    answer
}

fn is_ring(answer: &Answer) -> bool {
    matches!(answer, Err(CallError::WouldDeadlock { .. }))
}

#[tokio::test(start_paused = true)]
async fn what_a_handler_that_ran_inline_asked_to_be_done_next_waits_as_the_actor() {
    let answer = asked(async |asker| asker.ask_after().await.unwrap()).await;
    assert!(is_ring(&answer), "{answer:?}");
}

#[tokio::test(start_paused = true)]
async fn terminate_waits_as_the_actor_when_an_inline_call_ended_it() {
    let answer = asked(async |asker| asker.ask_at_the_end().await.unwrap()).await;
    assert!(is_ring(&answer), "{answer:?}");
}

#[tokio::test(start_paused = true)]
async fn an_actor_waits_for_the_one_that_it_starts() {
    for is_linked in [false, true] {
        let ask = async |asker: AskerRef| asker.start_one_that_asks(is_linked).await.unwrap();
        let answer = asked(ask).await;
        assert!(is_ring(&answer), "{answer:?}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_call_that_a_handler_left_to_a_task_is_no_wait_of_the_actor() {
    let answer = asked(async |asker| asker.ask_by_a_task().await.unwrap()).await;
    assert!(matches!(answer, Ok(1)), "{answer:?}");
    let answer = asked(async |asker| asker.ask_by_a_task_and_go_on().await.unwrap()).await;
    assert!(matches!(answer, Ok(1)), "{answer:?}");
}

/// Begins all that it is asked on its caller's thread.
#[actor(inline = always)]
struct Hasty;

#[handlers]
impl Hasty {
    #[call]
    async fn pass(&mut self, mut way: Vec<HastyRef>) -> Answer {
        match way.pop() {
            Some(next) => next.pass(way).await?,
            None => Ok(0),
        }
    }
}

#[tokio::test(start_paused = true)]
async fn async_handlers_that_begin_inline_are_part_of_a_ring() {
    let hasty = || ghostlight::spawn(Hasty).unwrap();
    let (a, b) = (hasty(), hasty());
    assert!(matches!(a.pass(vec![b.clone()]).await, Ok(Ok(0))));
    for way in [vec![a.clone()], vec![a.clone(), b.clone()]] {
        let answer = a.pass(way).await.unwrap();
        assert!(is_ring(&answer), "{answer:?}");
    }
}

/// Sends to one whose mailbox is full.
#[actor(mailbox = 1)]
#[derive(Default)]
struct Sender {
    owed: Option<ReplyTo<bool>>,
}

#[handlers]
impl Sender {
    #[call]
    fn go(&mut self, other: FullRef, reply: ReplyTo<bool>, ctx: &mut Ctx<Self>) {
        self.owed = Some(reply);
        ctx.continue_with(SenderContinue::Send { other });
    }

    #[handle_continue]
    async fn send(&mut self, other: FullRef) {
        let is_ring = matches!(other.note().await, Err(CastError::WouldDeadlock(_)));
        self.owed.take().unwrap().send(is_ring);
    }

    #[cast]
    fn note(&mut self) {}
}

/// Works, and then sends more to another than that one has room for.
#[actor(mailbox = 1)]
struct Full;

#[handlers]
impl Full {
    #[call]
    async fn work(&mut self, other: SenderRef) -> bool {
        sleep(ms(10)).await;
        let mut is_ring = false;
        for _ in 0..2 {
            is_ring |= matches!(other.note().await, Err(CastError::WouldDeadlock(_)));
        }
        is_ring
    }

    #[cast]
    fn note(&mut self) {}
}

#[tokio::test(start_paused = true)]
async fn two_that_wait_for_room_in_each_other_do_not_hang_though_one_began_inline() {
    let (sender, full) = (ghostlight::spawn(Sender::default()).unwrap(), ghostlight::spawn(Full));
    let full = full.unwrap();
    let work = full.work(sender.clone()).timeout(Duration::MAX).owned().into_future();
    let work = tokio::spawn(work);
    sleep(ms(1)).await;
    full.note().try_send().unwrap(); // it is busy, and its mailbox is full
    let sent = sender.go(full.clone()).timeout(Duration::MAX).await.unwrap();
    let worked = work.await.unwrap().unwrap();
    assert!(sent || worked, "one of them is told");
}

/// Waits for one whose end waits for it.
#[actor]
struct Patron {
    last: LastRef,
}

#[handlers]
impl Patron {
    #[call(timeout = infinity)]
    fn ping(&self) {}

    #[call(timeout = infinity)]
    async fn bye(&mut self, panics: bool) -> Result<u8, CallError> {
        self.last.bye(panics).await
    }
}

/// Ends with a call that ran on its caller's thread, and asks that caller at its end.
#[actor]
struct Last {
    patron: Option<PatronRef>,
    ended: UnboundedSender<Result<(), CallError>>,
}

#[handlers]
impl Last {
    #[call]
    fn meet(&mut self, patron: PatronRef) {
        self.patron = Some(patron);
    }

    #[call(timeout = infinity)]
    fn bye(&mut self, panics: bool, ctx: &mut Ctx<Self>) -> u8 {
        assert!(!panics, "no ink");
        ctx.stop(ExitReason::Normal);
        1
    }

    #[terminate]
    async fn close(&mut self) {
        self.ended.send(self.patron.as_ref().unwrap().ping().await).unwrap();
    }
}

#[tokio::test(start_paused = true)]
async fn who_ended_an_actor_by_a_call_waits_for_its_terminate() {
    for panics in [false, true] {
        let (ended, mut told) = unbounded_channel();
        let last = ghostlight::spawn(Last { patron: None, ended }).unwrap();
        let patron = ghostlight::spawn(Patron { last: last.clone() }).unwrap();
        last.meet(patron.clone()).await.unwrap();
        let hour = Duration::from_secs(3_600);
        let bye = timeout(hour, patron.bye(panics).into_future()).await.unwrap().unwrap();
        assert!(matches!(told.recv().await.unwrap(), Err(CallError::WouldDeadlock { .. })));
        assert!(if panics { bye.is_err() } else { matches!(bye, Ok(1)) }, "{bye:?}");
    }
}

type Asking = Pin<Box<dyn Future<Output = Answer> + Send>>;

/// Begins to ask in a plain `fn`, and gives that away, or keeps it.
#[actor]
struct Giver {
    mirror: BackRef,
    kept: Option<Asking>,
}

#[handlers]
impl Giver {
    #[init]
    fn open(mirror: BackRef) -> Self {
        Self { mirror, kept: None }
    }

    #[call]
    fn give(&mut self, answers: UnboundedSender<Answer>) {
        self.begin(answers);
    }

    #[cast]
    fn give_away(&mut self, answers: UnboundedSender<Answer>) {
        self.begin(answers);
    }

    #[cast]
    fn give_away_and_crash(&mut self, answers: UnboundedSender<Answer>) {
        self.begin(answers);
        panic!("no ink");
    }

    #[cast]
    fn note(&mut self) {}

    #[cast]
    fn keep(&mut self) {
        let mirror = self.mirror.clone();
        self.kept = Some(begun(async move { mirror.ask_later().await? }));
    }

    #[call]
    async fn await_kept(&mut self) -> Answer {
        self.kept.take().unwrap().await
    }

    #[call]
    async fn one(&mut self) -> u8 {
        sleep(ms(50)).await;
        1
    }
}

impl Giver {
    fn begin(&self, answers: UnboundedSender<Answer>) {
        let mirror = self.mirror.clone();
        let asking = begun(async move { mirror.ask_later().await? });
        tokio::spawn(async move { answers.send(asking.await).unwrap() });
    }
}

fn begun(asking: impl Future<Output = Answer> + Send + 'static) -> Asking {
    let mut asking: Asking = Box::pin(asking);
    assert!(asking.as_mut().poll(&mut Context::from_waker(Waker::noop())).is_pending());
    asking
}

/// Asks back, after a time.
#[actor]
#[derive(Default)]
struct Back {
    giver: Option<GiverRef>,
    after: Duration,
}

#[handlers]
impl Back {
    #[call]
    fn meet(&mut self, giver: GiverRef) {
        self.giver = Some(giver);
    }

    #[call]
    async fn ask_later(&mut self) -> Answer {
        if !self.after.is_zero() {
            sleep(self.after).await;
        }
        self.giver.as_ref().unwrap().one().await
    }
}

async fn giver(after: Duration) -> GiverRef {
    let mirror = ghostlight::spawn(Back { after, ..Back::default() }).unwrap();
    let giver = Giver::start(mirror.clone()).await.unwrap();
    mirror.meet(giver.clone()).await.unwrap();
    giver
}

#[tokio::test(start_paused = true)]
async fn what_a_plain_handler_began_and_gave_away_is_no_wait_of_the_actor() {
    for inline in [true, false] {
        let (answers, mut answered) = unbounded_channel();
        let giver = giver(ms(20)).await;
        if inline {
            giver.give(answers).await.unwrap();
        } else {
            giver.give_away(answers).await.unwrap();
            let _busy = giver.one().forget().await; // right behind it
        }
        let answer = answered.recv().await.unwrap();
        assert!(matches!(answer, Ok(1)), "{answer:?}");
    }
}

#[tokio::test(start_paused = true)]
async fn it_is_none_while_the_actor_goes_on_with_more_messages_than_it_handles_in_a_row() {
    let (answers, mut answered) = unbounded_channel();
    let giver = giver(Duration::ZERO).await;
    giver.give_away(answers).await.unwrap();
    for _ in 0..1_000 {
        giver.note().try_send().unwrap();
    }
    let answer = answered.recv().await.unwrap();
    assert!(matches!(answer, Ok(1)), "{answer:?}");
}

#[tokio::test(start_paused = true)]
async fn it_is_none_while_the_actor_is_suspended() {
    let (answers, mut answered) = unbounded_channel();
    let giver = giver(ms(20)).await;
    giver.give_away(answers).await.unwrap();
    let suspended = debug::suspend(&giver).await.unwrap();
    sleep(ms(40)).await;
    suspended.resume();
    let answer = answered.recv().await.unwrap();
    assert!(matches!(answer, Ok(1)), "{answer:?}");
}

#[tokio::test(start_paused = true)]
async fn it_is_none_once_the_actor_has_crashed() {
    let (answers, mut answered) = unbounded_channel();
    let mirror = ghostlight::spawn(Back { after: ms(20), ..Back::default() }).unwrap();
    let its = mirror.clone();
    let supervisor = Supervisor::builder(Strategy::OneForOne)
        .backoff(Backoff::exponential(ms(200), ms(200)))
        .child("giver", move |_| Giver::child_spec(its.clone()))
        .start()
        .await
        .unwrap();
    let giver = supervisor.child::<Giver>("giver").unwrap();
    mirror.meet(giver.clone()).await.unwrap();
    giver.give_away_and_crash(answers).await.unwrap();
    let answer = answered.recv().await.unwrap();
    assert!(matches!(answer, Ok(1)), "{answer:?}");
}

#[tokio::test(start_paused = true)]
async fn what_a_handler_began_and_a_later_one_waits_for_is_a_wait_of_the_actor() {
    let giver = giver(ms(20)).await;
    giver.keep().await.unwrap();
    let answer = giver.await_kept().await.unwrap();
    assert!(is_ring(&answer), "{answer:?}");
}
