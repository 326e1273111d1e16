//! What telemetry is told of an actor.

use super::{Header, shield::shielded};
use crate::{
    actor::{Actor, Message},
    ctx::Ctx,
    exit::ExitReason,
    pid::Pid,
    telemetry::{CrashReport, Event},
};
use std::{any::type_name, borrow::Cow, time::Duration};
use tokio::time::Instant;

impl Header {
    /// The name of the role, and how many of its lives have ended.
    fn name_and_restarts(&self) -> (Option<Cow<'static, str>>, u64) {
        let info = self.role();
        let info = info.as_ref();
        let name = info.and_then(|info| info.name.as_ref()).map(|(_, name)| name.clone());
        (name, info.map_or(0, |info| info.ended_lives))
    }
}

/// What is known of a crash where it is seen.
pub(super) struct Crash {
    pub(super) reason: ExitReason,
    pub(super) last_message: Option<&'static str>,
    pub(super) last_message_shown: Option<String>,
    pub(super) caller: Option<Pid>,
    pub(super) queued: usize,
}

// Not of the cell, which is compiled for each actor; `actor` is its type's name.
impl Header {
    /// A life begins to serve.
    pub(super) fn report_start(&self, actor: &'static str) {
        let telemetry = &self.node.telemetry;
        if !telemetry.is_wanted() {
            return;
        }
        let Some(pid) = self.ties.pid() else { return };
        let (name, restarts) = self.name_and_restarts();
        telemetry.emit(&Event::Started { actor, pid, name: name.as_deref() });
        if restarts > 0 {
            telemetry.emit(&Event::Restarted { actor, pid, restarts });
        }
    }

    /// A life has ended.
    pub(super) fn report_stop(&self, actor: &'static str, pid: Option<Pid>, reason: &ExitReason) {
        if let Some(pid) = pid {
            self.node.telemetry.emit(&Event::Stopped { actor, pid, reason });
        }
    }

    /// The present life is about to end for a fault of its own.
    #[cold]
    pub(super) fn report_crash(&self, actor: &'static str, crash: Crash) {
        let Some(pid) = self.ties.pid() else { return };
        let (name, restarts) = self.name_and_restarts();
        let Crash { reason, last_message, last_message_shown, caller, queued } = crash;
        self.node.telemetry.crashed(CrashReport {
            actor,
            name,
            pid,
            reason,
            last_message,
            last_message_shown,
            caller,
            queued,
            restarts,
        });
    }

    /// Messages are dropped that nobody will handle; `pid` is the life that ended, if one did.
    pub(super) fn report_dead_letters(
        &self,
        actor: &'static str,
        pid: Option<Pid>,
        letters: DeadLetters,
    ) {
        let DeadLetters(letters) = letters;
        if letters.is_empty() {
            return;
        }
        shielded(|| {
            let messages: usize = letters.iter().map(|(_, count)| count).sum();
            tracing::debug!(actor, messages, "actor ended with messages that nobody will handle");
        });
        for (message, count) in letters {
            self.node.telemetry.emit(&Event::DeadLetter { actor, pid, message, count });
        }
    }
}

/// Messages that nobody will handle, counted by their handlers.
#[derive(Default)]
pub(super) struct DeadLetters(Vec<(&'static str, usize)>);

impl DeadLetters {
    pub(super) fn count<A: Actor>(&mut self, message: &Message<A>) {
        let index = usize::from(A::message_index(message));
        self.add(A::MESSAGES.get(index).copied().unwrap_or_default());
    }

    pub(super) fn add(&mut self, handler: &'static str) {
        match self.0.iter_mut().find(|(known, _)| *known == handler) {
            Some((_, count)) => *count += 1,
            None => self.0.push((handler, 1)),
        }
    }
}

/// A call whose handler has begun, where a sink wants to know how long it takes.
pub(super) struct Timed {
    waited: Option<Duration>,
    began: Instant,
}

impl Timed {
    /// The handler of a call begins; its caller is in `ctx`.
    #[cold]
    pub(super) fn begin<A: Actor>(ctx: &Ctx<A>) -> Self {
        let began = Instant::now();
        Self { waited: ctx.waited_until(began), began }
    }

    pub(super) fn end<A: Actor>(self, ctx: &Ctx<A>) {
        let event = Event::Called {
            actor: type_name::<A>(),
            pid: ctx.pid(),
            message: ctx.last_message().unwrap_or_default(),
            waited: self.waited,
            handled: self.began.elapsed(),
        };
        ctx.process().header().node.telemetry.emit(&event);
    }
}
