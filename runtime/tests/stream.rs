//! Streams out of actors: calls that answer many times.

#![allow(clippy::unwrap_used, reason = "a test may fail in a helper, too")]

use futures_core::Stream;
use ghostlight::prelude::*;
use std::{
    future::poll_fn,
    pin::{Pin, pin},
    task::Poll,
    time::Duration,
};
use tokio::{sync::oneshot, time::timeout};

fn ms(ms: u64) -> Duration {
    Duration::from_millis(ms)
}

/// Tells its readers what it hears.
#[actor]
#[derive(Default)]
struct Room {
    readers: Vec<StreamTo<u32>>,
}

#[handlers(derive(Debug, Clone, PartialEq, Eq, Hash))]
impl Room {
    #[init]
    fn new() -> Self {
        Self::default()
    }

    #[call]
    fn listen(&mut self, out: StreamTo<u32>) {
        self.readers.push(out);
    }

    #[call(capacity = 2)]
    fn listen_closely(&mut self, out: StreamTo<u32>) {
        self.readers.push(out);
    }

    #[call]
    fn lend(&mut self) -> Vec<Lent> {
        self.readers.iter().cloned().map(Lent).collect()
    }

    #[call]
    fn say(&mut self, what: u32) -> usize {
        self.readers.retain(|reader| reader.try_send(what).is_ok());
        self.readers.len()
    }

    #[call]
    fn end_all(&mut self) {
        self.readers.clear();
    }

    #[call]
    fn refuse(&mut self, out: StreamTo<u32>) {
        out.try_send(1).unwrap();
        panic!("refused");
    }

    #[call]
    async fn count(&mut self, to: u32, out: StreamTo<u32>) {
        for n in 0..to {
            if out.send(n).await.is_err() {
                break;
            }
        }
    }

    #[call]
    async fn fail_at(&mut self, last: u32, out: StreamTo<u32>) {
        for n in 0.. {
            assert!(n < last, "that is too far");
            out.send(n).await.ok();
        }
    }

    #[call(timeout = "1s")]
    async fn pass_on(&mut self, other: RoomRef, out: StreamTo<Result<usize, String>>) {
        tokio::time::sleep(ms(3_000)).await;
        let said = other.say(1).await.map_err(|error| error.to_string());
        out.send(said).await.ok();
    }

    #[cast]
    fn crash(&mut self) {
        panic!("crash");
    }
}

/// As a value of a message.
#[derive(Debug, Clone)]
struct Lent(StreamTo<u32>);

impl PartialEq for Lent {
    fn eq(&self, _: &Self) -> bool {
        false
    }
}

impl Eq for Lent {}

impl std::hash::Hash for Lent {
    fn hash<H: std::hash::Hasher>(&self, _: &mut H) {}
}

async fn all<T>(mut stream: Streaming<T>) -> (Vec<T>, Option<ExitReason>) {
    let mut items = Vec::new();
    while let Some(item) = stream.next().await {
        items.push(item);
    }
    assert!(stream.next().await.is_none());
    (items, stream.reason())
}

#[tokio::test(start_paused = true)]
async fn a_call_with_a_stream_gives_the_items_in_order() {
    let room = ghostlight::spawn(Room::default()).unwrap();
    let stream = room.listen().await.unwrap();
    for n in 0..5 {
        assert_eq!(room.say(n).await.unwrap(), 1);
    }
    room.end_all().await.unwrap();
    let (items, reason) = all(stream).await;
    assert_eq!(items, [0, 1, 2, 3, 4]);
    assert!(reason.is_none());
    assert!(room.is_alive());
}

#[tokio::test(start_paused = true)]
async fn it_is_a_stream_like_any_other() {
    async fn first<S: Stream>(stream: S) -> Option<S::Item> {
        let mut stream = pin!(stream);
        poll_fn(|cx| stream.as_mut().poll_next(cx)).await
    }

    let room = ghostlight::spawn(Room::default()).unwrap();
    let stream: Pin<Box<dyn Stream<Item = u32> + Send>> = Box::pin(room.listen().await.unwrap());
    room.say(7).await.unwrap();
    assert_eq!(first(stream).await, Some(7));
}

