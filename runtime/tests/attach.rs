//! Streams into actors: they feed a life, in turn with its messages.

#![allow(clippy::unwrap_used, reason = "a test may fail in a helper, too")]

use futures_core::Stream;
use ghostlight::{debug, prelude::*};
use std::{
    pin::Pin,
    sync::{
        Arc, Mutex,
        atomic::{AtomicUsize, Ordering},
    },
    task::{Context, Poll},
    time::Duration,
};
use tokio::{sync::mpsc, time::Instant};

fn ms(ms: u64) -> Duration {
    Duration::from_millis(ms)
}

/// A stream out of a channel, which counts how often it is asked.
struct Items {
    items: mpsc::UnboundedReceiver<u32>,
    asked: Arc<AtomicUsize>,
}

impl Stream for Items {
    type Item = u32;

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<u32>> {
        self.asked.fetch_add(1, Ordering::Relaxed);
        self.items.poll_recv(cx)
    }
}

/// The other end.
#[derive(Clone)]
struct Feed {
    items: mpsc::UnboundedSender<u32>,
    asked: Arc<AtomicUsize>,
}

impl Feed {
    fn send(&self, item: u32) {
        self.items.send(item).unwrap();
    }

    fn asked(&self) -> usize {
        self.asked.load(Ordering::Relaxed)
    }
}

fn feed() -> (Feed, Items) {
    let (sender, items) = mpsc::unbounded_channel();
    let asked = Arc::default();
    (Feed { items: sender, asked: Arc::clone(&asked) }, Items { items, asked })
}

/// As many items as one likes.
struct Numbers(u32);

impl Stream for Numbers {
    type Item = u32;

    fn poll_next(mut self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<Option<u32>> {
        self.0 += 1;
        Poll::Ready(Some(self.0))
    }
}

/// Gives nothing, and is always about to.
struct Restless;

impl Stream for Restless {
    type Item = u32;

    fn poll_next(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<u32>> {
        cx.waker().wake_by_ref();
        Poll::Pending
    }
}

/// Panics when it is asked.
struct Broken;

impl Stream for Broken {
    type Item = u32;

    fn poll_next(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<Option<u32>> {
        panic!("broken")
    }
}

type Boxed = Pin<Box<dyn Stream<Item = u32> + Send>>;

/// What an actor has handled, seen from outside.
#[derive(Clone, Default)]
struct Seen(Arc<Mutex<Vec<String>>>);

impl Seen {
    fn note(&self, what: impl Into<String>) {
        self.0.lock().unwrap().push(what.into());
    }

    fn take(&self) -> Vec<String> {
        std::mem::take(&mut *self.0.lock().unwrap())
    }
}

/// Notes what it is fed with.
#[actor]
struct Eater {
    seen: Seen,
    streams: Vec<StreamRef>,
}

#[derive(Clone)]
struct Tick;

#[handlers]
impl Eater {
    #[init]
    fn new(seen: Seen) -> Self {
        Self { seen, streams: Vec::new() }
    }

    #[call]
    fn attach(&mut self, stream: Boxed, ctx: &mut Ctx<Self>) {
        self.streams.push(ctx.attach(stream));
    }

    #[call]
    fn attach_with_end(&mut self, stream: Boxed, ctx: &mut Ctx<Self>) {
        self.streams.push(ctx.attach_with_end(stream));
    }

    #[call]
    fn detach(&mut self, index: usize, ctx: &mut Ctx<Self>) -> bool {
        ctx.detach(self.streams[index])
    }

    #[call]
    async fn detach_in(&mut self, time: Duration, index: usize, ctx: &mut Ctx<Self>) -> bool {
        tokio::time::sleep(time).await;
        ctx.detach(self.streams[index])
    }

    #[call]
    fn tick_every(&mut self, period: Duration, ctx: &mut Ctx<Self>) {
        ctx.send_interval(period, Tick);
    }

    #[call]
    fn ping(&self) -> &'static str {
        "pong"
    }

