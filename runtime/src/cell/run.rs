//! How messages are handled: by whoever has claimed the actor, one at a time.

use super::{
    After, Body, Cell, Header, Process,
    core::{Claim, Tell},
    driver,
    frame::{self, Frame},
    life::{CallSender, Caller, Envelope, Life, Work, seat},
};
use crate::{
    actor::{Handled, Message, Spawn},
    call::CallError,
    exit::ExitReason,
};
use std::{
    any::{Any, type_name},
    mem,
    panic::{AssertUnwindSafe, catch_unwind},
    sync::Arc,
    task::{Context, Poll, Wake, Waker},
};

/// How many messages are handled before other tasks have their turn.
const BATCH: usize = 64;

/// What the runner of an actor does next.
enum Next<A: Spawn> {
    Work(Work<A>),
    /// A message was passed over: its caller has gone.
    Again,
    /// Nothing waits.
    Idle,
    Finish,
}

impl<A: Spawn> Process for Cell<A> {
    fn header(&self) -> &Header {
        &self.header
    }

    fn as_any(&self) -> &dyn Any {
        self
    }

    fn run(self: Arc<Self>) -> After {
        if !Self::OPTIONS.blocking {
            return self.run_here();
        }
        if self.is_done() {
            return After::Done;
        }
        let node = Arc::clone(&self.header.node);
        node.spawn_blocking(move || while self.run_here() == After::More {});
        After::Rest
    }

    fn last_handle_gone(self: Arc<Self>) {
        let mut core = self.lock();
        let elsewhere = A::TERMINATES || Self::OPTIONS.blocking;
        if elsewhere {
            if core.wake() {
                self.tell(core, &(Arc::clone(&self) as Arc<dyn Process>));
            }
        } else if let Some(Body::Life(mut life)) =
            core.claim_idle(|body| matches!(body, Body::Life(life) if life.ctx.has_no_timers()))
        {
            drop(core);
            life.end(ExitReason::Normal, None);
            self.finish(life);
        }
        // Otherwise whoever runs it finds out when it has nothing left to do.
    }

    fn node_down(&self) {
        let body = self.lock().doom();
        if let Some(body) = body {
            self.discard(body);
        }
    }

    fn is_done(&self) -> bool {
        self.lock().is_done()
    }

    fn set_driver(&self, waker: &Waker) {
        self.lock().set_driver(waker);
    }

    fn tell_driver(&self) -> Tell {
        self.lock().tell_driver()
    }
}

impl<A: Spawn> Wake for Cell<A> {
    fn wake(self: Arc<Self>) {
        self.wake_by_ref();
    }

    fn wake_by_ref(self: &Arc<Self>) {
        let mut core = self.lock();
        if core.wake() {
            self.tell(core, &(Arc::clone(self) as Arc<dyn Process>));
        }
    }
}

impl<A: Spawn> Cell<A> {
    /// The actor has been built: it begins to serve.
    pub(crate) fn open(self: &Arc<Self>, life: Box<Life<A>>) {
        let at_rest = life.is_at_rest();
        let mut core = self.lock();
        let body = if at_rest {
            core.idle(Body::Life(life))
        } else {
            Err(Body::Life(life))
        };
        if let Err(body) = body {
            core.requeue(body);
            self.tell(core, &(Arc::clone(self) as Arc<dyn Process>));
        }
    }

    /// The actor could not be built.
    pub(crate) fn never_open(&self, reason: &ExitReason) {
        self.close(Vec::new(), &CallError::Died(reason.clone()));
    }