#[tokio::test(start_paused = true)]
async fn a_reader_that_has_gone_closes_the_stream() {
    let room = ghostlight::spawn(Room::default()).unwrap();
    let stream = room.listen().await.unwrap();
    let Lent(out) = room.lend().await.unwrap().remove(0);
    let closing = tokio::spawn({
        let out = out.clone();
        async move { out.closed().await }
    });
    assert!(!out.is_closed());
    drop(stream);
    closing.await.unwrap();
    assert!(out.is_closed());
    assert_eq!(out.send(1).await, Err(StreamError::Closed(1)));
    assert_eq!(out.try_send(1), Err(StreamError::Closed(1)));
    assert_eq!(room.say(1).await.unwrap(), 0);
}

#[tokio::test(start_paused = true)]
async fn a_call_that_is_forgotten_has_no_reader() {
    let room = ghostlight::spawn(Room::default()).unwrap();
    room.listen().forget().await.unwrap();
    assert_eq!(room.say(1).await.unwrap(), 0);
}

#[tokio::test(start_paused = true)]
async fn sixteen_items_wait_for_a_slow_reader_unless_told_otherwise() {
    let room = ghostlight::spawn(Room::default()).unwrap();
    let mut by_default = room.listen().await.unwrap();
    let mut closely = room.listen_closely().await.unwrap();
    let lent = room.lend().await.unwrap();
    for (Lent(out), room) in lent.iter().zip([16, 2]) {
        for n in 0..room {
            out.try_send(n).unwrap();
        }
        assert_eq!(out.try_send(99), Err(StreamError::Full(99)));
    }
    assert_eq!(by_default.try_get(), Some(0));
    lent[0].0.try_send(16).unwrap();

    let mut sending = pin!(lent[1].0.send(2));
    assert!(timeout(ms(1), sending.as_mut()).await.is_err(), "there is no room");
    assert_eq!(closely.next().await, Some(0));
    sending.await.unwrap();
}

#[tokio::test(start_paused = true)]
async fn a_send_that_waits_fails_when_the_reader_goes() {
    let (out, stream) = StreamTo::pair();
    for n in 0..16 {
        out.send(n).await.unwrap();
    }
    let sending = tokio::spawn(async move { out.send(16).await });
    tokio::task::yield_now().await;
    drop(stream);
    assert_eq!(sending.await.unwrap(), Err(StreamError::Closed(16)));
}

#[tokio::test(start_paused = true)]
async fn a_send_that_waits_fails_when_the_actor_ends() {
    let room = ghostlight::spawn(Room::default()).unwrap();
    let stream = room.listen_closely().await.unwrap();
    let Lent(out) = room.lend().await.unwrap().remove(0);
    let sending = tokio::spawn(async move {
        let mut sent = Vec::new();
        for n in 0.. {
            match out.send(n).await {
                Ok(()) => sent.push(n),
                Err(error) => return (sent, error.into_item()),
            }
        }
        unreachable!("it counts for ever")
    });
    tokio::task::yield_now().await;
    room.stop().await.unwrap();
    assert_eq!(sending.await.unwrap(), (vec![0, 1], 2));
    let (items, reason) = all(stream).await;
    assert_eq!(items, [0, 1]);
    assert!(matches!(reason, Some(ExitReason::Normal)));
}

#[tokio::test(start_paused = true)]
async fn a_crash_ends_the_stream_after_what_was_sent() {
    let room = ghostlight::spawn(Room::default()).unwrap();
    let stream = room.listen().await.unwrap();
    room.say(1).await.unwrap();
    room.crash().await.unwrap();
    let (items, reason) = all(stream).await;
    assert_eq!(items, [1]);
    assert!(matches!(reason, Some(ExitReason::Panic(_))), "{reason:?}");
}

#[tokio::test(start_paused = true)]
async fn a_kill_ends_the_stream() {
    let room = ghostlight::spawn(Room::default()).unwrap();
    let stream = room.listen().await.unwrap();
    room.kill();
    let (items, reason) = all(stream).await;
    assert!(items.is_empty());
    assert!(matches!(reason, Some(ExitReason::Killed)), "{reason:?}");
}

