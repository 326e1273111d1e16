//! A message of a protocol, which an actor knows nothing of before it comes: a future that is lent the actor's life.
//!
//! It is one box from the request to the answer. Its caller knows what it is answered with, and not what actor it is for ([`Ask`]); the actor
//! knows itself, and not what the answer is ([`Errand`]).

use super::{
    Cell, Posted, Process,
    caller::CallSender,
    envelope::Envelope,
    frame::{self, Deadline},
    life::{Life, LifeBox, Owed},
    mailbox::{Place, Turn},
    queue::Queue,
    seat::{CatchUnwind, Seated},
    shield::let_go,
    slot::{self, Slot},
    typed::cell_of,
};
use crate::{
    actor::{Actor, Outcome, Spawn},
    call::{Answer, CallError},
    exit::ExitReason,
    options::Inline,
};
use pin_project_lite::pin_project;
use std::{
    fmt,
    pin::Pin,
    sync::Arc,
    task::{Context, Poll, Waker},
};
use tokio::time::Instant;

/// A message of a protocol in a mailbox.
pub(crate) type ErrandBox<A> = Pin<Box<dyn Errand<A>>>;

/// A message of a protocol in the hands of its caller.
pub(crate) type AskBox<T> = Pin<Box<dyn Ask<T>>>;

/// A message of a protocol, as its actor sees it.
pub(crate) trait Errand<A: Actor>: Seated<A> {
    /// Begins: it has the life until it is ready.
    fn begin(self: Pin<&mut Self>, life: LifeBox<A>);

    /// What it is called in reports.
    fn name(&self) -> &'static str;

    /// Whether somebody is to be told of what becomes of it.
    fn is_call(&self) -> bool;

    /// Where its caller waits.
    fn slot(&self) -> Option<&'static Slot>;

    /// What the call carries; `None` if its caller has gone, and it is not to be run.
    fn wanted(&self) -> Option<slot::Request>;

    /// Whether it is still to be run.
    fn is_wanted(&self) -> bool;

    /// There is no answer.
    fn fail(self: Pin<Box<Self>>, error: CallError);
}

/// A message of a protocol, as its caller sees it: it is answered with a `T`.
pub(crate) trait Ask<T>: Send {
    /// Whether it may run on this thread.
    fn may_run_inline(&self, process: &Arc<dyn Process>, wants: bool) -> bool;

    /// Runs it here and now, if the actor has nothing else to do. `deadline` says when the caller stops waiting.
    fn call_inline(
        self: Pin<Box<Self>>,
        process: &Arc<dyn Process>,
        deadline: &mut dyn FnMut() -> Option<Instant>,
    ) -> Result<slot::Receiver<Answer<T>>, AskBox<T>>;

    /// Says where its caller waits.
    fn answer_to(self: Pin<&mut Self>, sender: CallSender<T>);

    /// Puts it into the mailbox; where that has no room, joins the line, if there is a waker to be woken.
    fn post(
        self: Pin<Box<Self>>,
        process: &Arc<dyn Process>,
        waker: Option<&Waker>,
    ) -> Posted<AskBox<T>>;

    /// Puts it into the mailbox, if it is its turn.
    fn turn(
        self: Pin<Box<Self>>,
        process: &Arc<dyn Process>,
        place: Place,
        waker: &Waker,
    ) -> Result<(), (Turn, AskBox<T>)>;
}

pin_project! {
    struct TypedErrand<A: Actor, B, F, T> {
        name: &'static str,
        is_async: bool,
        begin: Option<B>,
        #[pin]
        future: Option<F>,
        answer: Option<T>,
        sender: Option<CallSender<T>>,
        batch: Queue<Envelope<A>>,
        // When the caller stops waiting.
        deadline: Deadline,
    }
}

/// A life that is lent to a message of a protocol.
pub struct Held<A: Actor>(LifeBox<A>);

impl<A: Actor> fmt::Debug for Held<A> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Held")
    }
}

impl<A: Actor> Held<A> {
    /// What speaks the protocol.
    pub fn speaker<S>(&mut self) -> &mut S
    where
        A: Speaker<S>,
    {
        self.0.state.speaker()
    }
}

/// An actor in which an `S` speaks for it: as a rule the actor itself.
pub trait Speaker<S>: Spawn {
    /// Who speaks.
    fn speaker(&mut self) -> &mut S;
}

impl<A: Spawn> Speaker<A> for A {
    fn speaker(&mut self) -> &mut A {
        self
    }
}

