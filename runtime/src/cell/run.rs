//! How messages are handled: by whoever has claimed the actor, one at a time.

use super::{
    After, Body, Cell, Header, Locked, Process,
    core::{Claim, Tell},
    driver,
    frame::{self, Frame},
    life::{CallSender, Envelope, Life, Seat, Work, seat},
    shield::{caught, shielded, wake},
};
use crate::{
    actor::{Message, Spawn},
    call::CallError,
    exit::ExitReason,
};
use std::{
    any::type_name,
    mem,
    panic::{AssertUnwindSafe, catch_unwind},
    sync::Arc,
    task::{Context, Poll, Wake, Waker},
};

/// How many messages are handled before other tasks have their turn.
///
/// To give them their turn may wake another worker thread, which costs as much as a hundred messages.
pub(super) const BATCH: usize = 256;

/// What the runner of an actor does next.
enum Next<A: Spawn> {
    /// An `async` method.
    Work(Work<A>),
    /// Messages that were taken out.
    Batch,
    /// Nothing waits.
    Idle,
    Finish,
}

impl<A: Spawn> Process for Cell<A> {
    fn header(&self) -> &Header {
        &self.header
    }

    fn run(self: Arc<Self>, most: usize) -> After {
        if !Self::OPTIONS.blocking {
            return self.run_here(most);
        }
        if self.is_done() {
            return After::Done;
        }
        let node = Arc::clone(&self.header.node);
        node.spawn_blocking(move || while self.run_here(BATCH) == After::More {});
        After::Rest
    }

    fn last_handle_gone(self: Arc<Self>) {
        // At once where that is safe: on the actor's own runtime, and not as one of a long row that drops one another.
        let here = !A::TERMINATES
            && !Self::OPTIONS.blocking
            && frame::may_nest()
            && self.header.node.is_current();
        let mut core = self.lock();
        if !here {
            if core.wake() {
                self.tell(core, &(Arc::clone(&self) as Arc<dyn Process>));
            }
        } else if let Some(Body::Life(mut life)) = core.claim_idle(|body| {
            self.header.is_unreferenced()
                && matches!(body, Body::Life(life) if life.ctx.has_no_timers())
        }) {
            core.begin_closing();
            drop(core);
            let _frame = Frame::enter(&self.header);
            life.end(ExitReason::Normal, None);
            self.finish(life);
        }
        // Otherwise whoever runs it finds out when it has nothing left to do.
    }

    fn add_handle_if_alive(&self) -> bool {
        let core = self.lock();
        let is_open = core.is_open();
        if is_open {
            self.header.add_handle();
        }
        is_open
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
        let body = if at_rest { core.idle(Body::Life(life)) } else { Err(Body::Life(life)) };
        if let Err(body) = body {
            core.requeue(body);
            self.tell(core, &(Arc::clone(self) as Arc<dyn Process>));
        }
    }

    /// The actor could not be built.
    pub(crate) fn never_open(&self, reason: &ExitReason) {
        self.close(Vec::new(), &CallError::Died(reason.clone()));
    }

    /// Runs the actor, for at most so many messages. Whatever panics, it is the end of this actor and of nothing else.
    fn run_here(self: &Arc<Self>, most: usize) -> After {
        match catch_unwind(AssertUnwindSafe(|| self.run_on(most))) {
            Ok(after) => after,
            Err(payload) => {
                self.close(Vec::new(), &CallError::Died(caught(payload)));
                After::Done
            }
        }
    }

    fn run_on(self: &Arc<Self>, most: usize) -> After {
        let mut core = self.lock();
        let mut body = match core.claim() {
            Claim::Body(body) => body,
            Claim::Nothing => return After::Rest,
            Claim::Done => return After::Done,
        };
        // The most common case, one message, is taken out under the lock that is held already.
        let mut only = match &body {
            Body::Life(life) if life.is_plain() && life.batch.is_empty() => {
                core.mailbox.take_only()
            }
            _ => None,
        };
        self.unlock_and_grant(core);

        let _frame = Frame::enter(&self.header);
        let mut left = most;
        let mut in_hand = 0;
        let mut timer_was_last = false;
        loop {
            body = match body {
                Body::Life(mut life) => {
                    let later = match only.take() {
                        Some(envelope) => life.open(envelope),
                        None => Self::handle_batch(&mut life, &mut left),
                    };
                    let next = match later {
                        Some(message) => Next::Work(Work::Message(message)),
                        None if left == 0 => return self.let_others(Body::Life(life)),
                        None => self.next(&mut life, &mut left, &mut timer_was_last),
                    };
                    match next {
                        Next::Work(work) => {
                            in_hand = life.batch.len();
                            Self::begin(life, work)
                        }
                        Next::Batch => Body::Life(life),
                        Next::Idle => match self.rest(life) {
                            Ok(after) => return after,
                            Err(body) => body,
                        },
                        Next::Finish => {
                            self.finish(life);
                            return After::Done;
                        }
                    }
                }
                Body::Seated(mut seat) => {
                    if left == 0 {
                        return self.let_others(Body::Seated(seat));
                    }
                    left -= 1;
                    let waker = Waker::from(Arc::clone(self));
                    match seat.as_mut().poll(&mut Context::from_waker(&waker)) {
                        Poll::Ready((mut life, outcome)) => {
                            life.seat = Some(seat);
                            life.settle(outcome);
                            Body::Life(life)
                        }
                        Poll::Pending => match self.suspend(seat, in_hand) {
                            Ok(after) => return after,
                            Err(body) => body,
                        },
                    }
                }
            }
        }
    }

