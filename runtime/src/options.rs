//! What `#[actor(..)]` says about an actor.

use std::time::Duration;

/// The options of an actor, as `#[actor(..)]` on its struct gives them.
///
/// Read them through [`State::OPTIONS`](crate::State::OPTIONS); write them in the attribute.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Options {
    pub(crate) mailbox: usize,
    pub(crate) inline: Inline,
    pub(crate) blocking: bool,
    pub(crate) restart: Restart,
    pub(crate) shutdown: Shutdown,
    pub(crate) on_restart: OnRestart,
}

impl Options {
    /// The defaults: room for 1,024 messages, plain `fn` handlers of calls run inline, `permanent`, 5 s to shut down.
    #[must_use]
    pub const fn new() -> Self {
        Self {
            mailbox: 1_024,
            inline: Inline::Sync,
            blocking: false,
            restart: Restart::Permanent,
            shutdown: Shutdown::After(Duration::from_secs(5)),
            on_restart: OnRestart::Keep,
        }
    }

    /// How many messages may wait; at least 1.
    #[must_use]
    pub const fn mailbox(self, mailbox: usize) -> Self {
        Self { mailbox, ..self }
    }

    /// Any number of messages may wait.
    #[must_use]
    pub const fn unbounded(self) -> Self {
        Self { mailbox: usize::MAX, ..self }
    }

    /// When a call may run on its caller's thread.
    #[must_use]
    pub const fn inline(self, inline: Inline) -> Self {
        Self { inline, ..self }
    }

    /// Handlers may block: they run on tokio's blocking pool.
    #[must_use]
    pub const fn blocking(self) -> Self {
        Self { blocking: true, ..self }
    }

    /// When a supervisor restarts the actor.
    #[must_use]
    pub const fn restart(self, restart: Restart) -> Self {
        Self { restart, ..self }
    }

    /// How long a supervisor lets the actor take to end.
    #[must_use]
    pub const fn shutdown(self, shutdown: Shutdown) -> Self {
        Self { shutdown, ..self }
    }

    /// What a restart does with the messages that wait.
    #[must_use]
    pub const fn on_restart(self, on_restart: OnRestart) -> Self {
        Self { on_restart, ..self }
    }
}

impl Default for Options {
    fn default() -> Self {
        Self::new()
    }
}

/// When a call to an idle actor may run at once, on the thread of its caller: `#[actor(inline = ..)]`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Inline {
    /// For handlers that are a plain `fn` (the default).
    Sync,
    /// For `async` handlers too.
    Always,
    /// Never: every message is queued.
    Never,
}

/// When a supervisor restarts an actor: `#[actor(restart = ..)]`. OTP's restart types.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Restart {
    /// Always (the default).
    Permanent,
    /// After a crash only.
    Transient,
    /// Never.
    Temporary,
}

/// How long a supervisor waits for an actor to end: `#[actor(shutdown = ..)]`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shutdown {
    /// This long (5 s by default); then the actor is killed.
    After(Duration),
    /// Not at all: it is killed.
    BrutalKill,
    /// As long as it takes.
    Infinity,
}

/// What becomes of the messages that wait when an actor is restarted: `#[actor(on_restart = ..)]`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OnRestart {
    /// They go to the next life, in order (the default).
    Keep,
    /// They are dropped, as in OTP.
    Drop,
}
