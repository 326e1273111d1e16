//! How messages are handled: by whoever has claimed the actor, one at a time.

use super::{
    After, Body, Cell, Locked, Process,
    core::Claim,
    driver,
    envelope::Envelope,
    errand::ErrandBox,
    frame::{Apart, Frame},
    life::{Later, Life, LifeBox},
    queue::Queue,
    report::Crash,
    seat::{Seat, Work, seat},
    shield::caught,
    waits,
};
use crate::{
    actor::{Message, Spawn},
    exit::ExitReason,
};
use std::{
    any::type_name,
    mem,
    panic::{AssertUnwindSafe, catch_unwind},
    sync::Arc,
    task::{Context, Poll},
};

/// How many messages are handled before other tasks have their turn.
///
/// To give them their turn may wake another worker thread, which costs as much as a hundred messages.
pub(super) const BATCH: usize = 256;

/// What the runner of an actor does next.
enum Next<A: Spawn> {
    /// An `async` method.
    Work(Work<A>),
    /// A message of a protocol.
    Errand(ErrandBox<A>),
    /// Messages that were taken out.
    Batch,
    /// Nothing waits.
    Idle,
    Finish,
    /// The end, for which nothing had to be prepared.
    End(ExitReason),
}

impl<A: Spawn> Next<A> {
    fn later(later: Later<A>) -> Self {
        match later {
            Later::Message(message) => Self::Work(Work::Message(message)),
            Later::Errand(errand) => Self::Errand(errand),
        }
    }
}

impl<A: Spawn> Cell<A> {
    /// The actor has been built: it begins to serve.
    pub(crate) fn open(self: &Arc<Self>, life: LifeBox<A>) {
        let at_rest = life.is_at_rest();
        self.header.report_start(type_name::<A>());
        let mut core = self.lock();
        core.serve();
        let body = if at_rest { core.idle(Body::Life(life)) } else { Err(Body::Life(life)) };
        match body {
            Ok(()) => {}
            // The runtime has ended meanwhile, and nobody would come to run it.
            Err(body) if core.is_doomed() => {
                drop(core);
                self.discard(Some(body));
            }
            Err(body) => {
                core.requeue(body);
                self.tell(core, &(Arc::clone(self) as Arc<dyn Process>));
            }
        }
    }

    /// Runs the actor, for at most so many messages. Whatever panics, it is the end of this actor and of nothing else.
    pub(super) fn run_here(&self, process: &Arc<dyn Process>, most: usize) -> After {
        let life = self.header.ties.pid();
        match catch_unwind(AssertUnwindSafe(|| self.run_on(process, most))) {
            Ok(after) => after,
            Err(payload) => {
                let reason = caught(payload);
                if self.header.ties.pid() == life {
                    let crash = Crash {
                        reason: reason.clone(),
                        last_message: None,
                        last_message_shown: None,
                        caller: None,
                        queued: self.waiting(0),
                    };
                    self.header.report_crash(type_name::<A>(), crash);
                    self.end_life(&reason, Queue::new(), None)
                } else {
                    After::Rest // it had ended before the panic
                }
            }
        }
    }

