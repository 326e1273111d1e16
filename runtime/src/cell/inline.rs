//! A call to an idle actor with an empty mailbox runs its handler at once, on its caller's thread.

use super::{
    Body, Cell, Process,
    caller::{CallSender, Caller},
    driver,
    envelope::Envelope,
    errand::ErrandBox,
    frame::{self, Apart, Deadline, Frame},
    life::{Life, LifeBox},
    seat::{OwnSeatBox, Work},
    slot, waits,
};
use crate::{
    __private0::{CallOptions, Limit},
    actor::{Actor, Handled, Message, Outcome},
    call::{Answer, DEFAULT_LIMIT},
    pid::Pid,
};
use std::{
    sync::Arc,
    task::{Context, Poll},
};
use tokio::time::Instant;

/// How much is done on the caller's thread for an actor that ends with the call.
const TO_END: usize = 4;

/// For a handler that has begun: to go on with it.
const TO_GO_ON: usize = 1;

/// For one that has not: to begin it, and to go on with it.
const TO_BEGIN: usize = 2;

/// What became of a call that ran on its caller's thread.
pub(crate) enum Inlined<R> {
    Reply(R),
    /// The answer comes later.
    Waits(slot::Receiver<Answer<R>>),
    /// The caller is not to wait for the handler, which has begun: it would wait for itself.
    Ring(Vec<Pid>),
}

impl<A: Actor> Cell<A> {
    /// Runs the handler of `message`, if the actor has nothing else to do; hands the message back otherwise.
    ///
    /// `process` is this cell; `deadline` says when the caller stops waiting, if it has to wait.
    #[inline]
    pub(crate) fn call_inline(
        &self,
        process: &Arc<dyn Process>,
        message: A::Call,
        options: CallOptions,
        deadline: impl FnOnce() -> Option<Instant>,
    ) -> Result<Inlined<A::Reply>, A::Call> {
        let claimed = self.lock().claim_idle(|body| matches!(body, Body::Life(_)));
        let Some(Body::Life(mut life)) = claimed else {
            return Err(message);
        };

        let frame = Frame::enter(&self.header);
        life.ctx.disturb();
        life.ctx.set_caller(Caller::Inline);
        let message = Message::Call(message);
        let watched = self.header.node.telemetry.watched();
        let handled =
            if watched.is_any() { life.run_watched(message, watched) } else { life.run(message) };
        match handled {
            Handled::Now(Outcome::Reply(reply)) if !life.ctx.is_stopping() => {
                Ok(self.answer_inline(process, life, reply))
            }
            Handled::Later(message) if !options.later && !watched.is_any() => {
                if let Some(seat) = life.seat.take() {
                    let begun = (life, message);
                    Ok(self.call_async_inline(process, seat, begun, (options.limit, frame)))
                } else {
                    let handled = Handled::Later(message);
                    Ok(self.finish_inline(process, life, handled, (frame, deadline())))
                }
            }
            handled => {
                let is_later = matches!(handled, Handled::Later(_));
                let deadline = if is_later { deadline() } else { None };
                Ok(self.finish_inline(process, life, handled, (frame, deadline)))
            }
        }
    }

    /// The end of a call that is simply answered.
    #[inline]
    fn answer_inline(
        &self,
        process: &Arc<dyn Process>,
        mut life: LifeBox<A>,
        reply: A::Reply,
    ) -> Inlined<A::Reply> {
        life.ctx.set_caller(Caller::Nobody);
        waits::end(&self.header); // what it has begun and given away
        self.put_back(process, life);
        Inlined::Reply(reply)
    }

    /// Nobody on this thread waits for the actor any more: if it has more to do, its driver comes.
    #[inline]
    fn put_back(&self, process: &Arc<dyn Process>, life: LifeBox<A>) {
        let at_rest = life.is_at_rest();
        let mut core = self.lock();
        let body = if at_rest { core.idle(Body::Life(life)) } else { Err(Body::Life(life)) };
        if let Err(body) = body {
            core.requeue(body);
            if core.is_doomed() {
                drop(core);
                process.run(process, TO_END); // the driver has gone with its runtime
            } else {
                self.tell(core, process);
            }
        }
    }

