//! A call under way, whoever is called.

use crate::{
    __private0::{CallOptions, Limit},
    CallError, Pid,
    call::{Answer, DEFAULT_LIMIT},
    casting::Mail,
    cell::{
        Posted, Process,
        caller::CallSender,
        frame,
        inline::Inlined,
        mailbox::{Place, Turn},
        slot, waits,
    },
    clock,
    limits::{Alarm, Until},
};
use std::{
    mem,
    sync::Arc,
    task::{Context, Poll, ready},
};
use tokio::{task::coop, time::Instant};

/// Who can be called, and how.
pub(crate) trait Callee: Mail {
    /// The request, before it is known whether it has to be sent.
    type Message;
    type Reply;

    /// Whether a handler may run on this thread.
    fn may_run_inline(&self, message: &Self::Message, options: CallOptions) -> bool;

    /// Runs the handler on this thread, if its actor has nothing else to do. `deadline` says when the caller stops waiting, if it has to wait.
    fn call_inline(
        &self,
        message: Self::Message,
        options: CallOptions,
        deadline: impl FnMut() -> Option<Instant>,
    ) -> Result<Inlined<Self::Reply>, Self::Message>;

    fn pack(message: Self::Message, sender: CallSender<Self::Reply>) -> Self::Parcel;
}

/// A call that is being made.
pub(crate) struct Calling<C: Callee> {
    to: C,
    options: CallOptions,
    state: State<C>,
}

enum State<C: Callee> {
    Unsent(C::Message),
    /// The mailbox is full.
    NoRoom {
        parcel: C::Parcel,
        place: Place,
        waiting: Waiting<C::Reply>,
    },
    Sent(Waiting<C::Reply>),
    Over,
}

/// What became of a call that was to be sent.
enum Sent<C: Callee> {
    Answered(Answer<C::Reply>),
    /// Its handler has begun on this thread.
    Begun(Waiting<C::Reply>),
    /// Whoever answers it wakes this task, and so does whoever makes room for it.
    Queued(State<C>),
}

struct Waiting<R> {
    receiver: slot::Receiver<Answer<R>>,
    alarm: Alarm,
}

impl<R> Waiting<R> {
    /// Whether it is not to wait any more: it is in a ring.
    #[inline]
    fn look_again(&self) -> Result<(), Vec<Pid>> {
        self.receiver.slot().map_or(Ok(()), waits::look_again)
    }

    /// The same, for one who may be another than the one who began to wait.
    fn look(&self, process: &Arc<dyn Process>) -> Result<(), Vec<Pid>> {
        self.receiver.slot().map_or(Ok(()), |slot| waits::look(slot, process))
    }

    fn is_late(&mut self, process: &Arc<dyn Process>, cx: &mut Context<'_>) -> bool {
        let receiver = &self.receiver;
        self.alarm.is_late(&process.header().node, receiver.slot(), cx)
    }
}

impl<C: Callee> Calling<C> {
    #[inline]
    pub(crate) fn new(to: C, message: C::Message, options: CallOptions) -> Self {
        Self { to, options, state: State::Unsent(message) }
    }

    #[inline]
    pub(crate) fn poll(&mut self, cx: &mut Context<'_>) -> Poll<Answer<C::Reply>> {
        if let State::Unsent(_) = self.state {
            ready!(coop::poll_proceed(cx)).made_progress();
            if let State::Unsent(message) = mem::replace(&mut self.state, State::Over) {
                match self.send(message, cx) {
                    Sent::Answered(answer) => return Poll::Ready(answer),
                    Sent::Begun(waiting) => self.state = State::Sent(waiting),
                    Sent::Queued(state) => {
                        self.state = state;
                        return self.wait(cx); // no answer is there yet, or it has woken this task
                    }
                }
            }
        }
        self.poll_sent(cx)
    }

    /// Makes the call: runs it here, or puts it into the mailbox, or into the line for room in it.
    #[inline]
    fn send(&self, mut message: C::Message, cx: &mut Context<'_>) -> Sent<C> {
        if self.to.may_run_inline(&message, self.options) {
            let mut found = None;
            let limit = self.options.limit;
            let deadline = || found.insert(until(limit)).map(|until| until.deadline);
            match self.to.call_inline(message, self.options, deadline) {
                Ok(Inlined::Reply(reply)) => return Sent::Answered(Ok(reply)),
                Ok(Inlined::Waits(receiver)) => {
                    let alarm = Alarm::new(found.unwrap_or_else(|| until(limit)));
                    return Sent::Begun(Waiting { receiver, alarm });
                }
                Ok(Inlined::Ring(path)) => {
                    return Sent::Answered(Err(CallError::WouldDeadlock { path }));
                }
                Err(busy) => message = busy,
            }
        }
        match self.queue(message, cx) {
            Ok(state) => Sent::Queued(state),
            Err(error) => Sent::Answered(Err(error)),
        }
    }