    #[call]
    fn idle_for(&self, time: Duration, ctx: &mut Ctx<Self>) {
        ctx.idle_timeout(time, EaterInfo::Idle);
    }

    #[cast]
    fn crash(&mut self) {
        panic!("crash");
    }

    #[info]
    fn fed(&mut self, item: u32) {
        self.seen.note(item.to_string());
    }

    #[info]
    fn tick(&mut self, _: Tick) {
        self.seen.note("tick");
    }

    #[info]
    fn idle(&mut self) {
        self.seen.note("idle");
    }

    #[info]
    fn ended(&mut self, end: StreamEnd) {
        assert!(self.streams.contains(&end.stream));
        self.seen.note("end");
    }

    #[terminate]
    fn close(&mut self, reason: &ExitReason) {
        self.seen.note(if reason.is_orderly() { "closed" } else { "crashed" });
    }
}

fn eater() -> (EaterRef, Seen) {
    let seen = Seen::default();
    let eater = ghostlight::spawn(Eater { seen: seen.clone(), streams: Vec::new() }).unwrap();
    (eater, seen)
}

/// Until everybody has had their turn.
async fn settle() {
    tokio::time::sleep(ms(1)).await;
}

#[tokio::test(start_paused = true)]
async fn items_are_handled_in_order() {
    let (eater, seen) = eater();
    let (feed, items) = feed();
    for n in 0..3 {
        feed.send(n);
    }
    eater.attach(Box::pin(items)).await.unwrap();
    settle().await;
    assert_eq!(seen.take(), ["0", "1", "2"]);
    feed.send(3);
    settle().await;
    assert_eq!(seen.take(), ["3"]);
    drop(feed);
    settle().await;
    assert!(seen.take().is_empty(), "it did not ask to be told of the end");
    assert_eq!(eater.ping().await.unwrap(), "pong");
}

#[tokio::test(start_paused = true)]
async fn the_end_is_told_to_those_who_ask() {
    let (eater, seen) = eater();
    let (feed, items) = feed();
    feed.send(1);
    eater.attach_with_end(Box::pin(items)).await.unwrap();
    drop(feed);
    settle().await;
    assert_eq!(seen.take(), ["1", "end"]);
    assert!(!eater.detach(0).await.unwrap());
}

#[tokio::test(start_paused = true)]
async fn the_next_item_is_asked_for_when_the_last_was_handled() {
    /// Takes its time.
    #[actor]
    struct Slow {
        feed: Feed,
        stream: Option<Items>,
        asked: Vec<usize>,
    }

    #[handlers]
    impl Slow {
        #[call]
        fn begin(&mut self, ctx: &mut Ctx<Self>) {
            let stream = self.stream.take();
            ctx.attach(stream.unwrap());
        }

        #[call]
        fn asked(&self) -> Vec<usize> {
            self.asked.clone()
        }

        #[info]
        async fn fed(&mut self, _: u32) {
            tokio::time::sleep(ms(100)).await;
            self.asked.push(self.feed.asked());
        }
    }

    let (feed, items) = feed();
    (0..3).for_each(|n| feed.send(n));
    let slow = Slow { feed: feed.clone(), stream: Some(items), asked: Vec::new() };
    let slow = ghostlight::spawn(slow).unwrap();
    slow.begin().await.unwrap();
    tokio::time::sleep(ms(1_000)).await;
    assert_eq!(slow.asked().await.unwrap(), [1, 2, 3]);
    assert_eq!(feed.asked(), 4);
}

#[tokio::test(start_paused = true)]
async fn a_stream_that_was_detached_is_dropped_and_not_handled() {
    let (eater, seen) = eater();
    let (feed, items) = feed();
    eater.attach_with_end(Box::pin(items)).await.unwrap();
    let detaching = tokio::spawn(eater.detach_in(ms(10), 0).owned().into_future());
    settle().await;
    feed.send(1);
    assert!(detaching.await.unwrap().unwrap());
    assert!(feed.items.is_closed());
    assert!(!eater.detach(0).await.unwrap());
    settle().await;
    assert!(seen.take().is_empty());
}

#[tokio::test(start_paused = true)]
async fn a_stream_that_panics_crashes_the_actor() {
    let (eater, seen) = eater();
    let end = eater.monitor();
    eater.attach(Box::pin(Broken)).await.unwrap();
    assert!(matches!(end.await.reason, ExitReason::Panic(_)));
    assert_eq!(seen.take(), ["crashed"]);
}

#[tokio::test(start_paused = true)]
async fn a_stream_ends_with_the_life_that_attached_it() {
    let seen = Seen::default();
    let given = seen.clone();
    let supervisor = Supervisor::builder(Strategy::OneForOne)
        .child("eater", move |_| Eater::child_spec(given.clone()))
        .start()
        .await
        .unwrap();
    let eater = supervisor.child::<Eater>("eater").unwrap();
    let (feed, items) = feed();
    eater.attach_with_end(Box::pin(items)).await.unwrap();
    eater.crash().await.unwrap();
    assert_eq!(eater.ping().await.unwrap(), "pong");
    assert!(feed.items.is_closed());
    settle().await;
    assert_eq!(seen.take(), ["crashed"]);
}

#[tokio::test(start_paused = true)]
async fn a_stream_keeps_an_actor_alive_that_nobody_has_a_handle_to() {
    let (eater, seen) = eater();
    let (feed, items) = feed();
    eater.attach(Box::pin(items)).await.unwrap();
    drop(eater);
    settle().await;
    feed.send(1);
    settle().await;
    assert_eq!(seen.take(), ["1"]);
    drop(feed);
    settle().await;
    assert_eq!(seen.take(), ["closed"]);
}

#[tokio::test(start_paused = true)]
async fn a_stream_without_end_keeps_neither_messages_nor_timers_nor_others_waiting() {
    let (eater, seen) = eater();
    let (feed, items) = feed();
    eater.tick_every(ms(5)).await.unwrap();
    eater.attach(Box::pin(Numbers(1_000))).await.unwrap();
    eater.attach(Box::pin(items)).await.unwrap();
    feed.send(7);
    for _ in 0..10 {
        assert_eq!(eater.ping().await.unwrap(), "pong");
    }
    let items = seen.take();
    assert!(items.contains(&"7".to_owned()), "{items:?}");
    assert!(items.contains(&"1001".to_owned()), "{items:?}");

    // The clock does not advance by itself while somebody is busy.
    tokio::time::advance(ms(10)).await;
    assert_eq!(eater.ping().await.unwrap(), "pong");
    let items = seen.take();
    assert!(items.contains(&"tick".to_owned()), "{items:?}");
    eater.kill();
}

#[tokio::test(start_paused = true)]
async fn timers_that_are_always_due_do_not_keep_a_stream_waiting() {
    /// Is always late.
    #[actor]
    struct Late {
        ticks: u32,
    }

    #[handlers]
    impl Late {
        #[call]
        fn begin(&self, stream: Boxed, ctx: &mut Ctx<Self>) {
            ctx.send_interval(ms(1), Tick);
            ctx.attach(stream);
        }

        #[info]
        async fn tick(&mut self, _: Tick) {
            self.ticks += 1;
            tokio::time::sleep(ms(3)).await;
        }

        #[info]
        fn fed(&mut self, _: u32, ctx: &mut Ctx<Self>) {
            assert!(self.ticks <= 2);
            ctx.stop(ExitReason::Normal);
        }
    }

    let late = ghostlight::spawn(Late { ticks: 0 }).unwrap();
    let (feed, items) = feed();
    let end = late.monitor();
    late.begin(Box::pin(items)).await.unwrap();
    feed.send(1);
    assert!(end.await.reason.is_orderly());
}

#[tokio::test(start_paused = true)]
async fn a_stream_that_wakes_itself_leaves_room_for_others() {
    let (eater, _seen) = eater();
    eater.attach(Box::pin(Restless)).await.unwrap();
    for _ in 0..3 {
        assert_eq!(eater.ping().await.unwrap(), "pong");
        tokio::task::yield_now().await;
    }
    eater.stop().await.unwrap();
}

#[tokio::test(start_paused = true)]
async fn only_streams_with_something_to_say_are_asked() {
    let (eater, seen) = eater();
    let feeds: Vec<_> = (0..100)
        .map(|_| {
            let (feed, items) = feed();
            (feed, Some(items))
        })
        .collect();
    let mut quiet = Vec::new();
    for (feed, items) in feeds {
        eater.attach(Box::pin(items.unwrap())).await.unwrap();
        quiet.push(feed);
    }
    settle().await;
    for feed in &quiet {
        assert_eq!(feed.asked(), 1);
    }
    quiet[42].send(5);
    eater.ping().await.unwrap();
    settle().await;
    assert_eq!(seen.take(), ["5"]);
    assert_eq!(quiet[42].asked(), 3);
    assert_eq!(quiet.iter().map(Feed::asked).sum::<usize>(), 102);
}

#[tokio::test(start_paused = true)]
async fn an_item_is_a_message_for_the_idle_timeout() {
    let (eater, seen) = eater();
    let (feed, items) = feed();
    eater.attach(Box::pin(items)).await.unwrap();
    eater.idle_for(ms(100)).await.unwrap();
    tokio::time::sleep(ms(50)).await;
    feed.send(1);
    tokio::time::sleep(ms(1_000)).await;
    assert_eq!(seen.take(), ["1"]);
    let began = Instant::now();
    eater.idle_for(ms(100)).await.unwrap();
    while seen.take().is_empty() {
        tokio::time::sleep(ms(10)).await;
    }
    assert!(began.elapsed() >= ms(100));
}

#[tokio::test(start_paused = true)]
async fn items_wait_while_the_actor_is_suspended() {
    let (eater, seen) = eater();
    let (feed, items) = feed();
    eater.attach(Box::pin(items)).await.unwrap();
    let suspended = debug::suspend(&eater).await.unwrap();
    feed.send(1);
    settle().await;
    assert!(seen.take().is_empty());
    drop(suspended);
    settle().await;
    assert_eq!(seen.take(), ["1"]);
}

#[tokio::test(start_paused = true)]
async fn an_actor_is_fed_by_another() {
    /// Counts.
    #[actor]
    struct Counter;

    #[handlers]
    impl Counter {
        #[call]
        async fn count(&mut self, to: u32, out: StreamTo<u32>) {
            for n in 1..=to {
                if out.send(n).await.is_err() {
                    break;
                }
            }
        }
    }

    let (eater, seen) = eater();
    let counter = ghostlight::spawn(Counter).unwrap();
    eater.attach_with_end(Box::pin(counter.count(100).await.unwrap())).await.unwrap();
    settle().await;
    let seen = seen.take();
    assert_eq!(seen.len(), 101);
    assert_eq!(seen[99..], ["100", "end"]);
}

#[tokio::test(start_paused = true)]
async fn an_actor_ends_while_streams_feed_it() {
    let (eater, seen) = eater();
    let (feed, items) = feed();
    eater.attach(Box::pin(items)).await.unwrap();
    eater.stop().await.unwrap();
    assert!(feed.items.is_closed());
    assert_eq!(seen.take(), ["closed"]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn no_item_is_lost_between_threads() {
    let (eater, seen) = eater();
    let (feed, items) = feed();
    eater.attach_with_end(Box::pin(items)).await.unwrap();
    let sending = tokio::spawn(async move {
        for n in 0..2_000 {
            feed.send(n);
            if n % 7 == 0 {
                tokio::task::yield_now().await;
            }
        }
    });
    for _ in 0..200 {
        eater.ping().await.unwrap();
    }
    sending.await.unwrap();
    let end = eater.monitor();
    drop(eater);
    assert!(end.await.reason.is_orderly());
    let seen = seen.take();
    assert_eq!(seen.len(), 2_002);
    assert!(seen.iter().take(2_000).enumerate().all(|(n, item)| *item == n.to_string()));
    assert_eq!(seen[2_000..], ["end", "closed"]);
}
