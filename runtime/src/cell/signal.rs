//! What exit signals do when they arrive.

use super::{
    Body, Cell, Process,
    core::SeesTo,
    envelope::Told,
    frame::{self, Frame},
    shield::wake,
};
use crate::{
    actor::Spawn,
    exit::ExitReason,
    link::{Exit, Signal},
    pid::Pid,
};
use std::sync::{Arc, atomic::Ordering};

impl<A: Spawn> Cell<A> {
    /// As in Erlang, with two ways to trap: `#[terminate]` traps the parent's signals, an `#[info]` handler for [`Exit`] all
    /// others'.
    pub(super) fn receive(self: &Arc<Self>, to: Pid, signal: Signal) {
        match signal {
            Signal::Kill => self.sentence(to, ExitReason::Killed),
            Signal::Stop(reason) => {
                if !self.end_idle(to, &reason) {
                    self.say(to, Told::End(reason));
                }
            }
            Signal::Link(from, reason) => {
                // One that is not linked any more has nothing to say.
                let was_parent = self.header.ties.is_parent(from);
                if self.header.ties.use_up(from).is_some() {
                    let may_live_on = was_parent && matches!(reason, ExitReason::Normal);
                    self.exit_signal(to, Some(from), reason, was_parent);
                    if may_live_on && !A::TERMINATES {
                        self.header.ties.forget_parent();
                        if self.header.is_unreferenced() {
                            Arc::clone(self).last_handle_gone();
                        }
                    }
                }
            }
            Signal::Exit(from, reason) => {
                let is_parent = from.is_some_and(|from| self.header.ties.is_parent(from));
                self.exit_signal(to, from, reason, is_parent);
            }
        }
    }

    fn exit_signal(
        self: &Arc<Self>,
        to: Pid,
        from: Option<Pid>,
        reason: ExitReason,
        is_parent: bool,
    ) {
        let is_normal = matches!(reason, ExitReason::Normal);
        match A::EXIT {
            _ if is_parent && A::TERMINATES => {
                self.header.counts.store(true, Ordering::Relaxed);
                self.say(to, Told::End(reason));
            }
            Some(info) if !is_parent => self.say(to, Told::Info(info(Exit { from, reason }))),
            // Erlang's oddity: sent to oneself it does end the actor.
            _ if is_normal && from != Some(to) => {}
            _ => self.sentence(to, reason),
        }
    }

    /// Ends the life `to` here and now, where that is safe and it has nothing else to do. Says whether it did.
    pub(super) fn end_idle(&self, to: Pid, reason: &ExitReason) -> bool {
        if !self.ends_at_once() || !frame::may_nest() || !self.header.node.is_current() {
            return false;
        }
        let mut core = self.lock();
        let is_meant = self.header.ties.pid() == Some(to);
        let idle = core.claim_idle(|body| is_meant && matches!(body, Body::Life(_)));
        drop(core);
        let Some(Body::Life(life)) = idle else { return false };
        let _frame = Frame::enter(&self.header);
        self.bury(life, reason, None);
        true
    }

    fn say(self: &Arc<Self>, to: Pid, told: Told<A>) {
        self.push_system(&(Arc::clone(self) as Arc<dyn Process>), to, told);
    }

    /// Ends the life `to` at once: at its next message, or where its handler awaits.
    fn sentence(self: &Arc<Self>, to: Pid, reason: ExitReason) {
        let mut core = self.lock();
        if self.header.ties.pid() == Some(to) {
            self.header.sentenced.store(true, Ordering::Relaxed);
            match core.sentence(reason) {
                SeesTo::Nobody => {}
                SeesTo::Runner => self.tell(core, &(Arc::clone(self) as Arc<dyn Process>)),
                SeesTo::Starter(waker) => {
                    drop(core);
                    wake(waker);
                }
            }
        }
    }
}