/// The message `name` of a protocol, which runs `begin` in an actor of type `A`.
pub(crate) fn errand<A, B, F, T>(name: &'static str, is_async: bool, begin: B) -> AskBox<T>
where
    A: Spawn,
    B: FnOnce(Held<A>) -> F + Send + 'static,
    F: Future<Output = (Held<A>, Result<T, ExitReason>)> + Send + 'static,
    T: Send + 'static,
{
    Box::pin(TypedErrand {
        name,
        is_async,
        begin: Some(begin),
        future: None,
        answer: None,
        sender: None,
        batch: Queue::new(),
        deadline: Deadline::NONE,
    })
}

/// Makes a panic of a method an exit reason.
pub fn caught<F: Future>(future: F) -> impl Future<Output = Result<F::Output, ExitReason>> {
    CatchUnwind { future }
}

impl<A, B, F, T> Seated<A> for TypedErrand<A, B, F, T>
where
    A: Spawn,
    B: FnOnce(Held<A>) -> F + Send + 'static,
    F: Future<Output = (Held<A>, Result<T, ExitReason>)> + Send + 'static,
    T: Send + 'static,
{
    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<(LifeBox<A>, Outcome<A>)> {
        let mut this = self.project();
        let Some(future) = this.future.as_mut().as_pin_mut() else {
            return Poll::Pending;
        };
        frame::set_deadline(*this.deadline);
        let done = future.poll(cx);
        frame::set_deadline(Deadline::NONE);
        let Poll::Ready((Held(life), done)) = done else { return Poll::Pending };
        this.future.set(None);
        let outcome = match done {
            Ok(answer) => {
                *this.answer = Some(answer);
                Outcome::Done
            }
            Err(reason) => Outcome::Crash(reason),
        };
        Poll::Ready((life, outcome))
    }

    fn batch(self: Pin<&mut Self>) -> &mut Queue<Envelope<A>> {
        self.project().batch
    }

    fn leave(mut self: Pin<Box<Self>>, life: &mut Life<A>, outcome: Outcome<A>) {
        if let Outcome::Crash(reason) = outcome {
            let error = CallError::Died(reason.clone());
            life.end(reason, Some(Owed::Errand(self, error)));
            return;
        }
        let this = self.as_mut().project();
        if let Some(answer) = this.answer.take() {
            match this.sender.take() {
                Some(sender) => sender.send(Ok(answer)),
                None => let_go(answer),
            }
        }
    }
}

impl<A, B, F, T> TypedErrand<A, B, F, T>
where
    A: Spawn,
    B: FnOnce(Held<A>) -> F + Send + 'static,
    F: Future<Output = (Held<A>, Result<T, ExitReason>)> + Send + 'static,
    T: Send + 'static,
{
    fn into_envelope(self: Pin<Box<Self>>) -> Envelope<A> {
        Envelope::Errand(self)
    }
}

impl<A, B, F, T> Errand<A> for TypedErrand<A, B, F, T>
where
    A: Spawn,
    B: FnOnce(Held<A>) -> F + Send + 'static,
    F: Future<Output = (Held<A>, Result<T, ExitReason>)> + Send + 'static,
    T: Send + 'static,
{
    fn begin(self: Pin<&mut Self>, life: LifeBox<A>) {
        let mut this = self.project();
        *this.deadline = frame::set_deadline(Deadline::NONE);
        let future = this.begin.take().map(|begin| begin(Held(life)));
        this.future.set(future);
    }

    fn name(&self) -> &'static str {
        self.name
    }

    fn is_call(&self) -> bool {
        self.sender.is_some()
    }

    fn slot(&self) -> Option<&'static Slot> {
        self.sender.as_ref()?.slot()
    }

    fn wanted(&self) -> Option<slot::Request> {
        self.sender.as_ref()?.wanted()
    }

    fn is_wanted(&self) -> bool {
        self.sender.as_ref().is_none_or(|sender| !sender.is_stale())
    }

    fn fail(mut self: Pin<Box<Self>>, error: CallError) {
        let sender = self.as_mut().project().sender.take();
        let_go(self);
        if let Some(sender) = sender {
            sender.send(Err(error));
        }
    }
}

impl<A, B, F, T> Ask<T> for TypedErrand<A, B, F, T>
where
    A: Spawn,
    B: FnOnce(Held<A>) -> F + Send + 'static,
    F: Future<Output = (Held<A>, Result<T, ExitReason>)> + Send + 'static,
    T: Send + 'static,
{
    fn may_run_inline(&self, process: &Arc<dyn Process>, wants: bool) -> bool {
        let allowed = match A::OPTIONS.inline {
            Inline::Sync => wants && !self.is_async,
            Inline::Always => true,
            Inline::Never => false,
        };
        allowed && !A::OPTIONS.blocking && frame::may_nest() && process.header().node.is_current()
    }

    fn call_inline(
        mut self: Pin<Box<Self>>,
        process: &Arc<dyn Process>,
        deadline: &mut dyn FnMut() -> Option<Instant>,
    ) -> Result<slot::Receiver<Answer<T>>, AskBox<T>> {
        let cell = cell_of::<A>(process);
        let Some((life, frame)) = cell.claim_inline() else { return Err(self) };
        let deadline = if self.is_async { deadline() } else { None };
        let (sender, receiver) = Cell::<A>::wait_inline(process, &frame, deadline);
        self.as_mut().answer_to(CallSender::new(sender));
        cell.run_errand(process, life, self, (frame, deadline));
        Ok(receiver)
    }

    fn answer_to(self: Pin<&mut Self>, sender: CallSender<T>) {
        *self.project().sender = Some(sender);
    }

    fn post(
        self: Pin<Box<Self>>,
        process: &Arc<dyn Process>,
        waker: Option<&Waker>,
    ) -> Posted<AskBox<T>> {
        match cell_of::<A>(process).post(process, self, waker, Self::into_envelope) {
            Posted::Sent => Posted::Sent,
            Posted::NoRoom(this, place) => Posted::NoRoom(this, place),
            Posted::Gone(this) => Posted::Gone(this),
        }
    }

    fn turn(
        self: Pin<Box<Self>>,
        process: &Arc<dyn Process>,
        place: Place,
        waker: &Waker,
    ) -> Result<(), (Turn, AskBox<T>)> {
        cell_of::<A>(process)
            .turn(process, self, (place, waker), Self::into_envelope)
            .map_err(|(turn, this)| (turn, this as AskBox<T>))
    }
}
