//! How a life ends, and what becomes of what it leaves behind.

use super::{
    After, Body, Cell,
    caller::CallSender,
    core::{Fate, Left},
    driver,
    envelope::Envelope,
    frame,
    life::{Ending, LifeBox, Owed},
    queue::Queue,
    report::{Crash, DeadLetters},
    shield::{let_go, wake},
    waits,
};
use crate::{
    actor::{Message, Spawn},
    call::CallError,
    exit::ExitReason,
    link,
    options::OnRestart,
    pid::Pid,
};
use std::{any::type_name, mem, sync::Arc};

impl<A: Spawn> Cell<A> {
    /// The end of a life, as it prepared it.
    pub(super) fn finish(&self, mut life: LifeBox<A>) -> After {
        let Some(ending) = life.ending.take() else {
            unreachable!("only a life that is ending is finished")
        };
        let Ending { reason, owed, .. } = *ending;
        self.bury(life, &reason, owed)
    }

    /// The end of a life, for `reason`; `#[terminate]` has run, if it was to.
    pub(super) fn bury(
        &self,
        mut life: LifeBox<A>,
        reason: &ExitReason,
        owed: Option<Owed<A>>,
    ) -> After {
        let batch = mem::take(&mut life.batch);
        if !reason.is_orderly() {
            let errand = owed.as_ref().and_then(Owed::errand);
            let crash = Crash {
                reason: reason.clone(),
                last_message: errand.or(life.ctx.last_message()),
                last_message_shown: life.ctx.take_shown(),
                caller: owed.as_ref().and_then(Owed::caller),
                queued: self.waiting(batch.len()),
            };
            self.header.report_crash(type_name::<A>(), crash);
        }
        frame::dying(&CallError::Died(reason.clone()), || let_go(life));
        self.end_life(reason, batch, owed)
    }

    /// How many messages wait, with so many that have been taken out.
    pub(super) fn waiting(&self, in_hand: usize) -> usize {
        let mut core = self.lock();
        core.mailbox.set_in_hand(in_hand);
        core.mailbox.len()
    }

    /// The end of a life by an exit signal: nothing more of it runs.
    #[cold]
    pub(super) fn execute(&self, mut body: Body<A>, only: Option<Envelope<A>>) -> After {
        let reason = self.lock().take_sentence().unwrap_or(ExitReason::Killed);
        let (mut batch, owed) = match &mut body {
            // A reply that was to follow `#[terminate]` goes with the life.
            Body::Life(life) if A::TERMINATES => (mem::take(&mut life.batch), None),
            Body::Life(life) => {
                (mem::take(&mut life.batch), life.ending.take().and_then(|ending| ending.owed))
            }
            Body::Seated(seat) => (mem::take(seat.as_mut().batch()), None),
        };
        if let Some(only) = only {
            batch.push_back(only); // taken out when there was nothing else
        }
        frame::dying(&CallError::Died(reason.clone()), || let_go(body));
        self.end_life(&reason, batch, owed)
    }

    /// The life is over, and what was left of it is gone. `batch` is what it had taken out of the mailbox and not handled.
    pub(super) fn end_life(
        &self,
        reason: &ExitReason,
        batch: Queue<Envelope<A>>,
        owed: Option<Owed<A>>,
    ) -> After {
        let pid = self.header.ties.pid();
        waits::end(&self.header); // what it has begun and given away
        // Both before anybody can see that it has ended.
        let fate = if self.header.is_role { self.lock().fate() } else { Fate::Ends };
        if fate.is_kept() {
            self.header.set_ended(reason);
        }
        if !fate.has_next_life(reason) {
            self.header.free_name();
        }
        let bonds = self.header.ties.end(); // who comes from now on finds no life
        self.header.report_stop(type_name::<A>(), pid, reason);
        let error = CallError::Died(reason.clone());
        if let Some(slot) = owed.as_ref().and_then(Owed::slot) {
            slot.defer(); // its caller waits for nobody any more
        }
        let mut core = self.lock();
        let is_last = !core.is_kept();
        let vacates = core.vacate(reason);
        if vacates {
            if Self::OPTIONS.on_restart == OnRestart::Keep {
                core.mailbox.put_back(batch);
                self.unlock_and_grant(core); // what was in hand may have been handled
            } else {
                let mut messages = Queue::new();
                core.mailbox.take(&mut messages);
                self.unlock_and_grant(core);
                self.drop_messages(pid, [batch, messages], &error);
            }
        } else {
            let left = core.end();
            drop(core);
            if is_last {
                self.header.end_role(reason);
            } else {
                self.header.close_role(reason);
            }
            self.refuse(pid, left, batch, &error);
        }
        if let Some(owed) = owed {
            owed.pay();
        }
        if let (Some(pid), Some(bonds)) = (pid, bonds) {
            let tell = || link::tell(pid, *bonds, reason);
            // On a thread of the blocking pool: its supervisor restarts it from here, without waiting for another thread to come.
            if Self::OPTIONS.blocking { driver::driving(&self.header.node, tell) } else { tell() }
        }
        if vacates {
            waits::vacated(&self.header);
        }
        if is_last { After::Done } else { After::Rest }
    }