    fn queue(&self, message: C::Message, cx: &mut Context<'_>) -> Result<State<C>, CallError> {
        let process = self.to.process().ok_or(CallError::NoProc)?;
        let header = process.header();
        let caller = frame::current();
        let until = until(self.options.limit);
        let deadline = until.map(|until| until.deadline);
        let always = self.options.always;
        let sent = header.node.telemetry.watched().is_timed().then(Instant::now);
        let (sender, receiver) = slot::pair(slot::Request { deadline, caller, always, sent });
        let sender = CallSender::new(sender);
        receiver.prepare(cx.waker()); // before anybody can find the slot
        if let (Some(_), Some(slot)) = (caller, receiver.slot()) {
            let begun = waits::begin(slot, process);
            begun.map_err(|path| CallError::WouldDeadlock { path })?;
        }
        let waiting = Waiting { receiver, alarm: Alarm::new(until) };
        match self.to.post(C::pack(message, sender), Some(cx.waker())) {
            Posted::Sent => match waiting.look_again() {
                Ok(()) => Ok(State::Sent(waiting)),
                Err(path) => Err(CallError::WouldDeadlock { path }),
            },
            Posted::NoRoom(parcel, Some(place)) => match waiting.look_again() {
                Ok(()) => Ok(State::NoRoom { parcel, place, waiting }),
                Err(path) => {
                    self.to.leave_line(place);
                    Err(CallError::WouldDeadlock { path })
                }
            },
            Posted::NoRoom(_, None) | Posted::Gone(_) => Err(CallError::NoProc),
        }
    }

    /// Begins to wait for what is going to wake this task.
    fn wait(&mut self, cx: &mut Context<'_>) -> Poll<Answer<C::Reply>> {
        let Some(process) = self.to.process() else { return Poll::Pending };
        if let State::Sent(waiting) | State::NoRoom { waiting, .. } = &mut self.state {
            let is_late = waiting.is_late(process, cx);
            debug_assert!(!is_late, "it has only begun to wait");
        }
        Poll::Pending
    }

    fn poll_sent(&mut self, cx: &mut Context<'_>) -> Poll<Answer<C::Reply>> {
        if let State::NoRoom { .. } = self.state
            && let Err(error) = ready!(self.poll_line(cx))
        {
            return Poll::Ready(Err(error));
        }
        let (State::Sent(waiting), Some(process)) = (&mut self.state, self.to.process()) else {
            return Poll::Pending;
        };
        if let Poll::Ready(answer) = waiting.receiver.poll(cx) {
            self.state = State::Over;
            return Poll::Ready(answer);
        }
        if let Err(path) = waiting.look(process) {
            self.state = State::Over; // withdraws the call, unless it is being handled
            return Poll::Ready(Err(CallError::WouldDeadlock { path }));
        }
        if waiting.is_late(process, cx) {
            self.state = State::Over; // withdraws the call
            return Poll::Ready(Err(CallError::Timeout));
        }
        Poll::Pending
    }

    /// Waits for room.
    #[cold]
    fn poll_line(&mut self, cx: &mut Context<'_>) -> Poll<Result<(), CallError>> {
        let (State::NoRoom { parcel, place, mut waiting }, Some(process)) =
            (mem::replace(&mut self.state, State::Over), self.to.process())
        else {
            return Poll::Pending;
        };
        match self.to.turn(parcel, place, cx.waker()) {
            Ok(()) => {
                self.state = State::Sent(waiting);
                Poll::Ready(Ok(()))
            }
            Err((Turn::Closed, _)) => Poll::Ready(Err(CallError::NoProc)),
            Err((_, parcel)) => {
                let _no_answer = waiting.receiver.poll(cx); // who may be another task than the one that began
                if let Err(path) = waiting.look(process) {
                    self.to.leave_line(place);
                    return Poll::Ready(Err(CallError::WouldDeadlock { path }));
                }
                if waiting.is_late(process, cx) {
                    self.to.leave_line(place);
                    return Poll::Ready(Err(CallError::Timeout));
                }
                self.state = State::NoRoom { parcel, place, waiting };
                Poll::Pending
            }
        }
    }
}

/// The limit becomes a time when the call first waits: one that is answered at once reads no clock.
fn until(limit: Limit) -> Option<Until> {
    let after = |limit| Some(Until { deadline: clock::after(limit)?, limit });
    let at = |deadline: Instant| Until {
        deadline,
        limit: deadline.saturating_duration_since(Instant::now()),
    };
    let own = match limit {
        Limit::Default => after(DEFAULT_LIMIT),
        Limit::After(limit) => after(limit),
        Limit::Until(deadline) => Some(at(deadline)),
        Limit::Infinite => None,
    };
    // A handler waits no longer than its own caller does.
    match (own, frame::deadline()) {
        (Some(own), Some(callers)) if callers < own.deadline => Some(at(callers)),
        (None, Some(callers)) => Some(at(callers)),
        (own, _) => own,
    }
}

impl<C: Callee> Drop for Calling<C> {
    #[inline]
    fn drop(&mut self) {
        if let State::NoRoom { place, .. } = self.state {
            self.to.leave_line(place);
        }
    }
}