#[tokio::test(start_paused = true)]
async fn a_reader_keeps_no_actor_alive() {
    let room = ghostlight::spawn(Room::default()).unwrap();
    let stream = room.listen().await.unwrap();
    drop(room);
    let (_, reason) = all(stream).await;
    assert!(matches!(reason, Some(ExitReason::Normal)), "{reason:?}");
}

#[tokio::test(start_paused = true)]
async fn the_end_of_the_life_closes_what_others_hold() {
    let room = ghostlight::spawn(Room::default()).unwrap();
    let mut stream = room.listen().await.unwrap();
    let Lent(out) = room.lend().await.unwrap().remove(0);
    out.send(1).await.unwrap();
    room.stop().await.unwrap();
    assert_eq!(out.send(2).await, Err(StreamError::Closed(2)));
    out.closed().await;
    assert_eq!(stream.next().await, Some(1));
    assert_eq!(stream.next().await, None);
}

#[tokio::test(start_paused = true)]
async fn the_next_life_does_not_go_on_with_a_stream() {
    let supervisor = Supervisor::builder(Strategy::OneForOne)
        .child("room", |_| Room::child_spec())
        .start()
        .await
        .unwrap();
    let room = supervisor.child::<Room>("room").unwrap();
    let stream = room.listen().await.unwrap();
    let Lent(out) = room.lend().await.unwrap().remove(0);
    room.crash().await.unwrap();
    assert_eq!(room.say(1).await.unwrap(), 0);
    assert!(out.is_closed());
    assert!(matches!(all(stream).await, (items, Some(ExitReason::Panic(_))) if items.is_empty()));

    let mut again = room.listen().await.unwrap();
    room.say(2).await.unwrap();
    assert_eq!(again.next().await, Some(2));
}

#[test]
fn the_end_of_the_runtime_ends_the_stream() {
    let runtime = || {
        tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_time().build().unwrap()
    };
    let (actors, readers) = (runtime(), runtime());
    let (room, stream) = actors.block_on(async {
        let room = ghostlight::spawn(Room::default()).unwrap();
        let stream = room.listen().await.unwrap();
        (room, stream)
    });
    let (waits, begun) = oneshot::channel();
    let reading = readers.spawn(async move {
        let mut stream = stream;
        poll_fn(|cx| {
            assert!(Pin::new(&mut stream).poll_next(cx).is_pending());
            Poll::Ready(())
        })
        .await;
        waits.send(()).unwrap();
        assert_eq!(stream.next().await, None);
        stream.reason()
    });
    readers.block_on(begun).unwrap();
    drop(actors);
    let reason = readers.block_on(reading).unwrap();
    assert!(matches!(reason, Some(ExitReason::NoProc)), "{reason:?}");
    drop(room);
}

#[tokio::test(start_paused = true)]
async fn a_handler_that_panics_is_seen_by_its_caller() {
    let room = ghostlight::spawn(Room::default()).unwrap();
    let refused = room.refuse().await;
    assert!(matches!(refused, Err(CallError::Died(ExitReason::Panic(_)))), "{refused:?}");
    assert!(matches!(room.listen().await, Err(CallError::NoProc)));
}

#[tokio::test(start_paused = true)]
async fn an_async_handler_may_wait_for_its_reader() {
    let room = ghostlight::spawn(Room::default()).unwrap();
    let stream = room.count(1_000).await.unwrap();
    let (items, reason) = all(stream).await;
    assert!(items.into_iter().eq(0..1_000));
    assert!(reason.is_none());
    // A queued one, too.
    let counted = async || all(room.count(20).await.unwrap()).await.0.len();
    assert_eq!(tokio::join!(counted(), counted()), (20, 20));
}

#[tokio::test(start_paused = true)]
async fn an_async_handler_that_panics_ends_its_stream_with_the_reason() {
    let room = ghostlight::spawn(Room::default()).unwrap();
    let (items, reason) = all(room.fail_at(20).await.unwrap()).await;
    assert!(items.into_iter().eq(0..20));
    assert!(matches!(reason, Some(ExitReason::Panic(_))), "{reason:?}");
    assert!(!room.is_alive());
}