    fn run_on(&self, process: &Arc<dyn Process>, most: usize) -> After {
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
        if let Body::Life(life) = &mut body {
            life.ctx.set_watched(self.header.node.telemetry.watched());
        }
        let mut left = most;
        loop {
            if self.header.is_sentenced() {
                return self.execute(body, only);
            }
            body = match body {
                Body::Life(mut life) => {
                    let later = match only.take() {
                        Some(envelope) => self.open_next(&mut life, envelope),
                        None => self.handle_batch(&mut life, &mut left),
                    };
                    let next = match later {
                        Some(later) => Next::later(later),
                        None if left == 0 => return self.leave_off(life),
                        None => self.next(process, &mut life, &mut left),
                    };
                    match next {
                        Next::Work(work) => Self::begin(life, work),
                        Next::Errand(errand) => Self::begin_errand(life, errand),
                        Next::Batch => Body::Life(life),
                        Next::Idle => match self.rest(life) {
                            Ok(after) => return after,
                            Err(body) => body,
                        },
                        Next::Finish => return self.finish(life),
                        Next::End(reason) => return self.bury(life, &reason, None),
                    }
                }
                Body::Seated(mut seat) => {
                    if left == 0 {
                        return self.let_others(Body::Seated(seat));
                    }
                    left -= 1;
                    let waker = Arc::clone(process).waker();
                    match seat.as_mut().poll(&mut Context::from_waker(&waker)) {
                        Poll::Ready((mut life, outcome)) => {
                            waits::end(&self.header);
                            mem::swap(&mut life.batch, seat.as_mut().batch());
                            seat.leave(&mut life, outcome);
                            Body::Life(life)
                        }
                        Poll::Pending => match self.suspend(process, seat) {
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
    fn handle_batch(&self, life: &mut Life<A>, left: &mut usize) -> Option<Later<A>> {
        while *left > 0 && life.is_plain() && !self.header.is_sentenced() {
            let envelope = life.batch.pop_front()?;
            *left -= 1;
            let later = self.open_next(life, envelope);
            if later.is_some() {
                return later;
            }
        }
        None
    }

    #[inline]
    fn open_next(&self, life: &mut Life<A>, envelope: Envelope<A>) -> Option<Later<A>> {
        if self.header.counts() && envelope.is_wanted() {
            self.header.note_handled();
        }
        let later = life.open(envelope);
        waits::end(&self.header); // what a plain handler has begun and given away
        later
    }

    /// What is to be done, once the messages taken out have been handled or must wait.
    fn next(&self, process: &Arc<dyn Process>, life: &mut Life<A>, left: &mut usize) -> Next<A> {
        *left -= 1;
        if let Some(ending) = &mut life.ending {
            return if A::TERMINATES && !mem::replace(&mut ending.terminated, true) {
                Next::Work(Work::Terminate(ending.reason.clone()))
            } else {
                Next::Finish
            };
        }
        if let Some(reason) = life.ctx.take_stop() {
            return Next::End(reason);
        }
        if life.ctx.asks_nothing() && life.batch.is_empty() {
            return Next::Idle; // whether more has come is seen under the lock that the life is put back under
        }
        if life.ctx.is_suspended() {
            return self.next_while_suspended(life);
        }
        if let Some(message) = life.ctx.next_continue() {
            return self.next_message(life, Message::Continue(message));
        }
        if let Some(info) = life.ctx.idle_at_once() {
            return self.next_message(life, Message::Info(info));
        }
        // Timers, streams and messages take turns, so that none keeps the others waiting.
        let skips_sources = life.ctx.take_source_was_last();
        if !skips_sources && !life.ctx.has_no_sources() {
            let waker = Arc::clone(process).waker();
            let due = catch_unwind(AssertUnwindSafe(|| {
                let _apart = Apart::enter(); // what a stream waits for, no handler does
                life.ctx.poll_sources(&mut Context::from_waker(&waker))
            }));
            match due {
                Ok(None) => {}
                Ok(Some(info)) => {
                    life.ctx.set_source_was_last();
                    return self.next_message(life, Message::Info(info));
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
            return if skips_sources || life.ctx.set_idle() { Next::Batch } else { Next::Idle };
        }
        if life.ctx.is_plain() {
            return Next::Batch;
        }
        // Between two messages the timers and streams are looked at again.
        let Some(envelope) = life.batch.pop_front() else { return Next::Batch };
        match self.open_next(life, envelope) {
            Some(later) => Next::later(later),
            None => Next::Batch,
        }
    }

    /// What is to be done while messages wait.
    #[cold]
    fn next_while_suspended(&self, life: &mut Life<A>) -> Next<A> {
        let mut arrived = Queue::new();
        let mut core = self.lock();
        core.mailbox.take(&mut arrived);
        core.mailbox.set_in_hand(life.batch.len() + arrived.len());
        self.unlock_and_grant(core);
        life.batch.append(&mut arrived);
        let mut heeded = false;
        for _ in 0..life.batch.len() {
            let Some(envelope) = life.batch.pop_front() else { break };
            if life.ctx.is_suspended() && !life.is_ending() && envelope.is_for_suspended() {
                heeded = true;
                life.open(envelope);
            } else {
                life.batch.push_back(envelope);
            }
        }
        if heeded { Next::Batch } else { Next::Idle }
    }

    fn next_message(&self, life: &mut Life<A>, message: Message<A>) -> Next<A> {
        life.pause();
        let later = life.handle(message);
        waits::end(&self.header);
        match later {
            Some(message) => Next::Work(Work::Message(message)),
            None => Next::Batch,
        }
    }

    /// Begins an `async` method.
    fn begin(mut life: LifeBox<A>, work: Work<A>) -> Body<A> {
        let mut seat = life.seat.take().unwrap_or_else(seat::<A>);
        // Not with the life: if the future is dropped, what waits is not.
        mem::swap(&mut life.batch, seat.as_mut().batch());
        seat.as_mut().begin(life, work);
        Body::Seated(seat)
    }

    fn begin_errand(mut life: LifeBox<A>, mut errand: ErrandBox<A>) -> Body<A> {
        mem::swap(&mut life.batch, errand.as_mut().batch());
        errand.as_mut().begin(life);
        Body::Seated(errand)
    }

    /// Puts the body of an actor with a handler that awaits back, unless its waker fired meanwhile.
    fn suspend(&self, process: &Arc<dyn Process>, mut seat: Seat<A>) -> Result<After, Body<A>> {
        let in_hand = seat.as_mut().batch().len();
        let mut core = self.lock();
        core.mailbox.set_in_hand(in_hand);
        match core.suspend(Body::Seated(seat)) {
            Ok(()) => {
                // The driver tells when the runtime ends; a handler that began inline may have none.
                let tell = core.start_driver();
                self.unlock_and_grant(core);
                driver::tell(tell, process);
                Ok(After::Rest)
            }
            Err(body) if core.is_doomed() => {
                drop(core);
                self.discard(Some(body));
                Ok(After::Done)
            }
            Err(body) => Err(body),
        }
    }

    /// Puts the life back, unless there is something left to do.
    fn rest(&self, mut life: LifeBox<A>) -> Result<After, Body<A>> {
        let mut core = self.lock();
        if life.ctx.is_suspended() {
            life.pause();
            core.mailbox.set_in_hand(life.batch.len());
            return match core.suspend(Body::Life(life)) {
                Ok(()) => Ok(After::Rest),
                Err(body) if core.is_doomed() => {
                    drop(core);
                    self.discard(Some(body));
                    Ok(After::Done)
                }
                Err(body) => Err(body),
            };
        }
        core.mailbox.take(&mut life.batch);
        if !life.batch.is_empty() {
            self.unlock_and_grant(core);
            return Err(Body::Life(life));
        }
        life.pause();
        core.mailbox.shrink();
        if self.header.is_unreferenced() && !core.is_kept() && !life.ctx.is_kept_by_sources() {
            core.begin_closing();
            drop(core);
            life.end(ExitReason::Normal, None);
            return Err(Body::Life(life));
        }
        match core.idle(Body::Life(life)) {
            Err(body) if core.is_doomed() => {
                drop(core);
                self.discard(Some(body));
                Ok(After::Done)
            }
            Ok(()) => {
                self.unlock_and_grant(core); // what was in hand has been handled
                Ok(After::Rest)
            }
            Err(body) => Err(body),
        }
    }

    /// Has done as much as was asked for. If there is more to do, that is left to the next runner.
    fn leave_off(&self, life: LifeBox<A>) -> After {
        if !life.is_at_rest() {
            return self.let_others(Body::Life(life));
        }
        self.rest(life).unwrap_or_else(|body| self.let_others(body))
    }

    /// Leaves the actor, with work to do, to its next runner.
    fn let_others(&self, body: Body<A>) -> After {
        let mut core = self.lock();
        if core.is_doomed() {
            drop(core);
            self.discard(Some(body));
            return After::Done;
        }
        core.requeue(body);
        self.unlock_and_grant(core);
        After::More
    }

    /// Lets go of the lock, and gives what room there is to those who wait for it.
    #[inline]
    pub(super) fn unlock_and_grant<'a>(&'a self, core: Locked<'a, A>) {
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
}