    fn run_here(self: &Arc<Self>) -> After {
        let mut core = self.lock();
        let mut body = match core.claim() {
            Claim::Body(body) => body,
            Claim::Nothing => return After::Rest,
            Claim::Done => return After::Done,
        };
        // The most common case, one message, is taken out under the lock that is held already.
        if let Body::Life(life) = &mut body
            && life.is_at_rest()
        {
            let only = core.mailbox.take_only();
            let wakers = core.mailbox.grant(Self::OPTIONS.mailbox);
            drop(core);
            if wakers.wake() {
                self.grant_more();
            }
            life.batch.extend(only);
        } else {
            drop(core);
        }

        let _frame = Frame::enter(self.header.pid);
        let mut left = BATCH;
        let mut in_hand = None;
        loop {
            if left == 0 {
                return self.let_others(body);
            }
            left -= 1;
            body = match body {
                Body::Seated(mut seat) => {
                    let waker = Waker::from(Arc::clone(self));
                    match seat.as_mut().poll(&mut Context::from_waker(&waker)) {
                        Poll::Ready((mut life, outcome)) => {
                            life.seat = Some(seat);
                            life.settle(outcome);
                            Body::Life(life)
                        }
                        Poll::Pending => {
                            let mut core = self.lock();
                            if let Some(in_hand) = in_hand.take() {
                                core.mailbox.set_in_hand(in_hand);
                            }
                            match core.suspend(Body::Seated(seat)) {
                                Ok(()) => {
                                    // The driver tells when the runtime ends; a handler that began inline may have none.
                                    let tell = core.start_driver();
                                    drop(core);
                                    driver::tell(tell, &(Arc::clone(self) as Arc<dyn Process>));
                                    return After::Rest;
                                }
                                Err(body) if core.is_doomed() => {
                                    drop(core);
                                    self.discard(body);
                                    return After::Done;
                                }
                                Err(body) => body,
                            }
                        }
                    }
                }
                Body::Life(mut life) => match self.next(&mut life) {
                    Next::Work(work) => {
                        in_hand = Some(life.batch.len());
                        Self::begin(life, work)
                    }
                    Next::Again => Body::Life(life),
                    Next::Finish => {
                        self.finish(life);
                        return After::Done;
                    }
                    Next::Idle => match self.rest(life) {
                        Ok(()) => return After::Rest,
                        Err(body) => body,
                    },
                },
            }
        }
    }

    /// What is to be done first.
    fn next(self: &Arc<Self>, life: &mut Life<A>) -> Next<A> {
        if let Some(ending) = &mut life.ending {
            return if A::TERMINATES && !mem::replace(&mut ending.terminated, true) {
                Next::Work(Work::Terminate(ending.reason.clone()))
            } else {
                Next::Finish
            };
        }
        if let Some(message) = life.ctx.next_continue() {
            return Next::Work(Work::Message(Message::Continue(message)));
        }
        if !life.ctx.has_no_timers() {
            let waker = Waker::from(Arc::clone(self));
            if let Some(info) = life.ctx.poll_timers(&mut Context::from_waker(&waker)) {
                return Next::Work(Work::Message(Message::Info(info)));
            }
        }
        if life.batch.is_empty() {
            let mut core = self.lock();
            core.mailbox.take(&mut life.batch);
            let wakers = core.mailbox.grant(Self::OPTIONS.mailbox);
            drop(core);
            if wakers.wake() {
                self.grant_more();
            }
        }
        match life.batch.pop_front() {
            None => Next::Idle,
            Some(Envelope::Cast(message)) => Next::Work(Work::Message(Message::Cast(message))),
            Some(Envelope::Info(message)) => Next::Work(Work::Message(Message::Info(message))),
            Some(Envelope::Call(message, None)) => {
                Next::Work(Work::Message(Message::Call(message)))
            }
            Some(Envelope::Call(message, Some(sender))) => {
                if sender.is_stale() {
                    shielded(|| drop(message));
                    sender.send(Err(CallError::Timeout));
                    return Next::Again;
                }
                life.ctx.set_caller(Caller::Waits(sender));
                Next::Work(Work::Message(Message::Call(message)))
            }
        }
    }

    /// Runs a handler: to its end, or into its seat.
    fn begin(mut life: Box<Life<A>>, work: Work<A>) -> Body<A> {
        let work = match work {
            Work::Message(message) => match life.handle(message) {
                Handled::Now(outcome) => {
                    life.settle(outcome);
                    return Body::Life(life);
                }
                Handled::Later(message) => Work::Message(message),
            },
            terminate @ Work::Terminate(_) => terminate,
        };
        let mut seat = life.seat.take().unwrap_or_else(seat::<A>);
        seat.as_mut().begin(life, work);
        Body::Seated(seat)
    }

