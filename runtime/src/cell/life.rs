//! One life of an actor: its state, and what it has taken on.

use super::{
    frame,
    load::Load,
    queue::Queue,
    report::Timed,
    shield::{caught, shielded},
    slot,
};
use crate::{
    actor::{Actor, Handled, Message, Outcome, Spawn},
    call::{Answer, CallError},
    ctx::Ctx,
    exit::ExitReason,
    monitor::MonitorRef,
    pid::Pid,
    telemetry::Watched,
};
use pin_project_lite::pin_project;
use std::{
    mem,
    panic::{AssertUnwindSafe, catch_unwind},
    pin::Pin,
    task::{Context, Poll},
    time::Duration,
};
use tokio::{sync::oneshot, time::Instant};

/// A message in a mailbox.
pub(crate) enum Envelope<A: Actor> {
    /// A call, and where its caller waits; nobody does after `.forget()`.
    Call(A::Call, Option<CallSender<A>>),
    Cast(A::Cast),
    Info(A::Info),
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
    /// Whether an actor that gets this is still idle, and heeds it while messages wait.
    pub(crate) fn is_for_suspended(&self) -> bool {
        matches!(self, Self::System(system) if system.told.is_for_suspended())
    }
}

/// Where a caller waits. One that is dropped tells its caller that there will be no reply.
pub(crate) struct CallSender<A: Actor>(Option<slot::Sender<Answer<A::Reply>>>);

impl<A: Actor> CallSender<A> {
    pub(crate) fn new(sender: slot::Sender<Answer<A::Reply>>) -> Self {
        Self(Some(sender))
    }

    pub(crate) fn send(mut self, answer: Answer<A::Reply>) {
        if let Some(sender) = self.0.take() {
            sender.send(answer);
        }
    }

    /// Gives up the duty to answer.
    pub(crate) fn into_inner(mut self) -> Option<slot::Sender<Answer<A::Reply>>> {
        self.0.take()
    }

    /// The call while its handler runs, if it is an actor that waits.
    pub(crate) fn lend(&self) -> Option<Lent> {
        let sender = self.0.as_ref()?;
        sender.request().caller.map(|_| Lent(sender.ticket()))
    }

    /// What the call carries.
    pub(crate) fn request(&self) -> Option<slot::Request> {
        self.0.as_ref().map(slot::Sender::request)
    }

    /// Whether the call is not to be run any more: its caller has gone, or its time has passed.
    pub(crate) fn is_stale(&self) -> bool {
        self.wanted().is_none_or(|request| {
            let deadline = request.deadline.filter(|_| !request.always);
            deadline.is_some_and(|deadline| Instant::now() >= deadline)
        })
    }

    /// What the call carries; `None` if its caller has gone, and it is not to be run.
    fn wanted(&self) -> Option<slot::Request> {
        let sender = self.0.as_ref()?;
        let request = sender.request();
        (request.always || !sender.is_abandoned()).then_some(request)
    }
}

impl<A: Actor> Drop for CallSender<A> {
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
    Waits(CallSender<A>),
    /// As `Inline`, but the handler kept the duty to answer for later: the caller is to wait here.
    Deferred(slot::Receiver<Answer<A::Reply>>),
    /// Somebody who waits, but the handler kept the duty to answer for later.
    #[allow(dead_code, reason = "it is there to be dropped")]
    Lent(Lent),
}

/// A call whose handler runs, and whose answer comes later. Dropped when the handler has returned: nobody waits for the actor any more.
pub(crate) struct Lent(slot::Ticket);

impl Drop for Lent {
    fn drop(&mut self) {
        self.0.defer();
    }
}

/// A life: whoever owns it runs the actor.
pub(crate) struct Life<A: Actor> {
    pub(crate) state: A,
    pub(crate) ctx: Ctx<A>,
    /// Messages taken out of the mailbox and not handled yet.
    pub(crate) batch: Queue<Envelope<A>>,
    /// Where the futures of `async` handlers are put; made at the first one, and used again.
    pub(crate) seat: Option<Seat<A>>,
    /// The actor is to end.
    pub(crate) ending: Option<Box<Ending<A>>>,
    /// How long its calls take, if any have queued.
    load: Option<Box<Load<A::Call>>>,
}

