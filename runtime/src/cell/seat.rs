//! Where `async` handlers run: a future that owns the life meanwhile.

use super::{
    caller::{CallSender, Caller},
    envelope::Envelope,
    frame::{self, Deadline},
    life::{Life, LifeBox},
    queue::Queue,
    report::Timed,
    shield::caught,
};
use crate::{
    actor::{Actor, Message, Outcome, Spawn},
    exit::ExitReason,
};
use pin_project_lite::pin_project;
use std::{
    panic::{AssertUnwindSafe, catch_unwind},
    pin::Pin,
    task::{Context, Poll},
};

/// What an `async` method of the actor is to do.
pub(crate) enum Work<A: Actor> {
    Message(Message<A>),
    Terminate(ExitReason),
}

/// Where the future of an `async` handler lies while it runs. It owns the life meanwhile, and gives it back.
pub(crate) type Seat<A> = Pin<Box<dyn Seated<A>>>;

pub(crate) trait Seated<A: Actor>: Send {
    /// Goes on. Once ready the seat is empty.
    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<(LifeBox<A>, Outcome<A>)>;
    /// What the life had taken out of the mailbox when the handler began.
    fn batch(self: Pin<&mut Self>) -> &mut Queue<Envelope<A>>;
    /// Does with the outcome what is to be done.
    fn leave(self: Pin<Box<Self>>, life: &mut Life<A>, outcome: Outcome<A>);
}

/// The seat of the actor's own `async` methods: used again and again.
pub(crate) trait OwnSeat<A: Actor>: Seated<A> {
    /// Begins. The seat must be empty.
    fn begin(self: Pin<&mut Self>, life: LifeBox<A>, work: Work<A>);
    /// Where the caller of the handler waits, which is on its own thread up to now, and stops waiting.
    fn answer_to(self: Pin<&mut Self>, caller: CallSender<A::Reply>);
}

/// The own seat of an actor.
pub(crate) type OwnSeatBox<A> = Pin<Box<dyn OwnSeat<A>>>;

/// An empty seat for the futures of `A`.
pub(crate) fn seat<A: Spawn>() -> OwnSeatBox<A> {
    Box::pin(TypedSeat {
        begin: work::<A>,
        future: None,
        batch: Queue::new(),
        deadline: Deadline::NONE,
        caller: None,
    })
}

pin_project! {
    struct TypedSeat<A: Actor, B, F> {
        begin: B,
        #[pin]
        future: Option<F>,
        batch: Queue<Envelope<A>>,
        // When the caller of the handler stops waiting.
        deadline: Deadline,
        // The caller of a handler that began on its caller's thread, if it waits.
        caller: Option<CallSender<A::Reply>>,
    }
}

impl<A, B, F> Seated<A> for TypedSeat<A, B, F>
where
    A: Spawn,
    B: Fn(LifeBox<A>, Work<A>) -> F + Send + 'static,
    F: Future<Output = (LifeBox<A>, Outcome<A>)> + Send + 'static,
{
    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<(LifeBox<A>, Outcome<A>)> {
        let mut this = self.project();
        let Some(future) = this.future.as_mut().as_pin_mut() else {
            return Poll::Pending;
        };
        frame::set_deadline(*this.deadline);
        let done = future.poll(cx);
        // None for good, once the caller has been answered.
        *this.deadline = frame::set_deadline(Deadline::NONE);
        let Poll::Ready((mut life, outcome)) = done else { return Poll::Pending };
        this.future.set(None);
        if let Some(caller) = this.caller.take() {
            life.ctx.set_caller(Caller::Waits(caller));
        }
        Poll::Ready((life, outcome))
    }

    fn batch(self: Pin<&mut Self>) -> &mut Queue<Envelope<A>> {
        self.project().batch
    }

    fn leave(self: Pin<Box<Self>>, life: &mut Life<A>, outcome: Outcome<A>) {
        life.seat = Some(self);
        life.settle(outcome);
    }
}

impl<A, B, F> OwnSeat<A> for TypedSeat<A, B, F>
where
    A: Spawn,
    B: Fn(LifeBox<A>, Work<A>) -> F + Send + 'static,
    F: Future<Output = (LifeBox<A>, Outcome<A>)> + Send + 'static,
{
    fn begin(self: Pin<&mut Self>, life: LifeBox<A>, work: Work<A>) {
        let mut this = self.project();
        *this.deadline = frame::set_deadline(Deadline::NONE);
        let future = (this.begin)(life, work);
        this.future.set(Some(future));
    }

    fn answer_to(self: Pin<&mut Self>, caller: CallSender<A::Reply>) {
        let this = self.project();
        *this.deadline = this.deadline.stamped();
        *this.caller = Some(caller);
    }
}

async fn work<A: Spawn>(mut life: LifeBox<A>, work: Work<A>) -> (LifeBox<A>, Outcome<A>) {
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