    /// Puts the life back, unless there is something left to do.
    fn rest(self: &Arc<Self>, mut life: Box<Life<A>>) -> Result<(), Body<A>> {
        let mut core = self.lock();
        core.mailbox.shrink();
        if self.header.is_unreferenced() && core.mailbox.is_empty() && life.ctx.has_no_timers() {
            drop(core);
            life.end(ExitReason::Normal, None);
            return Err(Body::Life(life));
        }
        match core.idle(Body::Life(life)) {
            Err(Body::Life(mut life)) if core.is_doomed() => {
                drop(core);
                life.end(ExitReason::Killed, None);
                Err(Body::Life(life))
            }
            other => other,
        }
    }

    /// Leaves the actor, with work to do, to its next runner.
    fn let_others(&self, body: Body<A>) -> After {
        let mut core = self.lock();
        if core.is_doomed() {
            drop(core);
            self.discard(body);
            return After::Done;
        }
        if let Body::Life(life) = &body {
            core.mailbox.set_in_hand(life.batch.len());
        }
        let wakers = core.mailbox.grant(Self::OPTIONS.mailbox);
        core.requeue(body);
        drop(core);
        if wakers.wake() {
            self.grant_more();
        }
        After::More
    }

    /// Grants room to the rest of many who wait for it.
    #[cold]
    fn grant_more(&self) {
        loop {
            let wakers = self.lock().mailbox.grant(Self::OPTIONS.mailbox);
            if !wakers.wake() {
                return;
            }
        }
    }

    /// The end of a life.
    fn finish(&self, mut life: Box<Life<A>>) {
        let Some(ending) = life.ending.take() else {
            return;
        };
        let reason = match life.ctx.take_stop() {
            Some(later) if !later.is_orderly() => later,
            _ => ending.reason,
        };
        if !reason.is_orderly() {
            let caller = ending.owed.as_ref().and_then(|(sender, _)| sender.caller());
            tracing::error!(
                actor = type_name::<A>(),
                pid = %self.header.pid,
                %reason,
                caller = caller.map(tracing::field::display),
                "actor crashed"
            );
        }
        let error = CallError::Died(reason);
        let batch = mem::take(&mut life.batch);
        frame::dying(&error, || shielded(|| drop(life)));
        self.close(batch, &error);
        if let Some((sender, answer)) = ending.owed {
            sender.send(answer);
        }
    }

    /// The end of a life whose runtime ends.
    fn discard(&self, body: Body<A>) {
        let error = CallError::NoProc;
        frame::dying(&error, || shielded(|| drop(body)));
        self.close(Vec::new(), &error);
    }

    /// Nothing is handled any more: those who wait are told.
    fn close(&self, batch: impl IntoIterator<Item = Envelope<A>>, error: &CallError) {
        let (left, wakers) = self.lock().end();
        let mut lost = 0_usize;
        for envelope in batch.into_iter().chain(left) {
            if let Envelope::Call(message, Some(sender)) = envelope {
                shielded(|| drop(message));
                CallSender::send(sender, Err(error.clone()));
            } else {
                lost += 1;
                shielded(|| drop(envelope));
            }
        }
        if lost > 0 {
            tracing::debug!(
                actor = type_name::<A>(),
                pid = %self.header.pid,
                messages = lost,
                "actor ended with messages that nobody will handle"
            );
        }
        wakers.into_iter().for_each(Waker::wake);
    }
}

/// Runs a destructor of the user's: its panic is its own, and ends nothing else.
fn shielded(f: impl FnOnce()) {
    if let Err(payload) = catch_unwind(AssertUnwindSafe(f)) {
        let reason = super::life::caught(payload);
        tracing::error!(%reason, "a destructor panicked while its actor ended");
    }
}
