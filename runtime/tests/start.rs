//! Every outcome of a start, and what it leaves behind: nothing.

#![allow(clippy::unwrap_used, reason = "a test may fail in a helper, too")]

use ghostlight::prelude::*;
use std::{
    io,
    sync::{
        Arc,
        atomic::{AtomicU32, Ordering},
    },
    time::Duration,
};
use tokio::{sync::Notify, time::Instant};

fn ms(ms: u64) -> Duration {
    Duration::from_millis(ms)
}

/// Begins as it is told.
#[actor]
struct Guest {
    _room: Arc<()>,
}

#[derive(Clone, Copy, Debug)]
enum Begin {
    Well,
    Ignoring,
    Failing,
    Panicking,
    /// After this long.
    Late(Duration),
    /// Killed by itself.
    Killed,
}

#[handlers]
impl Guest {
    #[init]
    async fn open(
        begin: Begin,
        room: Arc<()>,
        ctx: &mut Ctx<Self>,
    ) -> Result<Option<Self>, io::Error> {
        match begin {
            Begin::Well => {}
            Begin::Ignoring => return Ok(None),
            Begin::Failing => return Err(io::Error::other("no room")),
            Begin::Panicking => panic!("no floor"),
            Begin::Late(time) => tokio::time::sleep(time).await,
            Begin::Killed => {
                ctx.me().kill();
                std::future::pending::<()>().await;
            }
        }
        Ok(Some(Self { _room: room }))
    }

    #[call]
    fn serve(&self) -> u8 {
        1
    }
}

/// OTP: `gen_server_SUITE/start`
#[tokio::test(start_paused = true)]
async fn an_init_may_choose_not_to_start_the_actor() {
    let start = Guest::start(Begin::Ignoring, Arc::default()).await;
    assert!(matches!(start, Err(StartError::Ignored)), "{start:?}");
    assert_eq!(start.unwrap_err().to_string(), "the actor's init chose not to start it");
}

/// OTP: `gen_server_SUITE/start`
#[tokio::test(start_paused = true)]
async fn a_start_that_takes_too_long_is_over() {
    let (began, room) = (Instant::now(), Arc::new(()));
    let start = Guest::start(Begin::Late(ms(200)), room.clone()).timeout(ms(50)).await;
    assert!(matches!(start, Err(StartError::Timeout)), "{start:?}");
    assert!(began.elapsed() < ms(70));
    assert_eq!(Arc::strong_count(&room), 1, "the init has gone");

    let start = Guest::start(Begin::Late(ms(20)), room).timeout(ms(50)).await;
    assert_eq!(start.unwrap().serve().await.unwrap(), 1);
}

/// OTP: `gen_server_SUITE/loop_start_fail`, `gen_server_SUITE/otp_7669`
#[tokio::test(start_paused = true)]
async fn a_start_that_fails_leaves_nothing_behind_and_may_be_tried_again_at_once() {
    let room = Arc::new(());
    for _ in 0..100 {
        for begin in
            [Begin::Ignoring, Begin::Failing, Begin::Panicking, Begin::Late(ms(2)), Begin::Killed]
        {
            let start = Guest::start(begin, room.clone()).name("guest").timeout(ms(1)).await;
            let as_told = match begin {
                Begin::Ignoring => matches!(start, Err(StartError::Ignored)),
                Begin::Failing => matches!(start, Err(StartError::Init(ExitReason::Error(_)))),
                Begin::Panicking => matches!(start, Err(StartError::Init(ExitReason::Panic(_)))),
                Begin::Late(_) => matches!(start, Err(StartError::Timeout)),
                Begin::Killed => matches!(start, Err(StartError::Init(ExitReason::Killed))),
                Begin::Well => false,
            };
            assert!(as_told, "{begin:?}: {start:?}");
            assert!(!GuestRef::named("guest").is_alive());
            assert_eq!(Arc::strong_count(&room), 1, "{begin:?} has gone");
        }
    }
    let guest = Guest::start(Begin::Well, room).name("guest").await.unwrap();
    assert_eq!(guest.serve().await.unwrap(), 1);
}

#[tokio::test(start_paused = true)]
async fn whoever_is_killed_while_it_begins_never_serves() {
    let start =
        tokio::spawn(Guest::start(Begin::Late(ms(100)), Arc::default()).name("g").into_future());
    while !GuestRef::named("g").is_alive() {
        tokio::task::yield_now().await;
    }
    let guest = GuestRef::named("g");
    let call = tokio::spawn(guest.serve().owned().into_future());
    let (began, end) = (Instant::now(), guest.monitor());
    tokio::task::yield_now().await;
    guest.kill();
    let start = start.await.unwrap();
    assert!(matches!(start, Err(StartError::Init(ExitReason::Killed))), "{start:?}");
    assert!(matches!(end.await.reason, ExitReason::Killed));
    let answer = call.await.unwrap();
    assert!(matches!(answer, Err(CallError::Died(ExitReason::Killed))), "{answer:?}");
    assert!(began.elapsed() < ms(10), "at once");
}

/// Starts a child that is linked to it, and waits for it.
#[actor]
struct Host {
    gate: Arc<Notify>,
}

#[handlers]
impl Host {
    #[cast]
    async fn invite(&mut self, begin: Begin, ctx: &mut Ctx<Self>) {
        let guest = ctx.start_link(Guest::start(begin, Arc::default()).name("invited"));
        drop(guest.await);
        self.gate.notify_one();
    }

    #[call]
    fn serve(&self) -> u8 {
        2
    }
}

/// OTP: `gen_server_SUITE/start`, `supervisor_SUITE/sup_start_ignore_init`
#[tokio::test(start_paused = true)]
async fn a_linked_starter_gets_no_exit_signal_from_a_start_that_fails() {
    for begin in [Begin::Ignoring, Begin::Failing, Begin::Panicking, Begin::Killed] {
        let host = ghostlight::spawn(Host { gate: Arc::default() }).unwrap();
        host.invite(begin).await.unwrap();
        assert_eq!(host.serve().await.unwrap(), 2, "{begin:?}");
    }
}

/// A lamp that is lit at the third start.
#[actor]
struct Lamp;

#[handlers]
impl Lamp {
    #[init]
    fn light(starts: Arc<AtomicU32>) -> Option<Self> {
        (starts.fetch_add(1, Ordering::Relaxed) >= 2).then_some(Self)
    }

    #[call]
    fn is_lit(&self) -> bool {
        true
    }
}

#[tokio::test(start_paused = true)]
async fn an_init_that_is_a_plain_fn_may_ignore_too() {
    let starts = Arc::new(AtomicU32::new(0));
    for _ in 0..2 {
        assert!(matches!(Lamp::start(starts.clone()).await, Err(StartError::Ignored)));
    }
    assert!(Lamp::start(starts).await.unwrap().is_lit().await.unwrap());
}
