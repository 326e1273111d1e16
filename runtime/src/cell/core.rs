//! The state machine of an actor: who may run it, and who has to be told that there is work.
//!
//! Everything in here happens under the cell's mutex and is a few instructions long. Whoever takes the body out of
//! the core runs the actor; nobody else can reach its state, because nobody else has it.

use super::{mailbox::Mailbox, queue::Queue};
use crate::{exit::ExitReason, options::Restart};
use std::{mem, task::Waker};

#[allow(clippy::struct_excessive_bools, reason = "what is true beside the phase")]
pub(crate) struct Core<M, B> {
    pub(crate) mailbox: Mailbox<M>,
    phase: Phase<B>,
    /// The waker of a handler fired while somebody had the body. Apart from the phase, whose payload is moved more cheaply without it.
    woken: bool,
    /// The runtime has ended: the actor is to end, for good, as soon as whoever runs it lets go of it.
    doomed: bool,
    /// An exit signal that acts on arrival: the life is to end, for this reason, as soon as whoever runs it can see to it.
    sentence: Option<ExitReason>,
    /// What comes after the life.
    fate: Fate,
    /// Nobody had a handle, and the end has begun: nobody gets one any more.
    closing: bool,
    /// A driver was started. It looks for work after it has registered its waker, so until then it need not be woken.
    has_driver: bool,
    driver: Option<Waker>,
}

enum Phase<B> {
    /// Somebody builds the life, and is told if it is to end before it serves.
    Starting(Option<Waker>),
    /// Nothing to do.
    Idle(B),
    /// A handler awaits something, and its waker will tell; or messages are to wait.
    Suspended(B),
    /// There is work, and somebody was told to come and do it.
    Queued(B),
    /// Somebody has the body.
    Running,
    /// No life, and another one may come: what is sent waits for it.
    Vacant,
    /// Over.
    Done,
}

/// What comes after the present life of an actor.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Fate {
    /// Nothing: the actor has no supervisor.
    Ends,
    /// What the restart type says; the mailbox is kept for the next life, if there is one.
    Restarts(Restart),
    /// Another life, however this one ends: its supervisor restarts a group.
    Vacates,
    /// Nothing, unless its supervisor begins anew: it ends the child for good.
    Closes,
}

impl Fate {
    /// Whether a supervisor keeps the role, so that there may be another life, now or later.
    pub(super) fn is_kept(self) -> bool {
        self != Self::Ends
    }

    /// Whether what waits in the mailbox waits for another life.
    pub(crate) fn has_next_life(self, reason: &ExitReason) -> bool {
        match self {
            Self::Restarts(Restart::Permanent) | Self::Vacates => true,
            Self::Restarts(Restart::Transient) => !reason.is_orderly(),
            Self::Restarts(Restart::Temporary) | Self::Ends | Self::Closes => false,
        }
    }
}

/// How the driver of an actor with work is told.
#[must_use]
pub(crate) enum Tell {
    /// It is on its way.
    Nothing,
    Wake(Waker),
    /// There is none yet: start it.
    Start,
}

/// Who is to be told of a sentence.
#[must_use]
pub(crate) enum SeesTo {
    /// They will find it by themselves.
    Nobody,
    /// Whoever runs the actor next.
    Runner,
    /// Whoever builds the life.
    Starter(Waker),
}

/// What a claim found.
pub(crate) enum Claim<B> {
    /// The body: run it.
    Body(B),
    /// Nothing to do, or somebody else is doing it.
    Nothing,
    /// The actor has ended.
    Done,
}

/// Why a life does not begin.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum NoBegin {
    /// The last one is still there, or about to be gone.
    NotYet,
    /// The role is over.
    Never,
}

/// What the end of the runtime found.
pub(crate) enum Doomed<B> {
    /// The body: drop it, and close the actor.
    Body(B),
    /// A role between two lives: close it.
    Vacant,
    /// Whoever runs the actor finds out; or it has ended already.
    Nothing,
}

impl<M, B> Core<M, B> {
    /// An actor that is being started: its starter runs it.
    pub(crate) fn starting() -> Self {
        Self::new(Phase::Starting(None), Fate::Ends)
    }

    /// A role that has had no life yet.
    pub(crate) fn vacant() -> Self {
        Self::new(Phase::Vacant, Fate::Vacates)
    }

    fn new(phase: Phase<B>, fate: Fate) -> Self {
        Self {
            mailbox: Mailbox::new(),
            phase,
            woken: false,
            doomed: false,
            sentence: None,
            fate,
            closing: false,
            has_driver: false,
            driver: None,
        }
    }

    pub(crate) fn is_running(&self) -> bool {
        matches!(self.phase, Phase::Running)
    }

    pub(crate) fn is_done(&self) -> bool {
        matches!(self.phase, Phase::Done)
    }

    /// Whether a supervisor keeps the role.
    pub(crate) fn is_kept(&self) -> bool {
        self.fate.is_kept()
    }

    pub(crate) fn fate(&self) -> Fate {
        self.fate
    }