#[tokio::test(start_paused = true)]
async fn the_limit_of_the_caller_ends_with_its_answer() {
    let room = ghostlight::spawn(Room::default()).unwrap();
    let other = ghostlight::spawn(Room::default()).unwrap();
    let (said, _) = all(room.pass_on(other.clone()).await.unwrap()).await;
    assert_eq!(said, [Ok(0)]);
    // Of one that was queued, too.
    let (_, stream) = tokio::join!(room.count(1), room.pass_on(other));
    assert_eq!(all(stream.unwrap()).await.0, [Ok(0)]);
}

#[tokio::test(start_paused = true)]
async fn a_task_that_crashes_with_the_last_sender_is_the_reason() {
    let (out, stream) = StreamTo::pair();
    let task = Task::spawn(async move {
        out.send(1).await.unwrap();
        tokio::task::yield_now().await;
        panic!("no more");
    })
    .unwrap();
    let (items, reason) = all(stream).await;
    assert_eq!(items, [1]);
    assert!(matches!(reason, Some(ExitReason::Panic(_))), "{reason:?}");
    let ended: Result<(), _> = task.await;
    assert!(ended.is_err());
}

#[tokio::test(start_paused = true)]
async fn a_stream_ends_with_the_last_of_its_senders() {
    let (out, mut stream) = StreamTo::pair();
    let other = out.clone();
    drop(out);
    other.send(1).await.unwrap();
    drop(other);
    assert_eq!(stream.try_get(), Some(1));
    assert_eq!(stream.next().await, None);
    assert!(stream.reason().is_none());
}

#[tokio::test(start_paused = true)]
async fn a_call_in_a_ring_is_refused_before_there_is_a_stream() {
    /// Listens to itself.
    #[actor]
    struct Narcissus;

    #[handlers]
    impl Narcissus {
        #[call]
        fn sing(&self, out: StreamTo<u8>) {
            drop(out);
        }

        #[call]
        async fn listen(&mut self, ctx: &mut Ctx<Self>) -> bool {
            matches!(ctx.me().sing().await, Err(CallError::WouldDeadlock { .. }))
        }
    }

    let narcissus = ghostlight::spawn(Narcissus).unwrap();
    assert!(narcissus.listen().await.unwrap());
}

#[test]
fn a_handler_with_a_stream_is_a_plain_method() {
    let mut room = Room::default();
    let (out, mut stream) = StreamTo::pair();
    room.listen(out);
    assert_eq!(room.say(3), 1);
    assert_eq!(stream.try_get(), Some(3));
    assert_eq!(stream.try_get(), None);
}

#[tokio::test(start_paused = true)]
async fn a_stream_that_a_caught_panic_drops_just_ends() {
    /// Survives its own panic.
    #[actor]
    struct Careful;

    #[handlers]
    impl Careful {
        #[call]
        fn try_it(&self, out: StreamTo<u8>) {
            let tried = std::panic::catch_unwind(std::panic::AssertUnwindSafe(move || {
                let _out = out;
                panic!("caught");
            }));
            tried.unwrap_err();
        }
    }

    let careful = ghostlight::spawn(Careful).unwrap();
    let (items, reason) = all(careful.try_it().await.unwrap()).await;
    assert!(items.is_empty());
    assert!(reason.is_none(), "{reason:?}");
    assert!(careful.is_alive());
}

#[tokio::test(start_paused = true)]
async fn a_method_of_a_protocol_returns_the_reading_end() {
    /// Gives numbers.
    #[protocol]
    trait Source {
        #[call]
        fn numbers(&mut self) -> Streaming<u32>;
    }

    impl Source for Room {
        fn numbers(&mut self) -> Streaming<u32> {
            let (out, stream) = StreamTo::pair();
            self.readers.push(out);
            stream
        }
    }

    let room = ghostlight::spawn(Room::default()).unwrap();
    let source = SourceRef::of(&room);
    let stream = source.numbers().await.unwrap();
    room.say(1).await.unwrap();
    room.crash().await.unwrap();
    let (items, reason) = all(stream).await;
    assert_eq!(items, [1]);
    assert!(matches!(reason, Some(ExitReason::Panic(_))), "{reason:?}");
}
