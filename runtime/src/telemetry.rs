//! Telemetry: what happens to the actors of a runtime, told to those who want to know.
//!
//! A [`Sink`] is attached under an id, to the runtime that [`attach`] is called in, and gets every [`Event`] of its actors: at once, on
//! the thread where it happens. So it is to be quick: it counts, or hands on what it wants to keep. One that panics is detached.
//! As Elixir's `:telemetry`.
//!
//! An actor that crashes is reported whether a sink is attached or not: its [`CrashReport`] is logged through `tracing`, at the error
//! level. [`redact`] takes out what nobody is to see.
//!
//! # Examples
//! ```
//! use ghostlight::{prelude::*, telemetry::{self, Event}};
//! use std::sync::{Arc, atomic::{AtomicUsize, Ordering}};
//!
//! #[actor]
//! struct Press;
//!
//! #[handlers]
//! impl Press {
//!     #[call]
//!     fn print(&mut self) {
//!         panic!("no ink");
//!     }
//! }
//!
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() -> Result<(), Box<dyn std::error::Error>> {
//! let crashes = Arc::new(AtomicUsize::new(0));
//! let count = crashes.clone();
//! telemetry::attach("crashes", move |event: &Event<'_>| {
//!     if let Event::Crashed(report) = event {
//!         assert_eq!(report.last_message, Some("print"));
//!         count.fetch_add(1, Ordering::Relaxed);
//!     }
//! })?;
//! let press = ghostlight::spawn(Press)?;
//! assert!(press.print().await.is_err());
//! assert_eq!(crashes.load(Ordering::Relaxed), 1);
//! # Ok(())
//! # }
//! ```

mod crash_report;

pub use self::crash_report::CrashReport;

use crate::{
    ExitReason, Pid,
    cell::shield::{let_go, reason, shielded},
    node::Node,
    sync::lock,
};
use std::{
    borrow::Cow,
    error::Error,
    fmt,
    panic::{AssertUnwindSafe, catch_unwind},
    sync::{
        Arc, Mutex,
        atomic::{AtomicU8, Ordering},
    },
    time::Duration,
};

/// Gets the events of a runtime's actors. Every `Fn(&Event<'_>)` is one.
pub trait Sink: Send + Sync {
    /// Something has happened.
    ///
    /// This runs on the thread where it happened, which may be in the middle of an actor: it is neither to block nor to take long.
    fn event(&self, event: &Event<'_>);

    /// Whether it wants [`Event::Called`]; asked once, when the sink is attached.
    ///
    /// It does not unless it says so: each such event costs two readings of the clock, and a third where the call waits.
    fn wants_calls(&self) -> bool {
        false
    }
}

impl<F: Fn(&Event<'_>) + Send + Sync> Sink for F {
    fn event(&self, event: &Event<'_>) {
        self(event);
    }
}

/// What happened to an actor. `actor` is the name of its type.
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub enum Event<'a> {
    /// A life has begun: its `#[init]` is done, and it serves from now on.
    #[non_exhaustive]
    Started {
        /// The type of the actor.
        actor: &'static str,
        /// The life.
        pid: Pid,
        /// The name that it is registered under.
        name: Option<&'a str>,
    },
    /// The life that [`Started`](Self::Started) told of is not the first in its role.
    #[non_exhaustive]
    Restarted {
        /// The type of the actor.
        actor: &'static str,
        /// The new life.
        pid: Pid,
        /// How many lives the role had before.
        restarts: u64,
    },
    /// The handler of a call has run. Only for sinks that [want](Sink::wants_calls) it.
    #[non_exhaustive]
    Called {
        /// The type of the actor.
        actor: &'static str,
        /// The life.
        pid: Pid,
        /// The method that handled the call.
        message: &'static str,
        /// How long the call was in the mailbox. `None` where nobody waited for its reply, or it was sent before the sink was attached.
        waited: Option<Duration>,
        /// How long the handler took.
        handled: Duration,
    },
    /// A life is about to end for a reason that is not [orderly](ExitReason::is_orderly), by a fault of its own: not by an exit signal,
    /// which is somebody else's crash, nor because it was killed.
    Crashed(&'a CrashReport),
    /// A life has ended.
    #[non_exhaustive]
    Stopped {
        /// The type of the actor.
        actor: &'static str,
        /// The life.
        pid: Pid,
        /// Why; [`NoProc`](ExitReason::NoProc) where its runtime has ended.
        reason: &'a ExitReason,
    },
    /// Messages will be handled by nobody: casts, infos, and calls that want no answer, which an actor left in its mailbox.
    ///
    /// One that was sent to an actor that has ended is given back to its sender, and is none.
    #[non_exhaustive]
    DeadLetter {
        /// The type of the actor.
        actor: &'static str,
        /// The life that ended; `None` where the role was between two lives.
        pid: Option<Pid>,
        /// The method that would have handled them.
        message: &'static str,
        /// How many.
        count: usize,
    },
}

/// Attaches a sink to the current runtime, under an id of its own.
///
/// It stays until it is [detached](detach), or panics. Sinks are told in the order in which they were attached. As `:telemetry.attach/4`.
///
/// # Errors
/// [`AttachError`]: the id is taken, or there is no runtime here.
///
/// # Panics
/// If the tokio runtime has no timers (`enable_time`).
pub fn attach(
    id: impl Into<Cow<'static, str>>,
    sink: impl Sink + 'static,
) -> Result<(), AttachError> {
    let node = Node::current().map_err(|_| AttachError::NoRuntime)?;
    let (id, wants_calls) = (id.into(), sink.wants_calls());
    node.telemetry.attach(Attached { id, wants_calls, sink: Arc::new(sink) })
}

/// Detaches a sink from the current runtime. Says whether there was one of this id.
///
/// An event that another thread is telling it of at this moment may still come. As `:telemetry.detach/1`.
///
/// # Panics
/// If the tokio runtime has no timers (`enable_time`).
#[allow(clippy::must_use_candidate, reason = "whoever detaches a sink knows, as a rule")]
pub fn detach(id: &str) -> bool {
    Node::current().is_ok_and(|node| node.telemetry.detach(|attached| attached.id == id))
}

/// Changes every crash report of the current runtime before anybody sees it: the log, and every sink.
///
/// For reports only: those who monitor the actor or wait for its reply are told the reason as it is, and so is [`Event::Stopped`]. Given
/// several times, all of them run, in order. One that panics takes the reason and the message out.
///
/// # Errors
/// [`AttachError::NoRuntime`] outside of a tokio runtime.
///
/// # Panics
/// If the tokio runtime has no timers (`enable_time`).
///
/// # Examples
/// ```
/// # use ghostlight::{ExitReason, telemetry};
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// telemetry::redact(|report| {
///     if report.reason.to_string().contains("password") {
///         report.reason = ExitReason::crash("(not shown)");
///     }
/// })?;
/// # Ok(())
/// # }
/// ```
pub fn redact(
    redaction: impl Fn(&mut CrashReport) + Send + Sync + 'static,
) -> Result<(), AttachError> {
    let node = Node::current().map_err(|_| AttachError::NoRuntime)?;
    let mut redactions = lock(&node.telemetry.redactions);
    *redactions = redactions.iter().cloned().chain([Arc::new(redaction) as Redaction]).collect();
    Ok(())
}

/// From now on the crash reports of the current runtime show the last message with its arguments, where the actor's messages are
/// `Debug`: `#[handlers(derive(Debug))]`.
///
/// A handler consumes its arguments. So each such message is formatted before it is handled, whatever becomes of it: this is for those
/// who look for a fault, and can bear that it takes a microsecond or more. What the arguments may hold that nobody is to see,
/// [`redact`] takes out.
///
/// # Errors
/// [`AttachError::NoRuntime`] outside of a tokio runtime.
///
/// # Panics
/// If the tokio runtime has no timers (`enable_time`).
///
/// # Examples
/// ```
/// use ghostlight::{prelude::*, telemetry::{self, Event}};
///
/// #[actor]
/// struct Press;
///
/// #[handlers(derive(Debug))]
/// impl Press {
///     #[call]
///     fn print(&mut self, copies: u32) {
///         assert!(copies < 100, "no paper");
///     }
/// }
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// telemetry::show_messages()?;
/// telemetry::attach("crashes", |event: &Event<'_>| {
///     if let Event::Crashed(report) = event {
///         assert_eq!(report.last_message_shown.as_deref(), Some("Print { copies: 500 }"));
///     }
/// })?;
/// let press = ghostlight::spawn(Press)?;
/// assert!(press.print(500).await.is_err());
/// # Ok(())
/// # }
/// ```
pub fn show_messages() -> Result<(), AttachError> {
    let node = Node::current().map_err(|_| AttachError::NoRuntime)?;
    node.telemetry.wanted.0.fetch_or(MESSAGES, Ordering::Relaxed);
    Ok(())
}

/// Why a sink was not attached.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum AttachError {
    /// Another sink has the id. `:telemetry`'s `already_exists`.
    AlreadyAttached,
    /// There is no tokio runtime here.
    NoRuntime,
}

impl fmt::Display for AttachError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::AlreadyAttached => "another sink is attached under this id",
            Self::NoRuntime => "there is no tokio runtime here",
        })
    }
}