/// How an actor is about to end.
pub(crate) struct Ending<A: Actor> {
    pub(crate) reason: ExitReason,
    /// The caller of the last call, and what it is told once the actor has ended.
    pub(crate) owed: Option<(CallSender<A>, Answer<A::Reply>)>,
    /// Whether `#[terminate]` has been begun.
    pub(crate) terminated: bool,
}

impl<A: Actor> Life<A> {
    pub(crate) fn new(state: A, ctx: Ctx<A>) -> Self {
        Self { state, ctx, batch: Queue::new(), seat: None, ending: None, load: None }
    }

    /// Whether there is nothing to do but to wait for messages.
    #[inline]
    pub(crate) fn is_at_rest(&self) -> bool {
        self.ending.is_none() && self.batch.is_empty() && self.ctx.is_at_rest()
    }

    /// Whether the next thing to do is the next message.
    #[inline]
    pub(crate) fn is_plain(&self) -> bool {
        self.ending.is_none() && self.ctx.is_plain()
    }

    /// Handles a message from the mailbox, if its handler is a plain `fn`; hands it back if it is `async`.
    #[inline]
    pub(crate) fn open(&mut self, envelope: Envelope<A>) -> Option<Message<A>> {
        let message = match envelope {
            Envelope::Call(message, Some(sender)) => {
                if let Err(error) = self.admit(&message, &sender) {
                    shielded(|| drop(message));
                    sender.send(Err(error));
                    return None;
                }
                self.ctx.set_caller(Caller::Waits(sender));
                Message::Call(message)
            }
            other => {
                self.pause();
                match other {
                    Envelope::Cast(message) => Message::Cast(message),
                    Envelope::Info(message) => Message::Info(message),
                    Envelope::Call(message, _) => Message::Call(message),
                    Envelope::System(system) => Message::Info(self.told(*system)?),
                }
            }
        };
        // Not before: what no handler sees disturbs nobody.
        self.ctx.disturb();
        self.handle(message)
    }

    /// Whether a call that waited is to be run.
    fn admit(&mut self, message: &A::Call, sender: &CallSender<A>) -> Result<(), CallError> {
        let request = sender.wanted().ok_or(CallError::Timeout)?;
        if let Some(deadline) = request.deadline.filter(|_| !request.always) {
            let now = Instant::now();
            if now >= deadline {
                return Err(CallError::Timeout);
            }
            let others_wait = !self.batch.is_empty();
            if self.load.is_none() && others_wait {
                self.load = Some(Box::new(Load::new()));
            }
            if let Some(load) = &mut self.load {
                // One that keeps nobody else waiting may take its chance.
                let left = if others_wait { deadline - now } else { Duration::MAX };
                if !load.admits(mem::discriminant(message), now, left) {
                    return Err(CallError::Overloaded);
                }
            }
        } else {
            self.pause();
        }
        frame::set_deadline(request.deadline);
        Ok(())
    }

    /// What comes next is no call, or nothing.
    #[inline]
    pub(crate) fn pause(&mut self) {
        if let Some(load) = &mut self.load {
            load.pause();
        }
    }

    /// What is to be handled of what the runtime says.
    #[cold]
    fn told(&mut self, System { life, told }: System<A>) -> Option<A::Info> {
        let is_meant = life == self.ctx.pid();
        match told {
            Told::Down(monitor, info) if is_meant && self.ctx.was_monitoring(monitor) => Some(info),
            Told::Info(info) if is_meant => Some(info),
            Told::End(reason) => {
                if is_meant {
                    self.end(reason, None);
                }
                None
            }
            Told::Look(look) => {
                shielded(|| if is_meant { look(&mut self.state) } else { drop(look) });
                None
            }
            Told::Suspend(done) => {
                if is_meant {
                    self.ctx.suspend();
                    done.send(()).ok(); // who asked may have gone
                }
                None
            }
            Told::Resume => {
                if is_meant {
                    self.ctx.resume();
                }
                None
            }
            Told::Down(_, info) | Told::Info(info) => {
                shielded(|| drop(info));
                None
            }
        }
    }