    /// Says what comes after the present life.
    pub(crate) fn set_fate(&mut self, fate: Fate) {
        self.fate = fate;
    }

    /// Begins a life: whoever asked runs it. A role that is not kept had its only one.
    pub(crate) fn begin(&mut self) -> Result<(), NoBegin> {
        match self.phase {
            Phase::Vacant => {}
            Phase::Done if self.is_kept() => {}
            Phase::Done => return Err(NoBegin::Never),
            _ => return Err(NoBegin::NotYet),
        }
        if self.doomed {
            return Err(NoBegin::Never);
        }
        self.phase = Phase::Starting(None);
        self.sentence = None;
        Ok(())
    }

    /// Whoever builds the life waits, and is to be told of a sentence. Gives the sentence that has been passed already.
    pub(crate) fn watch_start(&mut self, waker: &Waker) -> Option<ExitReason> {
        if let Phase::Starting(starter) = &mut self.phase {
            starter.get_or_insert_with(|| waker.clone()).clone_from(waker);
        }
        self.sentence.take()
    }

    /// The life has been built: whoever built it runs it.
    pub(crate) fn serve(&mut self) {
        self.phase = Phase::Running;
        self.woken = self.sentence.is_some();
    }

    /// The life is over: whoever ran it has no body any more. Says whether there may be another one, for which what is sent waits.
    pub(crate) fn vacate(&mut self, reason: &ExitReason) -> bool {
        let vacates = !self.doomed && self.fate.has_next_life(reason);
        if vacates {
            self.phase = Phase::Vacant;
        }
        vacates
    }

    /// The life could not begin; whoever keeps the role may try again, unless it was closed meanwhile.
    pub(crate) fn vacate_unborn(&mut self) -> bool {
        let vacates = self.vacates_unborn();
        if vacates {
            self.phase = Phase::Vacant;
        }
        vacates
    }

    /// Whether a life that could not begin may be followed by another.
    pub(crate) fn vacates_unborn(&self) -> bool {
        !self.doomed && matches!(self.fate, Fate::Restarts(_) | Fate::Vacates)
    }

    /// A role whose lives were over for now is to have another one. Says whether it was so.
    pub(crate) fn reopen(&mut self) -> bool {
        let reopens = self.is_done() && self.is_kept() && !self.doomed;
        if reopens {
            self.phase = Phase::Vacant;
            self.fate = Fate::Vacates;
        }
        reopens
    }

    pub(crate) fn is_vacant(&self) -> bool {
        matches!(self.phase, Phase::Vacant)
    }

    /// An exit signal that acts on arrival; the first one counts. Says who must be told to see to it.
    pub(crate) fn sentence(&mut self, reason: ExitReason) -> SeesTo {
        if self.sentence.is_none() {
            self.sentence = Some(reason);
        }
        if let Phase::Starting(starter) = &mut self.phase {
            return starter.take().map_or(SeesTo::Nobody, SeesTo::Starter);
        }
        if self.wake() { SeesTo::Runner } else { SeesTo::Nobody }
    }

    /// Why the life is to end at once, if it is.
    pub(crate) fn take_sentence(&mut self) -> Option<ExitReason> {
        self.sentence.take()
    }

    /// Adds a message, whatever the capacity. Says whether somebody must be told to run the actor.
    #[inline]
    #[must_use]
    pub(crate) fn push(&mut self, message: M) -> bool {
        self.mailbox.push(message);
        if matches!(self.phase, Phase::Idle(_)) { self.queue() } else { false }
    }

    /// Adds what the runtime says. Whether it `is_heeded` while messages wait; and whether a body that is suspended is one that lets them wait.
    #[must_use]
    pub(crate) fn push_system(
        &mut self,
        message: M,
        is_heeded: bool,
        lets_wait: impl FnOnce(&B) -> bool,
    ) -> bool {
        let is_told = is_heeded
            && match &self.phase {
                Phase::Suspended(body) => lets_wait(body),
                // Whoever has it may have looked already, and be about to suspend it.
                Phase::Running => true,
                _ => false,
            };
        self.push(message) || is_told && self.wake()
    }

    /// The waker fired: of a handler that awaits, or of a timer. Says whether somebody must be told to run the actor.
    #[must_use]
    pub(crate) fn wake(&mut self) -> bool {
        match &mut self.phase {
            Phase::Idle(_) | Phase::Suspended(_) => self.queue(),
            Phase::Running => {
                self.woken = true;
                false
            }
            Phase::Starting(_) | Phase::Queued(_) | Phase::Vacant | Phase::Done => false,
        }
    }

    /// How the driver is told that there is work.
    #[inline]
    pub(crate) fn tell_driver(&mut self) -> Tell {
        match &self.driver {
            Some(waker) => Tell::Wake(waker.clone()),
            None => self.start_driver(),
        }
    }

    /// Whether a driver is to be started.
    pub(crate) fn start_driver(&mut self) -> Tell {
        if mem::replace(&mut self.has_driver, true) { Tell::Nothing } else { Tell::Start }
    }