impl Error for AttachError {}

/// The sinks of a runtime.
#[derive(Default)]
pub(crate) struct Telemetry {
    wanted: Wanted,
    attached: Mutex<Arc<[Attached]>>,
    redactions: Mutex<Arc<[Redaction]>>,
}

/// What the sinks want. Read at every call, and hardly ever written: so it has a cache line of its own.
#[derive(Default)]
#[repr(align(64))]
struct Wanted(AtomicU8);

/// There is a sink.
const EVENTS: u8 = 1;
/// There is one that wants calls.
const CALLS: u8 = 2;
/// Crash reports show messages.
const MESSAGES: u8 = 4;

/// What is wanted of the messages that are handled.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Watched(u8);

impl Watched {
    #[inline]
    pub(crate) fn is_any(self) -> bool {
        self.0 != 0
    }

    /// Calls are to be timed.
    #[inline]
    pub(crate) fn is_timed(self) -> bool {
        self.0 & CALLS != 0
    }

    /// Messages are to be shown in crash reports.
    pub(crate) fn is_shown(self) -> bool {
        self.0 & MESSAGES != 0
    }
}

#[derive(Clone)]
struct Attached {
    id: Cow<'static, str>,
    wants_calls: bool,
    sink: Arc<dyn Sink>,
}