    /// Handles the messages taken out, up to one with an `async` handler, or one that leaves something else to be done first.
    #[inline]
    fn handle_batch(life: &mut Life<A>, left: &mut usize) -> Option<Message<A>> {
        while *left > 0 && life.is_plain() {
            let envelope = life.batch.pop_front()?;
            *left -= 1;
            let later = life.open(envelope);
            if later.is_some() {
                return later;
            }
        }
        None
    }

    /// What is to be done, once the messages taken out have been handled or must wait.
    fn next(
        self: &Arc<Self>,
        life: &mut Life<A>,
        left: &mut usize,
        timer_was_last: &mut bool,
    ) -> Next<A> {
        *left -= 1;
        if let Some(ending) = &mut life.ending {
            return if A::TERMINATES && !mem::replace(&mut ending.terminated, true) {
                Next::Work(Work::Terminate(ending.reason.clone()))
            } else {
                Next::Finish
            };
        }
        if let Some(message) = life.ctx.next_continue() {
            return Self::next_message(life, Message::Continue(message));
        }
        // Timers and messages take turns, so that neither keeps the other waiting.
        let skips_timers = mem::replace(timer_was_last, false);
        if !skips_timers && !life.ctx.has_no_timers() {
            let waker = Waker::from(Arc::clone(self));
            let due = catch_unwind(AssertUnwindSafe(|| {
                life.ctx.poll_timers(&mut Context::from_waker(&waker))
            }));
            match due {
                Ok(None) => {}
                Ok(Some(info)) => {
                    *timer_was_last = true;
                    return Self::next_message(life, Message::Info(info));
                }
                Err(payload) => {
                    life.end(caught(payload), None);
                    return Next::Batch;
                }
            }
        }
        if life.batch.is_empty() {
            let mut core = self.lock();
            core.mailbox.take(&mut life.batch);
            self.unlock_and_grant(core);
        }
        if life.batch.is_empty() {
            return if skips_timers { Next::Batch } else { Next::Idle };
        }
        if life.ctx.is_plain() {
            return Next::Batch;
        }
        // Between two messages the timers are looked at again.
        match life.batch.pop_front().and_then(|envelope| life.open(envelope)) {
            Some(message) => Next::Work(Work::Message(message)),
            None => Next::Batch,
        }
    }

    fn next_message(life: &mut Life<A>, message: Message<A>) -> Next<A> {
        match life.handle(message) {
            Some(message) => Next::Work(Work::Message(message)),
            None => Next::Batch,
        }
    }

    /// Begins an `async` method.
    fn begin(mut life: Box<Life<A>>, work: Work<A>) -> Body<A> {
        let mut seat = life.seat.take().unwrap_or_else(seat::<A>);
        seat.as_mut().begin(life, work);
        Body::Seated(seat)
    }

    /// Puts the body of an actor with a handler that awaits back, unless its waker fired meanwhile.
    fn suspend(self: &Arc<Self>, seat: Seat<A>, in_hand: usize) -> Result<After, Body<A>> {
        let mut core = self.lock();
        core.mailbox.set_in_hand(in_hand);
        match core.suspend(Body::Seated(seat)) {
            Ok(()) => {
                // The driver tells when the runtime ends; a handler that began inline may have none.
                let tell = core.start_driver();
                self.unlock_and_grant(core);
                driver::tell(tell, &(Arc::clone(self) as Arc<dyn Process>));
                Ok(After::Rest)
            }
            Err(body) if core.is_doomed() => {
                drop(core);
                self.discard(body);
                Ok(After::Done)
            }
            Err(body) => Err(body),
        }
    }

    /// Puts the life back, unless there is something left to do.
    fn rest(&self, mut life: Box<Life<A>>) -> Result<After, Body<A>> {
        let mut core = self.lock();
        core.mailbox.shrink();
        if self.header.is_unreferenced() && core.mailbox.is_empty() && life.ctx.has_no_timers() {
            core.begin_closing();
            drop(core);
            life.end(ExitReason::Normal, None);
            return Err(Body::Life(life));
        }
        match core.idle(Body::Life(life)) {
            Err(body) if core.is_doomed() => {
                drop(core);
                self.discard(body);
                Ok(After::Done)
            }
            Ok(()) => Ok(After::Rest),
            Err(body) => Err(body),
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
        core.requeue(body);
        self.unlock_and_grant(core);
        After::More
    }

    /// Lets go of the lock, and gives what room there is to those who wait for it.
    #[inline]
    fn unlock_and_grant<'a>(&'a self, core: Locked<'a, A>) {
        if core.mailbox.has_waiters() {
            self.grant(core);
        }
    }

    #[cold]
    fn grant<'a>(&'a self, mut core: Locked<'a, A>) {
        loop {
            let wakers = core.mailbox.grant(Self::OPTIONS.mailbox);
            drop(core);
            if !wakers.wake() {
                return;
            }
            core = self.lock();
        }
    }

    /// The end of a life.
    fn finish(&self, mut life: Box<Life<A>>) {
        let Some(ending) = life.ending.take() else {
            return;
        };
        let reason = ending.reason;
        if !reason.is_orderly() {
            let caller = ending.owed.as_ref().and_then(|(sender, _)| sender.caller());
            shielded(|| {
                tracing::error!(
                    actor = type_name::<A>(),
                    pid = %self.header.pid,
                    %reason,
                    caller = caller.map(tracing::field::display),
                    "actor crashed"
                );
            });
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
        let left = self.lock().end();
        shielded(|| drop(left.body));
        let mut lost = 0_usize;
        for envelope in batch.into_iter().chain(left.messages) {
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
        left.wakers.into_iter().for_each(wake);
    }
}
