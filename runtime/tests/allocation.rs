//! What a message costs in allocations: nothing, once an actor has been warmed up. And how small an actor is.
//!
//! Its own binary, with one test, because it counts the allocations of the whole process.

#![allow(clippy::unwrap_used, reason = "a test may fail in a helper, too")]

use ghostlight::prelude::*;
use std::{
    alloc::{GlobalAlloc, Layout, System},
    sync::atomic::{AtomicUsize, Ordering},
};
use tokio::runtime::Builder;

struct Counting;

static COUNT: AtomicUsize = AtomicUsize::new(0);
static BYTES: AtomicUsize = AtomicUsize::new(0);

#[allow(unsafe_code, reason = "an allocator that counts")]
// SAFETY: hands everything on to the system's allocator.
unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        COUNT.fetch_add(1, Ordering::Relaxed);
        BYTES.fetch_add(layout.size(), Ordering::Relaxed);
        // SAFETY: the caller's contract is `System`'s.
        unsafe { System.alloc(layout) }
    }

    unsafe fn dealloc(&self, place: *mut u8, layout: Layout) {
        BYTES.fetch_sub(layout.size(), Ordering::Relaxed);
        // SAFETY: the caller's contract is `System`'s.
        unsafe { System.dealloc(place, layout) }
    }

    unsafe fn realloc(&self, place: *mut u8, layout: Layout, size: usize) -> *mut u8 {
        COUNT.fetch_add(1, Ordering::Relaxed);
        BYTES.fetch_add(size.wrapping_sub(layout.size()), Ordering::Relaxed);
        // SAFETY: the caller's contract is `System`'s.
        unsafe { System.realloc(place, layout, size) }
    }
}

/// Bytes of an idle actor, with a state of 8 bytes and replies of up to 32. A little more than it is.
const SMALL: usize = 336;

#[global_allocator]
static ALLOCATOR: Counting = Counting;

/// Begins its `async` handlers on their caller's thread.
#[actor(inline = always)]
struct Eager(u64);

#[handlers]
impl Eager {
    #[call]
    async fn add(&mut self, n: u64) -> u64 {
        self.0 += std::future::ready(n).await;
        self.0
    }
}

/// Runs its calls on their caller's thread.
#[actor]
struct Inline(u64);

#[handlers]
impl Inline {
    #[call]
    fn add(&mut self, n: u64) -> u64 {
        self.0 += n;
        self.0
    }

    #[call]
    fn wide(&self) -> [u64; 4] {
        [self.0; 4]
    }

    #[call]
    fn later(&self, reply: ReplyTo<u64>) {
        reply.send(self.0);
    }

    #[call]
    async fn slowly(&mut self) -> u64 {
        tokio::task::yield_now().await;
        self.0
    }

    #[cast]
    fn set(&mut self, n: u64) {
        self.0 = n;
    }

    #[cast]
    fn fail_if(&mut self, n: u64) -> Result<(), std::io::Error> {
        if self.0 == n { Err(std::io::Error::other("equal")) } else { Ok(()) }
    }
}

/// Never runs inline.
#[actor(inline = never)]
struct Queued(u64);

#[handlers]
impl Queued {
    #[call]
    fn add(&mut self, n: u64) -> u64 {
        self.0 += n;
        self.0
    }
}

/// What both speak.
#[protocol]
trait Adds {
    #[call]
    fn plus(&mut self, n: u64) -> u64;

    #[call]
    async fn plus_later(&mut self, n: u64) -> u64;

    #[cast]
    fn reset(&mut self);
}

macro_rules! adds {
    ($($actor:ident)*) => {$(
        impl Adds for $actor {
            fn plus(&mut self, n: u64) -> u64 {
                self.0 += n;
                self.0
            }

            async fn plus_later(&mut self, n: u64) -> u64 {
                tokio::task::yield_now().await;
                self.plus(n)
            }

            fn reset(&mut self) {
                self.0 = 0;
            }
        }
    )*};
}

adds!(Inline Queued);

const TIMES: usize = 2_000;

/// How many allocations `TIMES` runs of `work` make, once it has been warmed up by as many.
async fn allocations(mut work: impl AsyncFnMut()) -> usize {
    for _ in 0..TIMES {
        work().await;
    }
    let before = COUNT.load(Ordering::Relaxed);
    for _ in 0..TIMES {
        work().await;
    }
    COUNT.load(Ordering::Relaxed) - before
}

