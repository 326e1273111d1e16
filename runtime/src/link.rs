//! Links, and the signals that travel over them.

use crate::{
    Down, ExitReason, Pid,
    cell::{
        Process,
        shield::shielded,
        ties::{self, Bonds},
    },
    monitor::Watch,
};
use std::sync::{Arc, Weak};

/// An exit signal that an actor trapped: an actor linked to this one has ended, or somebody asked this one to.
///
/// Having an `#[info]` handler for it is what makes an actor trap exits: without one it ends with whoever it is linked to, unless that
/// one ended as [`Normal`](ExitReason::Normal). Signals from the parent, its supervisor or the actor that called
/// [`Ctx::start_link`](crate::Ctx::start_link), never come as a message: they end the actor, after its `#[terminate]` where it has
/// one. Erlang's `{'EXIT', From, Reason}`.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Exit {
    /// The life that the signal came from; `None` if it was sent by code that is no actor.
    pub from: Option<Pid>,
    /// Why.
    pub reason: ExitReason,
}

/// An actor at the other end of a link. The link does not keep it.
pub(crate) type Peer = Weak<dyn Process>;

/// What one process does to another.
#[derive(Debug)]
pub(crate) enum Signal {
    /// A linked actor has ended.
    Link(Pid, ExitReason),
    /// Somebody asks the actor to end, `None` from code that is no actor.
    Exit(Option<Pid>, ExitReason),
    /// It cannot be trapped.
    Kill,
    /// The actor is to end as by its own `ctx.stop`, when it comes to this message.
    Stop(ExitReason),
}

/// Links the present life of `me` to that of `other`. `false` where that has none.
pub(crate) fn link(me: &Arc<dyn Process>, other: &Arc<dyn Process>) -> bool {
    let end = |process: &Arc<dyn Process>| Arc::downgrade(process);
    ties::link((&me.header().ties, end(me)), (&other.header().ties, end(other))).is_ok()
}

/// Undoes the link between the present life of `me` and that of `other`.
pub(crate) fn unlink(me: &Arc<dyn Process>, other: &Arc<dyn Process>) {
    let (own, others) = (&me.header().ties, &other.header().ties);
    if let (Some(me), Some(other)) = (own.pid(), others.pid()) {
        drop(own.unlink(other));
        drop(others.unlink(me));
    }
}

/// A life has ended: those that were tied to it are told, whatever the wakers and the messages of some of them do.
pub(crate) fn tell(pid: Pid, bonds: Bonds<Peer, Box<dyn Watch>>, reason: &ExitReason) {
    bonds.links.drain(|peer, process| {
        if let Some(process) = process.upgrade() {
            shielded(|| process.signal(peer, Signal::Link(pid, reason.clone())));
        }
    });
    bonds.watches.drain(|monitor, watch| {
        shielded(|| watch.down(Down { monitor, pid: Some(pid), reason: reason.clone() }));
    });
}