    /// As [`open`](Self::open), for a message whose caller is known already.
    #[inline]
    pub(crate) fn handle(&mut self, message: Message<A>) -> Option<Message<A>> {
        let watched = self.ctx.watched();
        let handled =
            if watched.is_any() { self.run_watched(message, watched) } else { self.run(message) };
        self.settle_now(handled)
    }

    #[inline]
    fn settle_now(&mut self, handled: Handled<A>) -> Option<Message<A>> {
        match handled {
            Handled::Now(outcome) => {
                self.settle(outcome);
                None
            }
            Handled::Later(message) => Some(message),
        }
    }

    /// Runs the plain handler of a message.
    #[inline]
    pub(crate) fn run(&mut self, message: Message<A>) -> Handled<A> {
        let Self { state, ctx, .. } = self;
        match catch_unwind(AssertUnwindSafe(|| state.handle(message, ctx))) {
            Ok(handled) => handled,
            Err(payload) => Handled::Now(Outcome::Crash(caught(payload))),
        }
    }

    /// As [`run`](Self::run), where telemetry wants to know of it.
    #[cold]
    pub(crate) fn run_watched(&mut self, message: Message<A>, watched: Watched) -> Handled<A> {
        if watched.is_shown() {
            self.ctx.show(&message);
        }
        let is_timed = watched.is_timed() && matches!(message, Message::Call(_));
        let timed = is_timed.then(|| Timed::begin(&self.ctx));
        let handled = self.run(message);
        if let (Some(timed), Handled::Now(_)) = (timed, &handled) {
            timed.end(&self.ctx);
        }
        handled
    }

    /// Does with the outcome of a handler what is to be done: answers, or prepares the end.
    #[inline]
    pub(crate) fn settle(&mut self, outcome: Outcome<A>) {
        match outcome {
            Outcome::Done if self.ctx.owes_nothing() => {}
            outcome => self.settle_with_caller(outcome),
        }
    }

    fn settle_with_caller(&mut self, outcome: Outcome<A>) {
        frame::set_deadline(None);
        let caller = self.ctx.take_caller();
        let stop = self.ctx.take_stop();
        match (outcome, stop) {
            (Outcome::Done, None) => drop(caller),
            (Outcome::Reply(reply), None) => {
                if let Caller::Waits(sender) = caller {
                    sender.send(Ok(reply));
                } else {
                    shielded(|| drop(reply));
                }
            }
            (Outcome::Done, Some(reason)) => self.end(reason, None),
            (Outcome::Reply(reply), Some(reason)) => {
                // As in OTP, a reply given together with `stop` is sent after `terminate`.
                let owed = caller.into_waiting().map(|sender| (sender, Ok(reply)));
                self.end(reason, owed);
            }
            (Outcome::Crash(reason), _) => {
                let error = CallError::Died(reason.clone());
                let owed = caller.into_waiting().map(|sender| (sender, Err(error)));
                self.end(reason, owed);
            }
        }
    }

    /// Prepares the end, if the code that built the state asked for it.
    pub(crate) fn heed_stop(&mut self) {
        if let Some(reason) = self.ctx.take_stop() {
            self.end(reason, None);
        }
    }

    pub(crate) fn end(
        &mut self,
        reason: ExitReason,
        owed: Option<(CallSender<A>, Answer<A::Reply>)>,
    ) {
        match &mut self.ending {
            None => self.ending = Some(Box::new(Ending { reason, owed, terminated: false })),
            // It is ending already: a crash of `#[terminate]` is the reason then, as in OTP, and nothing begins again.
            Some(ending) if !reason.is_orderly() => ending.reason = reason,
            Some(_) => {}
        }
    }
}

