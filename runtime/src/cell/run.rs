//! How messages are handled: by whoever has claimed the actor, one at a time.

use super::{
    After, Body, Cell, Header, Locked, Process,
    core::{Claim, Doomed, Fate, Left, Tell},
    driver,
    frame::{self, Frame},
    life::{CallSender, Ending, Envelope, Life, Seat, Told, Work, seat},
    shield::{caught, shielded, wake},
};
use crate::{
    actor::{Message, Spawn},
    call::{Answer, CallError},
    exit::ExitReason,
    link::{self, Exit, Signal},
    options::OnRestart,
    pid::Pid,
};
use std::{
    any::{Any, TypeId, type_name},
    collections::VecDeque,
    mem,
    panic::{AssertUnwindSafe, catch_unwind},
    sync::{Arc, atomic::Ordering},
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

    fn actor_type(&self) -> TypeId {
        TypeId::of::<A>()
    }

    fn into_any(self: Arc<Self>) -> Arc<dyn Any + Send + Sync> {
        self
    }

    fn run(self: Arc<Self>, most: usize) -> After {
        if !Self::OPTIONS.blocking {
            return self.run_here(most);
        }
        let core = self.lock();
        if core.is_done() && !core.is_kept() {
            return After::Done;
        }
        drop(core);
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
        if core.is_kept() {
            // Its supervisor keeps it alive.
        } else if !here {
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
        let doomed = self.lock().doom();
        match doomed {
            Doomed::Body(body) => self.discard(Some(body)),
            Doomed::Vacant => self.discard(None),
            Doomed::Nothing => {}
        }
    }

    fn signal(self: Arc<Self>, to: Pid, signal: Signal) {
        match signal {
            Signal::Kill => self.sentence(to, ExitReason::Killed),
            Signal::Stop(reason) => self.say(to, Told::End(reason)),
            Signal::Link(exit) => {
                // One that is not linked any more has nothing to say.
                let was_parent = self.header.ties.is_parent(exit.from);
                if self.header.ties.unlink(exit.from).is_some() {
                    self.exit_signal(to, Some(exit.from), exit.reason, was_parent);
                }
            }
            Signal::Exit(from, reason) => {
                let is_parent = from.is_some_and(|from| self.header.ties.is_parent(from));
                self.exit_signal(to, from, reason, is_parent);
            }
        }
    }

    fn set_fate(&self, fate: Fate) {
        self.lock().set_fate(fate);
    }

    fn fate(&self) -> Fate {
        self.lock().fate()
    }

    fn close(&self, reason: &ExitReason) {
        let mut core = self.lock();
        if core.is_vacant() {
            let left = core.end();
            drop(core);
            self.give_name_back();
            self.refuse(left, VecDeque::new(), &CallError::Died(reason.clone()));
        }
    }

    fn dismiss(&self, reason: &ExitReason) {
        let mut core = self.lock();
        core.set_fate(Fate::Ends);
        if core.is_vacant() || core.is_done() {
            let left = core.end();
            drop(core);
            self.header.end_role(reason);
            self.refuse(left, VecDeque::new(), &CallError::Died(reason.clone()));
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
        let pid = self.header.ties.pid();
        let bonds = self.header.ties.end();
        let mut core = self.lock();
        if !core.vacate_unborn() {
            let is_last = !core.is_kept();
            let left = core.end();
            drop(core);
            if is_last {
                self.header.end_role(reason);
            }
            self.refuse(left, VecDeque::new(), &CallError::Died(reason.clone()));
        }
        if let (Some(pid), Some(mut bonds)) = (pid, bonds) {
            // Whoever starts it sees for himself that it did not start.
            bonds.forget_parent();
            link::tell(pid, *bonds, reason);
        }
    }

    /// What an exit signal does when it arrives.
    fn exit_signal(
        self: &Arc<Self>,
        to: Pid,
        from: Option<Pid>,
        reason: ExitReason,
        is_parent: bool,
    ) {
        let is_normal = matches!(reason, ExitReason::Normal);
        match (A::EXIT, from) {
            _ if is_parent && A::TERMINATES => self.say(to, Told::End(reason)),
            (Some(info), Some(from)) if !is_parent => {
                self.say(to, Told::Exit(info(Exit { from, reason })))
            }
            _ if is_normal => {}
            _ => self.sentence(to, reason),
        }
    }

    fn say(self: &Arc<Self>, to: Pid, told: Told<A>) {
        self.push_system(&(Arc::clone(self) as Arc<dyn Process>), to, told);
    }

    /// Ends the life `to` at once: at its next message, or where its handler awaits.
    fn sentence(self: &Arc<Self>, to: Pid, reason: ExitReason) {
        let mut core = self.lock();
        if self.header.ties.pid() == Some(to) {
            self.header.sentenced.store(true, Ordering::Relaxed);
            if core.sentence(reason) {
                self.tell(core, &(Arc::clone(self) as Arc<dyn Process>));
            }
        }
    }

    /// Runs the actor, for at most so many messages. Whatever panics, it is the end of this actor and of nothing else.
    fn run_here(self: &Arc<Self>, most: usize) -> After {
        match catch_unwind(AssertUnwindSafe(|| self.run_on(most))) {
            Ok(after) => after,
            Err(payload) => {
                let reason = caught(payload);
                self.end_life(reason, VecDeque::new(), None)
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
        let mut timer_was_last = false;
        loop {
            if self.header.is_sentenced() {
                return self.execute(body, only);
            }
            body = match body {
                Body::Life(mut life) => {
                    let later = match only.take() {
                        Some(envelope) => life.open(envelope),
                        None => self.handle_batch(&mut life, &mut left),
                    };
                    let next = match later {
                        Some(message) => Next::Work(Work::Message(message)),
                        None if left == 0 => return self.let_others(Body::Life(life)),
                        None => self.next(&mut life, &mut left, &mut timer_was_last),
                    };
                    match next {
                        Next::Work(work) => Self::begin(life, work),
                        Next::Batch => Body::Life(life),
                        Next::Idle => match self.rest(life) {
                            Ok(after) => return after,
                            Err(body) => body,
                        },
                        Next::Finish => return self.finish(life),
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
                            mem::swap(&mut life.batch, seat.as_mut().batch());
                            life.seat = Some(seat);
                            life.settle(outcome);
                            Body::Life(life)
                        }
                        Poll::Pending => match self.suspend(seat) {
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
    fn handle_batch(&self, life: &mut Life<A>, left: &mut usize) -> Option<Message<A>> {
        while *left > 0 && life.is_plain() && !self.header.is_sentenced() {
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
        // Not with the life: if the future is dropped, what waits is not.
        mem::swap(&mut life.batch, seat.as_mut().batch());
        seat.as_mut().begin(life, work);
        Body::Seated(seat)
    }

    /// Puts the body of an actor with a handler that awaits back, unless its waker fired meanwhile.
    fn suspend(self: &Arc<Self>, mut seat: Seat<A>) -> Result<After, Body<A>> {
        let in_hand = seat.as_mut().batch().len();
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
                self.discard(Some(body));
                Ok(After::Done)
            }
            Err(body) => Err(body),
        }
    }

    /// Puts the life back, unless there is something left to do.
    fn rest(&self, mut life: Box<Life<A>>) -> Result<After, Body<A>> {
        let mut core = self.lock();
        core.mailbox.shrink();
        if self.header.is_unreferenced()
            && !core.is_kept()
            && core.mailbox.is_empty()
            && life.ctx.has_no_timers()
        {
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
            Ok(()) => Ok(After::Rest),
            Err(body) => Err(body),
        }
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

    /// The end of a life, as it prepared it.
    fn finish(&self, mut life: Box<Life<A>>) -> After {
        let Some(ending) = life.ending.take() else {
            unreachable!("only a life that is ending is finished")
        };
        let Ending { reason, owed, .. } = *ending;
        if !reason.is_orderly() {
            let caller = owed.as_ref().and_then(|(sender, _)| sender.caller());
            shielded(|| {
                tracing::error!(
                    actor = type_name::<A>(),
                    pid = self.header.ties.pid().map(tracing::field::display),
                    %reason,
                    caller = caller.map(tracing::field::display),
                    "actor crashed"
                );
            });
        }
        let batch = mem::take(&mut life.batch);
        frame::dying(&CallError::Died(reason.clone()), || shielded(|| drop(life)));
        self.end_life(reason, batch, owed)
    }

    /// The end of a life by an exit signal: nothing more of it runs.
    #[cold]
    fn execute(&self, mut body: Body<A>, only: Option<Envelope<A>>) -> After {
        let reason = self.lock().take_sentence().unwrap_or(ExitReason::Killed);
        let (mut batch, owed) = match &mut body {
            Body::Life(life) => {
                (mem::take(&mut life.batch), life.ending.take().and_then(|ending| ending.owed))
            }
            Body::Seated(seat) => (mem::take(seat.as_mut().batch()), None),
        };
        batch.extend(only); // taken out when there was nothing else
        frame::dying(&CallError::Died(reason.clone()), || shielded(|| drop(body)));
        self.end_life(reason, batch, owed)
    }

    /// The life is over, and what was left of it is gone. `batch` is what it had taken out of the mailbox and not handled.
    fn end_life(
        &self,
        reason: ExitReason,
        batch: VecDeque<Envelope<A>>,
        owed: Option<(CallSender<A>, Answer<A::Reply>)>,
    ) -> After {
        let pid = self.header.ties.pid();
        let bonds = self.header.ties.end(); // who comes from now on finds no life
        let error = CallError::Died(reason.clone());
        let mut core = self.lock();
        let is_last = !core.is_kept();
        if core.vacate(&reason) {
            if Self::OPTIONS.on_restart == OnRestart::Keep {
                core.mailbox.put_back(batch);
                drop(core);
            } else {
                let mut messages = VecDeque::new();
                core.mailbox.take(&mut messages);
                self.unlock_and_grant(core);
                self.drop_messages(batch.into_iter().chain(messages), &error);
            }
        } else {
            let left = core.end();
            drop(core);
            // The name is free before anybody is told.
            if is_last {
                self.header.end_role(&reason);
            } else {
                self.give_name_back();
            }
            self.refuse(left, batch, &error);
        }
        if let Some((sender, answer)) = owed {
            sender.send(answer);
        }
        if let (Some(pid), Some(bonds)) = (pid, bonds) {
            link::tell(pid, *bonds, &reason);
        }
        if is_last { After::Done } else { After::Rest }
    }

    /// The end of an actor whose runtime ends.
    fn discard(&self, body: Option<Body<A>>) {
        let error = CallError::NoProc;
        let pid = self.header.ties.pid();
        let bonds = self.header.ties.end();
        frame::dying(&error, || shielded(|| drop(body)));
        let left = self.lock().end();
        self.header.end_role(&ExitReason::NoProc);
        self.refuse(left, VecDeque::new(), &error);
        if let (Some(pid), Some(mut bonds)) = (pid, bonds) {
            bonds.links.clear(); // they end with the same runtime
            link::tell(pid, *bonds, &ExitReason::NoProc);
        }
    }

    fn give_name_back(&self) {
        let name = self.header.role().as_mut().and_then(|role| role.name.take());
        if let Some(name) = name {
            self.header.node.names.remove(&name);
        }
    }

    /// Nothing is handled any more: those who wait are told.
    fn refuse(
        &self,
        left: Left<Envelope<A>, Body<A>>,
        batch: VecDeque<Envelope<A>>,
        error: &CallError,
    ) {
        shielded(|| drop(left.body));
        self.drop_messages(batch.into_iter().chain(left.messages), error);
        left.wakers.into_iter().for_each(wake);
    }

    fn drop_messages(&self, messages: impl Iterator<Item = Envelope<A>>, error: &CallError) {
        let mut lost = 0_usize;
        for envelope in messages {
            match envelope {
                Envelope::Call(message, Some(sender)) => {
                    shielded(|| drop(message));
                    CallSender::send(sender, Err(error.clone()));
                }
                Envelope::System(system) => shielded(|| drop(system)),
                envelope => {
                    lost += 1;
                    shielded(|| drop(envelope));
                }
            }
        }
        if lost > 0 {
            shielded(|| {
                tracing::debug!(
                    actor = type_name::<A>(),
                    messages = lost,
                    "actor ended with messages that nobody will handle"
                );
            });
        }
    }
}
