//! What an actor does for those who do not know its type.

use super::{
    After, Body, Cell, Header, Process,
    core::{Doomed, Fate, Tell},
    driver,
    frame::{self, Frame},
    mailbox::Place,
};
use crate::{actor::Spawn, exit::ExitReason, link::Signal, pid::Pid};
use std::{
    any::{Any, TypeId, type_name},
    sync::Arc,
    task::{Wake, Waker},
};

impl<A: Spawn> Process for Cell<A> {
    fn header(&self) -> &Header {
        &self.header
    }

    fn actor_type(&self) -> TypeId {
        TypeId::of::<A>()
    }

    fn actor(&self) -> &'static str {
        type_name::<A>()
    }

    fn into_any(self: Arc<Self>) -> Arc<dyn Any + Send + Sync> {
        self
    }

    fn run(&self, process: &Arc<dyn Process>, most: usize) -> After {
        if !Self::OPTIONS.blocking {
            return self.run_here(process, most);
        }
        let core = self.lock();
        if core.is_done() && !core.is_kept() {
            return After::Done;
        }
        drop(core);
        driver::run_blocking(Arc::clone(process));
        After::Rest
    }

    fn run_on_this_thread(&self, process: &Arc<dyn Process>, most: usize) -> After {
        self.run_here(process, most)
    }

    fn last_handle_gone(self: Arc<Self>) {
        // At once where that is safe: on the actor's own runtime, and not as one of a long row that drops one another.
        let here = self.ends_at_once() && frame::may_nest() && self.header.node.is_current();
        let mut core = self.lock();
        if core.is_kept() {
            // Its supervisor keeps it alive.
        } else if !here {
            if core.wake() {
                self.tell(core, &(Arc::clone(&self) as Arc<dyn Process>));
            }
        } else if let Some(Body::Life(life)) = core.claim_idle(|body| {
            self.header.is_unreferenced()
                && matches!(body, Body::Life(life) if !life.ctx.is_kept_by_sources())
        }) {
            core.begin_closing();
            drop(core);
            let _frame = Frame::enter(&self.header);
            self.bury(life, &ExitReason::Normal, None);
        }
        // Otherwise whoever runs it finds out when it has nothing left to do.
    }

    fn waker(self: Arc<Self>) -> Waker {
        Waker::from(self)
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
        self.receive(to, signal);
    }

    fn end_here(&self, life: Pid, reason: &ExitReason) -> bool {
        self.end_idle(life, reason)
    }

    fn ends_at_once(&self) -> bool {
        !A::TERMINATES && !Self::OPTIONS.blocking
    }

    fn set_fate(&self, fate: Fate) {
        self.lock().set_fate(fate);
    }

    fn fate(&self) -> Fate {
        self.lock().fate()
    }

    fn close(&self, reason: &ExitReason) -> bool {
        self.close_vacant(reason)
    }

    fn reopen(&self) {
        let reopens = self.lock().reopen();
        if reopens {
            self.header.reopen_children();
        }
    }

    fn dismiss(&self, reason: &ExitReason) {
        self.end_kept(reason);
    }

    fn keeper(&self) -> Option<Arc<dyn Process>> {
        let is_vacant = self.header.ties.pid().is_none() && self.lock().is_vacant();
        if is_vacant { self.header.role()?.keeper.as_ref()?.upgrade() } else { None }
    }

    fn is_done(&self) -> bool {
        self.lock().is_done()
    }

    fn is_running(&self) -> bool {
        self.lock().is_running()
    }

    fn leave_line(&self, place: Place) {
        let mut core = self.lock();
        let granted = core.mailbox.leave(place);
        if granted {
            let wakers = core.mailbox.grant(Self::OPTIONS.mailbox);
            drop(core);
            wakers.wake();
        }
    }

    fn set_driver(&self, waker: &Waker) {
        self.lock().set_driver(waker);
    }

    fn tell_driver(&self) -> Tell {
        self.lock().tell_driver()
    }

    fn replace_driver(&self) -> Tell {
        self.lock().replace_driver()
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
