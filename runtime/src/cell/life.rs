//! One life of an actor: its state, and what it has taken on.

use super::{
    caller::{CallSender, Caller},
    envelope::{Envelope, System, Told},
    errand::ErrandBox,
    frame::{self, Deadline},
    home::Resident,
    load::{Load, Which},
    queue::Queue,
    report::Timed,
    seat::OwnSeatBox,
    shield::{caught, let_go, shielded},
    slot::{self, Slot},
};
use crate::{
    actor::{Actor, Handled, Message, Outcome},
    call::{Answer, CallError},
    clock,
    ctx::Ctx,
    exit::ExitReason,
    pid::Pid,
    telemetry::Watched,
};
use std::{
    mem,
    panic::{AssertUnwindSafe, catch_unwind},
    time::Duration,
};
use tokio::time::Instant;

/// A life where it lies: whoever has this runs the actor.
pub(crate) type LifeBox<A> = Resident<Life<A>>;

/// A life: whoever owns it runs the actor.
pub(crate) struct Life<A: Actor> {
    pub(crate) state: A,
    pub(crate) ctx: Ctx<A>,
    /// Messages taken out of the mailbox and not handled yet.
    pub(crate) batch: Queue<Envelope<A>>,
    /// Where the futures of `async` handlers are put; made at the first one, and used again.
    pub(crate) seat: Option<OwnSeatBox<A>>,
    /// The actor is to end.
    pub(crate) ending: Option<Box<Ending<A>>>,
    /// How long its calls take, if any have queued.
    load: Option<Box<Load<A::Call>>>,
}

/// How an actor is about to end.
pub(crate) struct Ending<A: Actor> {
    pub(crate) reason: ExitReason,
    /// What the caller of the last call is told once the actor has ended.
    pub(crate) owed: Option<Owed<A>>,
    /// Whether `#[terminate]` has been begun.
    pub(crate) terminated: bool,
}

/// An answer that is given when the actor has ended.
pub(crate) enum Owed<A: Actor> {
    Answer(CallSender<A::Reply>, Answer<A::Reply>),
    /// There is no answer to this call of a protocol.
    Errand(ErrandBox<A>, CallError),
}

impl<A: Actor> Owed<A> {
    pub(crate) fn pay(self) {
        match self {
            Self::Answer(sender, answer) => sender.send(answer),
            Self::Errand(errand, error) => errand.fail(error),
        }
    }

    /// Where the caller waits.
    pub(super) fn slot(&self) -> Option<&'static Slot> {
        match self {
            Self::Answer(sender, _) => sender.slot(),
            Self::Errand(errand, _) => errand.slot(),
        }
    }

    /// The actor that called.
    pub(crate) fn caller(&self) -> Option<Pid> {
        match self {
            Self::Answer(sender, _) => sender.request()?.caller,
            Self::Errand(errand, _) => errand.wanted()?.caller,
        }
    }

    /// The message of a protocol that is not answered.
    pub(crate) fn errand(&self) -> Option<&'static str> {
        match self {
            Self::Answer(..) => None,
            Self::Errand(errand, _) => Some(errand.name()),
        }
    }
}

/// What is not handled by a plain `fn`.
pub(crate) enum Later<A: Actor> {
    /// Its handler is `async`.
    Message(Message<A>),
    Errand(ErrandBox<A>),
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

    /// Whether it handles no more messages.
    #[inline]
    pub(crate) fn is_ending(&self) -> bool {
        self.ending.is_some() || self.ctx.is_stopping()
    }

    /// Whether the next thing to do is the next message.
    #[inline]
    pub(crate) fn is_plain(&self) -> bool {
        !self.is_ending() && self.ctx.is_plain()
    }

    /// Handles a message from the mailbox, if its handler is a plain `fn`; hands it back if it is `async`.
    #[inline]
    pub(crate) fn open(&mut self, envelope: Envelope<A>) -> Option<Later<A>> {
        let message = match envelope {
            Envelope::Call(message, Some(sender)) => {
                let which = Which::Own(mem::discriminant(&message));
                if let Err(error) = self.admit(which, sender.wanted()) {
                    let_go(message);
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
                    Envelope::Errand(errand) => return self.take_on(errand),
                    Envelope::System(system) => Message::Info(self.told(*system)?),
                }
            }
        };
        // Not before: what no handler sees disturbs nobody.
        self.ctx.disturb();
        self.handle(message).map(Later::Message)
    }

    /// Hands back a message of a protocol, if it is to be run.
    fn take_on(&mut self, errand: ErrandBox<A>) -> Option<Later<A>> {
        if errand.is_call()
            && let Err(error) = self.admit(Which::Errand(errand.name()), errand.wanted())
        {
            errand.fail(error);
            return None;
        }
        self.ctx.disturb();
        self.ctx.__handling(u16::MAX);
        Some(Later::Errand(errand))
    }

    /// Whether a call that waited is to be run.
    fn admit(
        &mut self,
        which: Which<A::Call>,
        wanted: Option<slot::Request>,
    ) -> Result<(), CallError> {
        let request = wanted.ok_or(CallError::Timeout)?;
        if let Some(deadline) = request.deadline.filter(|_| !request.always) {
            if !clock::is_before(deadline) {
                return Err(CallError::Timeout);
            }
            let others_wait = !self.batch.is_empty();
            if self.load.is_none() && others_wait {
                self.load = Some(Box::new(Load::new()));
            }
            if let Some(load) = &mut self.load {
                let now = Instant::now();
                // One that keeps nobody else waiting may take its chance.
                let left = if others_wait { deadline - now } else { Duration::MAX };
                if !load.admits(which, now, left) {
                    return Err(CallError::Overloaded);
                }
            }
        } else {
            self.pause();
        }
        frame::set_deadline(Deadline::at(request.deadline));
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
                let_go(info);
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
        frame::set_deadline(Deadline::NONE);
        let caller = self.ctx.take_caller();
        if matches!(outcome, Outcome::Done) && !A::TERMINATES {
            drop(caller);
            return; // if it is to end there is nothing to prepare
        }
        let stop = self.ctx.take_stop();
        match (outcome, stop) {
            (Outcome::Done, None) => drop(caller),
            (Outcome::Reply(reply), None) => {
                if let Caller::Waits(sender) = caller {
                    sender.send(Ok(reply));
                } else {
                    let_go(reply);
                }
            }
            (Outcome::Done, Some(reason)) => self.end(reason, None),
            (Outcome::Reply(reply), Some(reason)) => {
                // As in OTP, a reply given together with `stop` is sent after `terminate`.
                let owed = caller.into_waiting().map(|sender| Owed::Answer(sender, Ok(reply)));
                self.end(reason, owed);
            }
            (Outcome::Crash(reason), _) => {
                let error = CallError::Died(reason.clone());
                let owed = caller.into_waiting().map(|sender| Owed::Answer(sender, Err(error)));
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

    pub(crate) fn end(&mut self, reason: ExitReason, owed: Option<Owed<A>>) {
        match &mut self.ending {
            None => self.ending = Some(Box::new(Ending { reason, owed, terminated: false })),
            // It is ending already: a crash of `#[terminate]` is the reason then, as in OTP, and nothing begins again.
            Some(ending) if !reason.is_orderly() => ending.reason = reason,
            Some(_) => {}
        }
    }
}
