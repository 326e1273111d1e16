//! Who waits for the answer to a call.

use super::{
    frame,
    slot::{self, Slot},
};
use crate::{actor::Actor, call::Answer};
use tokio::time::Instant;

/// Where a caller waits. One that is dropped tells its caller that there will be no reply.
pub(crate) struct CallSender<R>(Option<slot::Sender<Answer<R>>>);

impl<R> CallSender<R> {
    pub(crate) fn new(sender: slot::Sender<Answer<R>>) -> Self {
        Self(Some(sender))
    }

    pub(crate) fn send(mut self, answer: Answer<R>) {
        if let Some(sender) = self.0.take() {
            sender.send(answer);
        }
    }

    /// Gives up the duty to answer.
    pub(crate) fn into_inner(mut self) -> Option<slot::Sender<Answer<R>>> {
        self.0.take()
    }

    /// The call while its handler runs.
    pub(crate) fn lend(&self) -> Lent {
        let sender = self.0.as_ref().filter(|sender| sender.request().caller.is_some());
        Lent(sender.map(slot::Sender::ticket))
    }

    /// What the call carries.
    pub(crate) fn request(&self) -> Option<slot::Request> {
        self.0.as_ref().map(slot::Sender::request)
    }

    /// Where the caller waits.
    pub(super) fn slot(&self) -> Option<&'static Slot> {
        self.0.as_ref().map(slot::Sender::slot)
    }

    /// Whether the call is not to be run any more: its caller has gone, or its time has passed.
    pub(crate) fn is_stale(&self) -> bool {
        self.wanted().is_none_or(|request| {
            let deadline = request.deadline.filter(|_| !request.always);
            deadline.is_some_and(|deadline| Instant::now() >= deadline)
        })
    }

    /// What the call carries; `None` if its caller has gone, and it is not to be run.
    pub(super) fn wanted(&self) -> Option<slot::Request> {
        let sender = self.0.as_ref()?;
        let request = sender.request();
        (request.always || !sender.is_abandoned()).then_some(request)
    }
}

impl<R> Drop for CallSender<R> {
    fn drop(&mut self) {
        if let Some(sender) = self.0.take() {
            sender.send(Err(frame::no_reply()));
        }
    }
}

/// Who is to be answered by the handler that runs.
pub(crate) enum Caller<A: Actor> {
    /// Nobody.
    Nobody,
    /// The code that runs the handler on its own thread.
    Inline,
    /// Somebody who waits.
    Waits(CallSender<A::Reply>),
    /// As `Inline`, but the handler kept the duty to answer for later: the caller is to wait here.
    Deferred(slot::Receiver<Answer<A::Reply>>),
    /// Somebody who waits, but the handler kept the duty to answer for later.
    #[allow(dead_code, reason = "it is there to be dropped")]
    Lent(Lent),
}

/// A call whose handler runs, and whose answer comes later, if it is an actor that waits. Dropped when the handler has returned: nobody waits
/// for this one any more.
pub(crate) struct Lent(Option<slot::Ticket>);

impl Drop for Lent {
    fn drop(&mut self) {
        if let Some(ticket) = &self.0 {
            ticket.defer();
        }
    }
}

impl<A: Actor> Caller<A> {
    pub(super) fn into_waiting(self) -> Option<CallSender<A::Reply>> {
        match self {
            Self::Waits(sender) => Some(sender),
            _ => None,
        }
    }
}