impl<A: Actor> Caller<A> {
    fn into_waiting(self) -> Option<CallSender<A>> {
        match self {
            Self::Waits(sender) => Some(sender),
            _ => None,
        }
    }
}

/// What an `async` method of the actor is to do.
pub(crate) enum Work<A: Actor> {
    Message(Message<A>),
    Terminate(ExitReason),
}

/// Where the future of an `async` handler lies while it runs. It owns the life meanwhile, and gives it back.
pub(crate) type Seat<A> = Pin<Box<dyn Seated<A>>>;

pub(crate) trait Seated<A: Actor>: Send {
    /// Begins. The seat must be empty.
    fn begin(self: Pin<&mut Self>, life: Box<Life<A>>, work: Work<A>);
    /// Goes on. Once ready the seat is empty.
    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<(Box<Life<A>>, Outcome<A>)>;
    /// What the life had taken out of the mailbox when the handler began.
    fn batch(self: Pin<&mut Self>) -> &mut Queue<Envelope<A>>;
}

/// An empty seat for the futures of `A`.
pub(crate) fn seat<A: Spawn>() -> Seat<A> {
    Box::pin(TypedSeat { begin: work::<A>, future: None, batch: Queue::new(), deadline: None })
}

pin_project! {
    struct TypedSeat<A: Actor, B, F> {
        begin: B,
        #[pin]
        future: Option<F>,
        batch: Queue<Envelope<A>>,
        // When the caller of the handler stops waiting.
        deadline: Option<Instant>,
    }
}

impl<A, B, F> Seated<A> for TypedSeat<A, B, F>
where
    A: Spawn,
    B: Fn(Box<Life<A>>, Work<A>) -> F + Send,
    F: Future<Output = (Box<Life<A>>, Outcome<A>)> + Send,
{
    fn begin(self: Pin<&mut Self>, life: Box<Life<A>>, work: Work<A>) {
        let mut this = self.project();
        *this.deadline = frame::set_deadline(None);
        let future = (this.begin)(life, work);
        this.future.set(Some(future));
    }

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<(Box<Life<A>>, Outcome<A>)> {
        let mut this = self.project();
        let Some(future) = this.future.as_mut().as_pin_mut() else {
            return Poll::Pending;
        };
        frame::set_deadline(*this.deadline);
        let done = future.poll(cx);
        frame::set_deadline(None);
        if done.is_ready() {
            this.future.set(None);
        }
        done
    }

    fn batch(self: Pin<&mut Self>) -> &mut Queue<Envelope<A>> {
        self.project().batch
    }
}

async fn work<A: Spawn>(mut life: Box<Life<A>>, work: Work<A>) -> (Box<Life<A>>, Outcome<A>) {
    let Life { state, ctx, .. } = &mut *life;
    let outcome = match work {
        // The `async` blocks are there to catch what a method does before it returns its future, too.
        Work::Message(message) => {
            let is_timed = ctx.watched().is_timed() && matches!(message, Message::Call(_));
            let timed = is_timed.then(|| Box::new(Timed::begin(ctx)));
            let outcome =
                CatchUnwind { future: async { state.handle_async(message, ctx).await } }.await;
            if let Some(timed) = timed {
                timed.end(ctx);
            }
            outcome
        }
        Work::Terminate(reason) => {
            CatchUnwind { future: async { state.terminate(&reason, ctx).await } }
                .await
                .map(|()| Outcome::Done)
        }
    };
    let outcome = outcome.unwrap_or_else(Outcome::Crash);
    (life, outcome)
}

pin_project! {
    /// A future whose panic is an exit reason.
    pub(crate) struct CatchUnwind<F> {
        #[pin]
        pub(crate) future: F,
    }
}

impl<F: Future> Future for CatchUnwind<F> {
    type Output = Result<F::Output, ExitReason>;

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        let future = self.project().future;
        match catch_unwind(AssertUnwindSafe(|| future.poll(cx))) {
            Ok(poll) => poll.map(Ok),
            Err(payload) => Poll::Ready(Err(caught(payload))),
        }
    }
}