#[test]
fn messages_allocate_nothing_and_an_actor_once() {
    casts_and_calls_allocate_nothing();
    a_message_of_a_protocol_is_one_allocation();
    an_idle_actor_is_a_small_allocation();
}

fn casts_and_calls_allocate_nothing() {
    for threads in [0, 2] {
        let runtime = match threads {
            0 => Builder::new_current_thread().enable_time().build(),
            n => Builder::new_multi_thread().worker_threads(n).enable_time().build(),
        };
        let work = runtime.unwrap().block_on(count());
        for (name, allocations) in work {
            // A mailbox may grow once more, and a thread make its first reply of a kind; everything else is nothing.
            assert!(
                allocations <= TIMES / 100,
                "{allocations} allocations in {TIMES} × {name} with {threads} workers"
            );
        }
    }
}

async fn count() -> Vec<(&'static str, usize)> {
    let inline = ghostlight::spawn(Inline(0)).unwrap();
    let queued = ghostlight::spawn(Queued(0)).unwrap();
    let eager = ghostlight::spawn(Eager(0)).unwrap();
    vec![
        ("a call that runs inline", allocations(async || _ = inline.add(1).await.unwrap()).await),
        (
            "a call with 32 bytes of reply",
            allocations(async || _ = inline.wide().await.unwrap()).await,
        ),
        ("a call that is queued", allocations(async || _ = queued.add(1).await.unwrap()).await),
        (
            "a call answered through `ReplyTo`",
            allocations(async || _ = inline.later().await.unwrap()).await,
        ),
        (
            "a call of an async handler",
            allocations(async || _ = inline.slowly().await.unwrap()).await,
        ),
        (
            "a call of an async handler that begins on its caller's thread",
            allocations(async || _ = eager.add(1).await.unwrap()).await,
        ),
        (
            "casts",
            allocations(async || {
                for n in 0..10 {
                    inline.set(n).await.unwrap();
                }
                inline.fail_if(99).await.unwrap();
                inline.add(1).await.unwrap();
            })
            .await,
        ),
    ]
}

fn a_message_of_a_protocol_is_one_allocation() {
    let runtime = Builder::new_current_thread().enable_time().build().unwrap();
    runtime.block_on(async {
        let inline = AddsRef::of(&ghostlight::spawn(Inline(0)).unwrap());
        let queued = AddsRef::of(&ghostlight::spawn(Queued(0)).unwrap());
        for (name, allocations) in [
            ("inline", allocations(async || _ = inline.plus(1).await.unwrap()).await),
            ("queued", allocations(async || _ = queued.plus(1).await.unwrap()).await),
            ("async", allocations(async || _ = inline.plus_later(1).await.unwrap()).await),
            ("async, queued", allocations(async || _ = queued.plus_later(1).await.unwrap()).await),
        ] {
            assert!(
                (TIMES..=TIMES + TIMES / 100).contains(&allocations),
                "{allocations} allocations in {TIMES} × a call that is {name}"
            );
        }
        let casts = allocations(async || {
            for _ in 0..9 {
                inline.reset().await.unwrap();
            }
            inline.plus(1).await.unwrap();
        });
        let casts = casts.await;
        assert!(casts <= 10 * TIMES + TIMES / 10, "{casts} allocations in {TIMES} × 10 messages");
    });
}

fn an_idle_actor_is_a_small_allocation() {
    let runtime = Builder::new_current_thread().enable_time().build().unwrap();
    runtime.block_on(async {
        drop(ghostlight::spawn(Inline(0)).unwrap());
        let (before, bytes) = (COUNT.load(Ordering::Relaxed), BYTES.load(Ordering::Relaxed));
        let actors: [_; 100] =
            std::array::from_fn(|n| ghostlight::spawn(Inline(n as u64)).unwrap());
        assert_eq!(COUNT.load(Ordering::Relaxed) - before, 100, "the cell, and the life in it");
        let bytes = (BYTES.load(Ordering::Relaxed) - bytes) / 100;
        assert!(bytes <= SMALL, "{bytes} bytes for an idle actor");
        drop(actors);
    });
}