    /// A call with an `async` handler.
    fn call_async_inline(
        &self,
        process: &Arc<dyn Process>,
        seat: OwnSeatBox<A>,
        (life, message): (LifeBox<A>, Message<A>),
        (limit, frame): (Limit, Frame<'_>),
    ) -> Inlined<A::Reply> {
        match Self::begin_inline(process, seat, (life, message), limit) {
            Ok((life, Outcome::Reply(reply))) if !life.ctx.is_stopping() => {
                self.answer_inline(process, life, reply)
            }
            Ok((life, outcome)) => {
                self.finish_inline(process, life, Handled::Now(outcome), (frame, None))
            }
            Err(seat) => self.suspend_inline(process, seat, frame),
        }
    }

    /// Begins an `async` handler, and goes on up to where it waits for something. One that waits for nothing is done then.
    fn begin_inline(
        process: &Arc<dyn Process>,
        mut seat: OwnSeatBox<A>,
        (life, message): (LifeBox<A>, Message<A>),
        limit: Limit,
    ) -> Result<(LifeBox<A>, Outcome<A>), OwnSeatBox<A>> {
        // It has as long as its caller waits, and no longer than those around it.
        let outer = frame::set_deadline(Deadline::NONE);
        frame::set_deadline(outer.or(match limit {
            Limit::Default => Deadline::within(DEFAULT_LIMIT),
            Limit::After(limit) => Deadline::within(limit),
            Limit::Until(deadline) => Deadline::at(Some(deadline)),
            Limit::Infinite => Deadline::NONE,
        }));
        seat.as_mut().begin(life, Work::Message(message));
        let waker = Arc::clone(process).waker();
        let polled = seat.as_mut().poll(&mut Context::from_waker(&waker));
        frame::set_deadline(outer);
        match polled {
            Poll::Ready((mut life, outcome)) => {
                life.seat = Some(seat);
                Ok((life, outcome))
            }
            Poll::Pending => Err(seat),
        }
    }

    /// Puts the body of an actor whose handler has begun and awaits back. Its caller waits, not on this stack any more.
    #[cold]
    fn suspend_inline(
        &self,
        process: &Arc<dyn Process>,
        mut seat: OwnSeatBox<A>,
        frame: Frame<'_>,
    ) -> Inlined<A::Reply> {
        let request = slot::Request { caller: frame.outer(), ..slot::Request::NONE };
        let (sender, receiver) = slot::pair(request);
        seat.as_mut().answer_to(CallSender::new(sender));
        let around = receiver.slot().map(|slot| waits::begin_around(slot, process));
        let mut core = self.lock();
        match core.suspend(Body::Seated(seat)) {
            Ok(()) => {
                // The driver tells when the runtime ends.
                let tell = core.start_driver();
                drop(core);
                driver::tell(tell, process);
                drop(frame);
            }
            Err(body) => {
                core.requeue(body);
                drop(core);
                Self::run_rest(process, frame, TO_GO_ON);
            }
        }
        match around {
            Some(Err(path)) => Inlined::Ring(path),
            _ => Inlined::Waits(receiver),
        }
    }

    /// The rest of a call that was not simply answered.
    #[cold]
    fn finish_inline(
        &self,
        process: &Arc<dyn Process>,
        mut life: LifeBox<A>,
        handled: Handled<A>,
        (frame, deadline): (Frame<'_>, Option<Instant>),
    ) -> Inlined<A::Reply> {
        waits::end(&self.header); // what it has begun and given away
        let receiver = match life.ctx.take_caller() {
            Caller::Deferred(receiver) => {
                if let Handled::Now(outcome) = handled {
                    let _apart = Apart::enter();
                    life.settle(outcome);
                }
                if life.is_ending() && !A::TERMINATES {
                    self.lock().requeue(Body::Life(life));
                    Self::run_rest(process, frame, TO_END);
                } else {
                    self.put_back(process, life);
                }
                return Inlined::Waits(receiver);
            }
            Caller::Inline => {
                let (sender, receiver) = Self::wait_inline(process, &frame, deadline);
                life.ctx.set_caller(Caller::Waits(CallSender::new(sender)));
                receiver
            }
            Caller::Nobody | Caller::Waits(_) | Caller::Lent(_) => {
                unreachable!("the caller is on this thread")
            }
        };
        let apart = Apart::enter();
        let (body, most) = match handled {
            Handled::Now(outcome) => {
                life.settle(outcome);
                (Body::Life(life), TO_END)
            }
            Handled::Later(message) => {
                if let Some(mut seat) = life.seat.take() {
                    life.ctx.set_watched(self.header.node.telemetry.watched());
                    frame::set_deadline(Deadline::at(deadline));
                    seat.as_mut().begin(life, Work::Message(message));
                    (Body::Seated(seat), TO_GO_ON)
                } else {
                    Self::queue_first(&mut life, message);
                    (Body::Life(life), TO_BEGIN)
                }
            }
        };
        self.lock().requeue(body);
        drop(apart);
        Self::run_rest(process, frame, most);
        Inlined::Waits(receiver)
    }

    /// Takes the life of an actor that has nothing to do, to run something on this thread.
    pub(super) fn claim_inline(&self) -> Option<(LifeBox<A>, Frame<'_>)> {
        let claimed = self.lock().claim_idle(|body| matches!(body, Body::Life(_)));
        let Some(Body::Life(mut life)) = claimed else { return None };
        let frame = Frame::enter(&self.header);
        life.ctx.disturb();
        Some((life, frame))
    }

    /// Where the caller of a call that runs on its thread waits: for its handler, or for the `#[terminate]` of an actor that ends with it.
    pub(super) fn wait_inline<R>(
        process: &Arc<dyn Process>,
        frame: &Frame<'_>,
        deadline: Option<Instant>,
    ) -> (slot::Sender<Answer<R>>, slot::Receiver<Answer<R>>) {
        let request = slot::Request { deadline, caller: frame.outer(), ..slot::Request::NONE };
        let (sender, receiver) = slot::pair(request);
        if let Some(slot) = receiver.slot() {
            let _free = waits::begin_around(slot, process); // it waits for nobody yet
        }
        (sender, receiver)
    }

    /// Runs a message of a protocol on this thread, up to where it waits for something.
    pub(super) fn run_errand(
        &self,
        process: &Arc<dyn Process>,
        mut life: LifeBox<A>,
        mut errand: ErrandBox<A>,
        (frame, deadline): (Frame<'_>, Option<Instant>),
    ) {
        let apart = Apart::enter();
        life.ctx.__handling(u16::MAX);
        life.ctx.set_watched(self.header.node.telemetry.watched());
        frame::set_deadline(Deadline::at(deadline));
        errand.as_mut().begin(life);
        self.lock().requeue(Body::Seated(errand));
        drop(apart);
        Self::run_rest(process, frame, TO_GO_ON);
    }

    /// What follows a call is the actor's own: its caller waits for it, and not on this stack. For what it does not wait for the driver comes.
    fn run_rest(process: &Arc<dyn Process>, frame: Frame<'_>, most: usize) {
        drop(frame);
        let _apart = Apart::enter();
        if process.run(process, most) == super::After::More {
            driver::wake(process);
        }
    }

    /// Leaves a call with an `async` handler to be begun as one that was queued: there is no seat for it yet.
    fn queue_first(life: &mut Life<A>, message: Message<A>) {
        match (message, life.ctx.take_caller()) {
            (Message::Call(message), Caller::Waits(sender)) => {
                life.batch.push_back(Envelope::Call(message, Some(sender)));
            }
            _ => unreachable!("only a call was handed over, and its caller waits"),
        }
    }
}