type Redaction = Arc<dyn Fn(&mut CrashReport) + Send + Sync>;

impl Telemetry {
    #[inline]
    pub(crate) fn is_wanted(&self) -> bool {
        self.wanted.0.load(Ordering::Relaxed) & EVENTS != 0
    }

    /// What is wanted of messages.
    #[inline]
    pub(crate) fn watched(&self) -> Watched {
        Watched(self.wanted.0.load(Ordering::Relaxed) & (CALLS | MESSAGES))
    }

    fn attach(&self, new: Attached) -> Result<(), AttachError> {
        let mut attached = lock(&self.attached);
        if attached.iter().any(|other| other.id == new.id) {
            return Err(AttachError::AlreadyAttached);
        }
        *attached = attached.iter().cloned().chain([new]).collect();
        self.set_wanted(&attached);
        Ok(())
    }

    fn detach(&self, is_meant: impl Fn(&Attached) -> bool) -> bool {
        let mut attached = lock(&self.attached);
        let rest: Arc<[_]> = attached.iter().filter(|other| !is_meant(other)).cloned().collect();
        let is_fewer = rest.len() < attached.len();
        self.set_wanted(&rest);
        let earlier = std::mem::replace(&mut *attached, rest);
        drop(attached);
        drop(earlier); // a sink is the user's, and is not dropped under the lock
        is_fewer
    }

    fn set_wanted(&self, attached: &[Attached]) {
        let calls = attached.iter().any(|attached| attached.wants_calls);
        let wanted = if attached.is_empty() { 0 } else { EVENTS } | if calls { CALLS } else { 0 };
        self.wanted.0.fetch_and(MESSAGES | wanted, Ordering::Relaxed);
        self.wanted.0.fetch_or(wanted, Ordering::Relaxed);
    }

    /// Tells the sinks.
    pub(crate) fn emit(&self, event: &Event<'_>) {
        if !self.is_wanted() {
            return;
        }
        let attached = Arc::clone(&lock(&self.attached));
        let is_call = matches!(event, Event::Called { .. });
        for Attached { id, sink, .. } in attached.iter().filter(|it| it.wants_calls || !is_call) {
            let told = catch_unwind(AssertUnwindSafe(|| sink.event(event)));
            if let Err(payload) = told {
                let reason = reason(payload);
                if self.detach(|attached| Arc::ptr_eq(&attached.sink, sink)) {
                    shielded(|| {
                        tracing::error!(%id, %reason, "a telemetry sink panicked, and is detached");
                    });
                }
            }
        }
        let_go(attached); // one that was detached meanwhile may be dropped with it
    }

    /// Reports a crash.
    pub(crate) fn crashed(&self, mut report: CrashReport) {
        let redactions = Arc::clone(&lock(&self.redactions));
        for redaction in redactions.iter() {
            let redacted = catch_unwind(AssertUnwindSafe(|| redaction(&mut report)));
            if let Err(payload) = redacted {
                drop(reason(payload));
                report.hide();
            }
        }
        shielded(|| report.log());
        self.emit(&Event::Crashed(&report));
    }
}
