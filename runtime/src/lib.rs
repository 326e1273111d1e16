//! Actors with the guarantees of Erlang/OTP, checked by the compiler.
//!
//! A plain struct and a plain impl block become a GenServer. Each method that is marked becomes a message, and a method of
//! the actor's **handle**:
//!
//! ```text
//!            a task                                     the actor
//!   ┌───────────────────────┐   VaultCall::Balance   ┌───────────────────────────┐
//!   │ vault.balance().await │ ─────────────────────▶ │ fn balance(&self) -> u64  │
//!   │                       │ ◀───────────────────── │   one handler at a time   │
//!   └───────────────────────┘   VaultReply::Balance  └───────────────────────────┘
//! ```
//!
//! # Example
//!
//! ```
//! use ghostlight::prelude::*;
//!
//! /// One account.
//! #[actor]
//! struct Account {
//!     balance: u64,
//! }
//!
//! /// Why money did not move.
//! #[derive(Debug, PartialEq)]
//! struct Overdrawn;
//!
//! #[handlers]
//! impl Account {
//!     #[init]
//!     fn open(deposit: u64) -> Self {
//!         Self { balance: deposit }
//!     }
//!
//!     #[cast]
//!     fn deposit(&mut self, amount: u64) {
//!         self.balance += amount;
//!     }
//!
//!     #[call]
//!     fn withdraw(&mut self, amount: u64) -> Result<u64, Overdrawn> {
//!         self.balance = self.balance.checked_sub(amount).ok_or(Overdrawn)?;
//!         Ok(self.balance)
//!     }
//! }
//!
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() -> Result<(), Box<dyn std::error::Error>> {
//! let account = Account::start(100).await?; // an AccountRef
//! account.deposit(20).await?;
//! assert_eq!(account.withdraw(90).await?, Ok(30));
//! assert_eq!(account.withdraw(90).await?, Err(Overdrawn));
//! # Ok(())
//! # }
//! ```
//!
//! # The handle, and what it returns
//!
//! A **call** expects a reply, a **cast** does not. Each method of a handle returns a request, [`Call`] or [`Cast`], and does
//! nothing until the call site says how to make it: `.await`, [`.timeout(..)`](Call::timeout), [`.forget()`](Call::forget),
//! [`.try_send()`](Cast::try_send), [`.blocking()`](Call::blocking). A call's own `Result` is a value like any other:
//! `account.withdraw(90).await?` is a `Result<u64, Overdrawn>`, and `.await??` looks into both. [`Requests`] makes many calls and takes
//! their replies as they come; [`multi_call`] puts one question to many actors.
//!
//! Mailboxes are bounded: 1,024 messages, or `#[actor(mailbox = 64)]`, or `unbounded`. A sender waits while there is no
//! room; what a sender sends arrives in the order in which it was sent.
//!
//! # When something goes wrong
//!
//! | it happens | the caller gets | the actor |
//! |---|---|---|
//! | a handler panics, or a cast returns `Err` | [`CallError::Died`] with the [`ExitReason`] | ends, after `#[terminate]`; a supervised one lives again |
//! | a reply does not come in time | [`CallError::Timeout`] | goes on; a call whose handler had not begun is not run |
//! | a [`ReplyTo`] is dropped | [`CallError::NoReply`] | goes on |
//! | a handler calls an actor that waits for it, or its own | [`CallError::WouldDeadlock`], at once | goes on |
//! | more calls come than can be answered in time | [`CallError::Overloaded`] | answers those that it can |
//! | the actor has ended | [`CallError::NoProc`], or [`CastError::NoProc`] with the message | |
//! | the mailbox is full | waits, within its time; [`CastError::Full`] from `try_send` | |
//! | the caller goes | | a handler that has begun runs to its end; a call that waits is withdrawn |
//! | the runtime ends | [`CallError::NoProc`] | ends, without `#[terminate]`; the state of one that is idle is dropped with its last handle |
//!
//! # Supervision
//!
//! What happens between an actor's beginning and its end is a **life**. A [`Supervisor`] begins the next one: in the same **role**, so that
//! every handle stays good. `#[supervisor]` declares a tree in code, [`Supervisor::builder`] makes one at run time, and a
//! [`DynamicSupervisor`] has children that come and go, a [`PartitionSupervisor`] one for each part of the work. A tree ends with its last
//! handle, or by [`shutdown`](SupervisorRef::shutdown), which says how each child ended and what was left undone; a [`Program`] is a tree that
//! ends in order at SIGTERM and Ctrl-C.
//!
//! ```
//! use ghostlight::prelude::*;
//!
//! #[actor]
//! struct Vault {
//!     balance: u64,
//! }
//!
//! #[handlers]
//! impl Vault {
//!     #[init]
//!     fn open(deposit: u64) -> Self {
//!         Self { balance: deposit }
//!     }
//!
//!     #[call]
//!     fn withdraw(&mut self, amount: u64) -> u64 {
//!         self.balance = self.balance.checked_sub(amount).expect("more than there is");
//!         self.balance
//!     }
//! }
//!
//! struct Bank {
//!     deposit: u64,
//! }
//!
//! #[supervisor(strategy = one_for_one)]
//! impl Bank {
//!     #[child]
//!     fn vault(&self) -> ChildSpec<Vault> {
//!         Vault::child_spec(self.deposit)
//!     }
//! }
//!
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() -> Result<(), Box<dyn std::error::Error>> {
//! let bank = Bank { deposit: 100 }.start().await?; // a BankRef
//! let vault = bank.vault(); // a VaultRef
//! assert_eq!(vault.withdraw(30).await?, 70);
//! assert!(matches!(vault.withdraw(90).await, Err(CallError::Died(_))));
//! assert_eq!(vault.withdraw(30).await?, 70); // the next life
//! # Ok(())
//! # }
//! ```
//!
//! | | the life that crashed | the next one |
//! |---|---|---|
//! | the message that was being handled | is lost; its caller gets [`CallError::Died`] | |
//! | replies that it still owed | their callers get [`CallError::Died`] | |
//! | what waits in the mailbox | | handles it, in order (`#[actor(on_restart = drop)]`: it is lost) |
//! | its timers, monitors, links, continues, streams | are gone | |
//! | its name | | has it |
//! | calls meanwhile | | wait for it, within their time |
//!
//! If no life follows, those who wait are told why the last one ended; after that a call gives [`CallError::NoProc`]. So a [`Down`] does not
//! mean that mail is lost.
//!
//! An actor with `#[terminate]` has its shutdown time to end in order; one without ends at once. A handler that awaits is cut off where it
//! awaits; one that computes cannot be.
//!
//! # Links, monitors, names
//!
//! [`Ctx::monitor`] tells an actor of another's end, and [`ActorRef::monitor`] a future. [`Ctx::link`] makes two end together, unless an
//! `#[info]` handler takes the [`Exit`]. A name finds an actor wherever it is: `const MAIN: VaultRef = VaultRef::named("main")`.
//!
//! # Streams
//!
//! A call that takes a [`StreamTo`] answers many times: `room.listen().await?` is a [`Streaming`], a `Stream` of items that ends with the
//! actor's life, and says why. [`Ctx::attach`] feeds an actor from any `Stream`: the items are messages for an `#[info]` handler, and the next
//! one is asked for when the last has been handled.
//!
//! ```
//! use ghostlight::prelude::*;
//!
//! #[actor]
//! struct Clock;
//!
//! #[handlers]
//! impl Clock {
//!     #[call]
//!     async fn count_down(&mut self, from: u32, out: StreamTo<u32>) {
//!         for n in (0..from).rev() {
//!             if out.send(n).await.is_err() {
//!                 return; // its reader has gone
//!             }
//!         }
//!     }
//! }
//!
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() -> Result<(), Box<dyn std::error::Error>> {
//! let clock = ghostlight::spawn(Clock)?;
//! let mut numbers = clock.count_down(3).await?; // a Streaming<u32>
//! while let Some(n) = numbers.next().await {
//!     println!("{n}");
//! }
//! assert!(numbers.reason().is_none()); // it was not cut off
//! # Ok(())
//! # }
//! ```
//!
//! # Tasks
//!
//! A [`Task`] is a future that runs as an actor: with a pid, monitors, links, and an end that has a reason. Awaiting it gives what the future
//! gave, or a [`TaskError`] if it died. [`Task::spawn`] starts one on its own, [`Ctx::spawn_task`] one that is linked to the actor that
//! starts it, and a [`TaskSupervisor`] keeps any number of them. [`Task::async_stream`] runs one for each element of an input, a few at a time.
//!
//! ```
//! # use ghostlight::prelude::*;
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() -> Result<(), Box<dyn std::error::Error>> {
//! let sum = Task::spawn(async { 1 + 1 })?;
//! // something else meanwhile
//! assert_eq!(sum.await?, 2);
//! # Ok(())
//! # }
//! ```
//!
//! # Protocols
//!
//! What actors of several types can be asked is a trait: `#[protocol]` makes a handle of it, which is the same type whatever the actor is. An actor
//! speaks a protocol by a plain `impl`; in a test of those who ask, so does any other value.
//!
//! ```
//! use ghostlight::prelude::*;
//!
//! #[protocol]
//! trait Lamp {
//!     #[call]
//!     fn is_lit(&self) -> bool;
//!
//!     #[cast]
//!     fn light(&mut self);
//! }
//!
//! #[actor]
//! struct Ghostlight {
//!     lit: bool,
//! }
//!
//! #[handlers]
//! impl Ghostlight {
//!     #[cast]
//!     fn blow_out(&mut self) {
//!         self.lit = false;
//!     }
//! }
//!
//! impl Lamp for Ghostlight {
//!     fn is_lit(&self) -> bool {
//!         self.lit
//!     }
//!
//!     fn light(&mut self) {
//!         self.lit = true;
//!     }
//! }
//!
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() -> Result<(), Box<dyn std::error::Error>> {
//! let ghostlight = ghostlight::spawn(Ghostlight { lit: false })?;
//! let lamp = LampRef::of(&ghostlight);
//! lamp.light().try_send()?;
//! assert!(lamp.is_lit().await?);
//! ghostlight.blow_out().await?;
//! assert!(!lamp.is_lit().await?);
//! # Ok(())
//! # }
//! ```
//!
//! # Who keeps an actor alive
//!
//! A supervised one: its supervisor. Any other: its strong handles, its name, its timers, the streams that feed it, and the messages that
//! wait for it. When the last goes, it ends as [`Normal`](ExitReason::Normal), `#[terminate]` included. A [`WeakRef`] does not count.
//!
//! # Calls that run inline
//!
//! A call to an idle actor whose handler is a plain `fn` runs that handler at once, on the thread of its caller: no queue, no
//! task switch, no allocation. It is still one handler at a time, in order, with panics caught. What you can notice: `join!` of
//! two such calls runs them in turn, task-locals of the caller may be visible, and a handler that computes for long delays its
//! caller's time limit. `#[actor(inline = never)]` turns it off. A handler that blocks its thread belongs in an
//! `#[actor(blocking)]`, which runs on tokio's blocking pool; one that does so now and then uses [`block_in_place`].
//!
//! # What is logged, and telemetry
//!
//! An actor that crashes logs one event through `tracing`, at the error level, with all that is known: its type, name and pid, the reason,
//! the place of a panic, the message that it handled last, who called, how many messages wait, how many lives its role had before. What
//! a handler logs is in a span of its actor. Orderly ends log nothing. The same [`CrashReport`](telemetry::CrashReport), the beginning
//! and the end of each life, calls with the time that they took, and messages that nobody will handle are told to those who
//! [`attach`](telemetry::attach) themselves:
//!
//! ```
//! use ghostlight::telemetry::{self, Event};
//!
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() -> Result<(), Box<dyn std::error::Error>> {
//! telemetry::attach("restarts", |event: &Event<'_>| {
//!     if let Event::Restarted { actor, restarts, .. } = event {
//!         eprintln!("{actor} lives again, for the {restarts}. time");
//!     }
//! })?;
//! # Ok(())
//! # }
//! ```
//!
//! # When not to use an actor
//!
//! To share a value that is read and written in a few instructions, a `Mutex` is simpler. To organise code, a module is. To run
//! something once, a [`Task`] is. An actor is for state that lives, with rules of its own, and fails on its own.
//!
//! # Testing
//!
//! Handlers are methods: call them. [`ReplyTo::pair`] makes the reply of a deferred call, [`StreamTo::pair`] a stream. Everything that waits does so on
//! tokio's clock, so that `#[tokio::test(start_paused = true)]` needs no sleeping.

#![doc(test(attr(deny(warnings))))]

// The crate's own actors are written with its own macros.
extern crate self as ghostlight;

#[doc(hidden)]
#[path = "private.rs"]
pub mod __private0;
mod actor;
mod actor_ref;
mod attached;
mod blocking;
mod call;
mod calling;
mod cast;
mod casting;
mod cell;
mod clock;
mod ctx;
pub mod debug;
mod exit;
mod limits;
mod link;
mod monitor;
mod node;
mod options;
mod pid;
pub mod prelude;
mod program;
mod protocol;
mod registry;
mod reply;
mod requests;
mod role;
mod start;
mod stop;
mod stream;
mod supervisor;
mod sync;
mod target;
mod task;
pub mod telemetry;
mod timer;

pub use crate::{
    actor::{Actor, Handled, Handles, Init, Message, Outcome, Spawn, State},
    actor_ref::{ActorRef, WeakRef},
    attached::{StreamEnd, StreamRef},
    blocking::block_in_place,
    call::{Call, CallError, CallFuture},
    cast::{Calls, Cast, CastError, CastFuture, Casts, Infos, Kind},
    ctx::Ctx,
    exit::{ExitError, ExitReason, PanicMessage},
    link::Exit,
    monitor::{Down, Monitor, MonitorRef},
    options::{Inline, OnRestart, Options, Restart, Shutdown},
    pid::Pid,
    program::{Cause, Ended, NotInOrder, Program, Unstopped},
    protocol::{
        AnyRef, Anyone, ProtocolCall, ProtocolCallFuture, ProtocolCast, ProtocolCastFuture,
    },
    reply::{Answered, ReplyTo},
    requests::{MultiCall, Requests, multi_call},
    role::Role,
    start::{Start, StartError, Starting, spawn},
    stop::{Stop, Stopping},
    stream::{StreamError, StreamTo, Streaming},
    supervisor::{
        AutoShutdown, Backoff, BadCombination, ChildError, ChildInfo, ChildNotStarted, ChildSpec,
        Counts, Drained, DrainedChild, DuplicateChild, DynamicSupervisor, DynamicSupervisorRef,
        PartitionSupervisor, PartitionSupervisorRef, Siblings, Strategy, Supervise, Supervisor,
        SupervisorBuilder, SupervisorOptions, SupervisorRef, Tree,
    },
    task::{AsyncStream, Task, TaskActor, TaskError, TaskSupervisor, TaskSupervisorRef},
    timer::TimerRef,
};
pub use ghostlight_macros::{
    actor, call, cast, child, handle_continue, handlers, info, init, protocol, supervisor,
    terminate,
};

#[cfg(doctest)]
#[doc = include_str!("../../README.md")]
struct Readme;