    /// The end of an actor whose runtime ends.
    pub(super) fn discard(&self, body: Option<Body<A>>) {
        let error = CallError::NoProc;
        let pid = self.header.ties.pid();
        let bonds = self.header.ties.end();
        frame::dying(&error, || let_go(body));
        self.header.report_stop(type_name::<A>(), pid, &ExitReason::NoProc);
        let left = self.lock().end();
        self.header.end_role(&ExitReason::NoProc);
        self.refuse(pid, left, Queue::new(), &error);
        if let (Some(pid), Some(mut bonds)) = (pid, bonds) {
            // The others end with the same runtime.
            bonds.links.retain(|_, peer| {
                peer.upgrade()
                    .is_some_and(|peer| !Arc::ptr_eq(&peer.header().node, &self.header.node))
            });
            link::tell(pid, *bonds, &ExitReason::NoProc);
        }
    }

    /// Nothing is handled any more: those who wait are told.
    fn refuse(
        &self,
        pid: Option<Pid>,
        left: Left<Envelope<A>, Body<A>>,
        batch: Queue<Envelope<A>>,
        error: &CallError,
    ) {
        if batch.is_empty() && left.is_nothing() {
            return;
        }
        let_go(left.body);
        self.drop_messages(pid, [batch, left.messages], error);
        left.wakers.into_iter().for_each(wake);
    }

    /// Nobody will handle these: their callers are told, and telemetry of those that have none.
    fn drop_messages(
        &self,
        pid: Option<Pid>,
        mut messages: [Queue<Envelope<A>>; 2],
        error: &CallError,
    ) {
        let mut letters = DeadLetters::default();
        let (mut lost, mut refused) = (0_usize, 0_usize);
        while let Some(envelope) = messages.iter_mut().find_map(Queue::pop_front) {
            let message = match envelope {
                Envelope::Call(message, Some(sender)) => {
                    let_go(message);
                    refused += usize::from(!sender.is_stale());
                    CallSender::send(sender, Err(error.clone()));
                    continue;
                }
                Envelope::System(system) => {
                    let_go(system);
                    continue;
                }
                Envelope::Errand(errand) if errand.is_call() => {
                    refused += usize::from(errand.is_wanted());
                    errand.fail(error.clone());
                    continue;
                }
                Envelope::Errand(errand) => {
                    lost += 1;
                    letters.add(errand.name());
                    let_go(errand);
                    continue;
                }
                Envelope::Call(message, None) => Message::Call(message),
                Envelope::Cast(message) => Message::Cast(message),
                Envelope::Info(message) => Message::Info(message),
            };
            lost += 1;
            letters.count::<A>(&message);
            let_go(message);
        }
        if lost + refused > 0 && self.lock().is_kept() {
            self.header.note_dropped(lost + refused);
        }
        self.header.report_dead_letters(type_name::<A>(), pid, letters);
    }

    /// The actor could not be built.
    pub(crate) fn never_open(&self, reason: &ExitReason) {
        let pid = self.header.ties.pid();
        if !self.lock().vacates_unborn() {
            self.header.free_name();
        }
        let bonds = self.header.ties.end();
        let mut core = self.lock();
        if !core.vacate_unborn() {
            let is_last = !core.is_kept();
            let left = core.end();
            drop(core);
            if is_last {
                self.header.end_role(reason);
            } else {
                self.header.close_role(reason);
            }
            self.refuse(pid, left, Queue::new(), &CallError::Died(reason.clone()));
        }
        if let (Some(pid), Some(mut bonds)) = (pid, bonds) {
            // Whoever starts it sees for himself that it did not start.
            if let Some(parent) = bonds.take_parent().and_then(|parent| parent.upgrade()) {
                drop(parent.header().ties.unlink(pid));
            }
            link::tell(pid, *bonds, reason);
        }
    }

    /// No life follows, for now: what waits is told why. Does nothing while there is a life. Says whether one was to follow.
    pub(super) fn close_vacant(&self, reason: &ExitReason) -> bool {
        let mut core = self.lock();
        let is_vacant = core.is_vacant();
        if is_vacant {
            let left = core.end();
            drop(core);
            self.header.close_role(reason);
            self.refuse(None, left, Queue::new(), &CallError::Died(reason.clone()));
        }
        is_vacant
    }

    /// Nobody keeps the role any more.
    pub(super) fn end_kept(&self, reason: &ExitReason) {
        let mut core = self.lock();
        core.set_fate(Fate::Ends);
        if core.is_vacant() || core.is_done() {
            let left = core.end();
            drop(core);
            self.header.end_role(reason);
            self.refuse(None, left, Queue::new(), &CallError::Died(reason.clone()));
        }
    }
}
