//! What there is to know of a crash.

use crate::{ExitReason, Pid};
use std::{borrow::Cow, fmt};

/// What is known of a life that crashed: what its reason, its log and its supervisor do not say in one place.
///
/// There is one for each life that ends for a reason that is not [orderly](ExitReason::is_orderly) by a fault of its own: a handler, or
/// `#[terminate]`, panicked or gave an error, or asked for such an end. It is logged, as one `tracing` event at the error level with
/// these fields, and given to the sinks as [`Event::Crashed`](super::Event::Crashed). As the reports of `gen_server` and `proc_lib`.
///
/// Its `Display` is one line: `bank::Vault <0.17> panicked at src/vault.rs:31:9: no such account (last message: withdraw)`.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct CrashReport {
    /// The type of the actor.
    pub actor: &'static str,
    /// The name that it is registered under.
    pub name: Option<Cow<'static, str>>,
    /// The life.
    pub pid: Pid,
    /// Why it ended.
    pub reason: ExitReason,
    /// The message that it handled last, by the name of its handler: as a rule the one that it crashed at.
    pub last_message: Option<&'static str>,
    /// The same message with its arguments, as its `Debug` shows it, where [`show_messages`](super::show_messages) asked for it.
    pub last_message_shown: Option<String>,
    /// The actor that waits for the reply to that message. `None` where the handler has taken charge of the reply, as a
    /// [`ReplyTo`](crate::ReplyTo).
    pub caller: Option<Pid>,
    /// How many messages wait in its mailbox.
    pub queued: usize,
    /// How many lives its role had before.
    pub restarts: u64,
}

impl CrashReport {
    /// Where it panicked, if it did: `src/vault.rs:31:9`. See [`PanicMessage::location`](crate::PanicMessage::location).
    #[must_use]
    pub fn location(&self) -> Option<&str> {
        match &self.reason {
            ExitReason::Panic(message) => message.location(),
            _ => None,
        }
    }

    /// Takes out what may be the user's.
    pub(super) fn hide(&mut self) {
        self.reason = ExitReason::crash("(not shown: what was to redact it panicked)");
        self.last_message = None;
        self.last_message_shown = None;
    }

    pub(super) fn log(&self) {
        tracing::error!(
            actor = self.actor,
            name = self.name.as_deref(),
            pid = %self.pid,
            reason = %self.reason,
            location = self.location(),
            last_message = self.last_message,
            last_message_shown = self.last_message_shown.as_deref(),
            caller = self.caller.map(tracing::field::display),
            queued = self.queued,
            restarts = self.restarts,
            "actor crashed"
        );
    }
}

impl fmt::Display for CrashReport {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.actor, self.pid)?;
        if let Some(name) = &self.name {
            write!(f, " `{name}`")?;
        }
        match (&self.reason, self.location()) {
            (ExitReason::Panic(message), Some(location)) => {
                write!(f, " panicked at {location}: {}", message.text())?;
            }
            (ExitReason::Panic(message), None) => write!(f, " panicked: {}", message.text())?,
            (reason, _) => write!(f, " crashed: {reason}")?,
        }
        match (self.last_message_shown.as_deref().or(self.last_message), self.caller) {
            (Some(message), Some(caller)) => write!(f, " (last message: {message}, from {caller})"),
            (Some(message), None) => write!(f, " (last message: {message})"),
            (None, _) => Ok(()),
        }
    }
}