    /// The driver does not come for now: another one is to be started, which looks for work when it comes.
    pub(crate) fn replace_driver(&mut self) -> Tell {
        self.driver = None;
        self.has_driver = true;
        Tell::Start
    }

    /// The driver is there.
    pub(crate) fn set_driver(&mut self, waker: &Waker) {
        if !self.is_done() || self.is_kept() {
            self.driver = Some(waker.clone());
        }
    }

    #[inline]
    fn queue(&mut self) -> bool {
        match mem::replace(&mut self.phase, Phase::Running) {
            Phase::Idle(body) | Phase::Suspended(body) => {
                self.phase = Phase::Queued(body);
                true
            }
            other => {
                self.phase = other;
                false
            }
        }
    }

    /// Takes the body of an actor that has nothing to do, if `may` agrees.
    #[inline]
    pub(crate) fn claim_idle(&mut self, may: impl FnOnce(&B) -> bool) -> Option<B> {
        if !self.mailbox.is_empty() || !matches!(&self.phase, Phase::Idle(body) if may(body)) {
            return None;
        }
        match mem::replace(&mut self.phase, Phase::Running) {
            Phase::Idle(body) => {
                self.woken = false;
                Some(body)
            }
            other => {
                self.phase = other;
                None
            }
        }
    }

    /// Takes the body of an actor that has work.
    #[inline]
    pub(crate) fn claim(&mut self) -> Claim<B> {
        match mem::replace(&mut self.phase, Phase::Running) {
            Phase::Queued(body) => {
                self.woken = false;
                Claim::Body(body)
            }
            Phase::Done => {
                self.phase = Phase::Done;
                if self.is_kept() { Claim::Nothing } else { Claim::Done }
            }
            other => {
                self.phase = other;
                Claim::Nothing
            }
        }
    }

    /// Puts the body back, unless there is work: then it is returned, to be run on.
    #[inline]
    pub(crate) fn idle(&mut self, body: B) -> Result<(), B> {
        if !self.mailbox.is_empty() || self.doomed || self.take_woken() {
            return Err(body);
        }
        self.phase = Phase::Idle(body);
        Ok(())
    }

    /// Puts the body of an actor with a handler that awaits back, unless its waker fired already.
    pub(crate) fn suspend(&mut self, body: B) -> Result<(), B> {
        if self.doomed || self.take_woken() {
            return Err(body);
        }
        self.phase = Phase::Suspended(body);
        Ok(())
    }

    /// Puts the body back for somebody else to go on with; they must be told.
    pub(crate) fn requeue(&mut self, body: B) {
        self.phase = Phase::Queued(body);
    }

    #[inline]
    fn take_woken(&mut self) -> bool {
        debug_assert!(matches!(self.phase, Phase::Running), "only who runs an actor has its body");
        mem::take(&mut self.woken)
    }

    /// For want of handles the end begins.
    pub(crate) fn begin_closing(&mut self) {
        self.closing = true;
    }

    /// Whether somebody may get a handle.
    pub(crate) fn is_open(&self) -> bool {
        !self.closing && !self.is_done()
    }

    pub(crate) fn is_doomed(&self) -> bool {
        self.doomed
    }

    /// Ends the actor from outside, for good. The body is returned, or left to whoever is running it.
    pub(crate) fn doom(&mut self) -> Doomed<B> {
        self.doomed = true;
        self.fate = Fate::Ends;
        match mem::replace(&mut self.phase, Phase::Done) {
            Phase::Idle(body) | Phase::Suspended(body) | Phase::Queued(body) => {
                self.phase = Phase::Running;
                Doomed::Body(body)
            }
            Phase::Vacant => Doomed::Vacant,
            other => {
                self.phase = other;
                Doomed::Nothing
            }
        }
    }

    /// The end. What is left is returned.
    pub(crate) fn end(&mut self) -> Left<M, B> {
        let body = match mem::replace(&mut self.phase, Phase::Done) {
            Phase::Idle(body) | Phase::Suspended(body) | Phase::Queued(body) => Some(body),
            Phase::Starting(_) | Phase::Running | Phase::Vacant | Phase::Done => None,
        };
        let (messages, mut wakers) = self.mailbox.close();
        // The driver of a role that may live again stays.
        if !self.is_kept() {
            wakers.extend(self.driver.take());
        }
        Left { messages, wakers, body }
    }
}

/// What an actor leaves behind.
pub(crate) struct Left<M, B> {
    /// What waited.
    pub(crate) messages: Queue<M>,
    /// Those who waited for room, and the driver, which has nothing to wait for any more.
    pub(crate) wakers: Vec<Waker>,
    /// The body, where nobody had it.
    pub(crate) body: Option<B>,
}

impl<M, B> Left<M, B> {
    #[inline]
    pub(crate) fn is_nothing(&self) -> bool {
        self.messages.is_empty() && self.wakers.is_empty() && self.body.is_none()
    }
}
