//! What is in a mailbox: messages, and what the runtime has to say.

use super::{caller::CallSender, errand::ErrandBox};
use crate::{actor::Actor, exit::ExitReason, monitor::MonitorRef, pid::Pid};
use tokio::sync::oneshot;

/// A message in a mailbox.
pub(crate) enum Envelope<A: Actor> {
    /// A call, and where its caller waits; nobody does after `.forget()`.
    Call(A::Call, Option<CallSender<A::Reply>>),
    Cast(A::Cast),
    Info(A::Info),
    /// A message of a protocol that the actor speaks.
    Errand(ErrandBox<A>),
    /// What the runtime has to say, to one life.
    System(Box<System<A>>),
}

/// What the runtime has to say to one life of an actor: never refused, in order with the messages, and void for any other life.
pub(crate) struct System<A: Actor> {
    pub(crate) life: Pid,
    pub(crate) told: Told<A>,
}

pub(crate) enum Told<A: Actor> {
    /// A monitored actor has ended.
    Down(MonitorRef, A::Info),
    /// A trapped exit signal, or what the life tells itself.
    Info(A::Info),
    /// The actor is to end, `#[terminate]` included.
    End(ExitReason),
    /// Somebody looks into the state.
    Look(Box<dyn FnOnce(&mut A) + Send>),
    /// Messages are to wait, until as many have asked to go on; who asks is told.
    Suspend(oneshot::Sender<()>),
    Resume,
}

impl<A: Actor> Told<A> {
    /// Whether it is heeded while messages wait.
    pub(crate) fn is_for_suspended(&self) -> bool {
        match self {
            Self::End(_) | Self::Look(_) | Self::Suspend(_) | Self::Resume => true,
            Self::Down(..) | Self::Info(_) => false,
        }
    }
}

impl<A: Actor> Envelope<A> {
    /// Whether it is a message that somebody sent, and wants to have handled still.
    pub(crate) fn is_wanted(&self) -> bool {
        match self {
            Self::Call(_, Some(sender)) => !sender.is_stale(),
            Self::Call(_, None) | Self::Cast(_) | Self::Info(_) => true,
            Self::Errand(errand) => errand.is_wanted(),
            Self::System(_) => false,
        }
    }

    /// Whether an actor that gets this is still idle, and heeds it while messages wait.
    pub(crate) fn is_for_suspended(&self) -> bool {
        matches!(self, Self::System(system) if system.told.is_for_suspended())
    }
}
