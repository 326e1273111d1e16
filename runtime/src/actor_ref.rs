//! Handles: how one talks to an actor.

use crate::{
    Actor, Cast, Handles, Pid,
    cast::Infos,
    cell::{Cell, Process, typed::Typed},
};
use std::{fmt, hash, sync::Arc};

/// A handle to a running actor: what `VaultRef` derefs to.
///
/// It names the actor's role; what the actor can be asked is on its own handle type. Cloning it is cheap. An actor without a
/// supervisor lives as long as it has strong handles, or timers, or messages to handle; then it stops as
/// [`Normal`](crate::ExitReason::Normal).
///
/// Two handles are equal if they name the same actor. There is no bound on `A`, so a handle may be a field of anything.
pub struct ActorRef<A> {
    typed: Typed<A>,
}

impl<A> ActorRef<A> {
    /// A handle that has been counted already.
    pub(crate) fn from_counted(typed: Typed<A>) -> Self {
        Self { typed }
    }

    /// One more handle.
    pub(crate) fn new_strong(typed: Typed<A>) -> Self {
        typed.process().header().add_handle();
        Self::from_counted(typed)
    }

    #[inline]
    pub(crate) fn process(&self) -> &Arc<dyn Process> {
        self.typed.process()
    }

    /// The pid of the present life; `None` when the actor has ended.
    #[must_use]
    pub fn pid(&self) -> Option<Pid> {
        self.is_alive().then(|| self.typed.process().header().pid)
    }

    /// Whether the actor has not ended. It may end at any moment: for what must not be lost, look at the answer of a call.
    #[must_use]
    pub fn is_alive(&self) -> bool {
        !self.typed.process().is_done()
    }

    /// A handle that does not keep the actor alive.
    #[must_use]
    pub fn downgrade(&self) -> WeakRef<A> {
        WeakRef { typed: self.typed.clone() }
    }
}

impl<A: Actor> ActorRef<A> {
    #[inline]
    pub(crate) fn cell(&self) -> &Cell<A> {
        self.typed.cell()
    }

    /// Sends an info: a message of one of the types that the actor's `#[info]` handlers take.
    ///
    /// As a plain `send/2` to a GenServer, which `handle_info/2` gets.
    pub fn info<M>(&self, message: M) -> Cast<'_, A, Infos>
    where
        A: Handles<M>,
    {
        Cast::new(self, A::info(message))
    }
}

impl<A> Clone for ActorRef<A> {
    fn clone(&self) -> Self {
        Self::new_strong(self.typed.clone())
    }
}

impl<A> Drop for ActorRef<A> {
    fn drop(&mut self) {
        if self.typed.process().header().drop_handle() {
            Arc::clone(self.process()).last_handle_gone();
        }
    }
}

impl<A> PartialEq for ActorRef<A> {
    fn eq(&self, other: &Self) -> bool {
        Arc::ptr_eq(self.process(), other.process())
    }
}

impl<A> Eq for ActorRef<A> {}

impl<A> hash::Hash for ActorRef<A> {
    fn hash<H: hash::Hasher>(&self, state: &mut H) {
        Arc::as_ptr(self.process()).cast::<()>().hash(state);
    }
}

impl<A> fmt::Debug for ActorRef<A> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}{}", std::any::type_name::<A>(), self.typed.process().header().pid)
    }
}

/// A handle that does not keep its actor alive: for caches, callbacks, and whatever points back.
pub struct WeakRef<A> {
    typed: Typed<A>,
}

impl<A> WeakRef<A> {
    /// A strong handle; `None` when the actor has ended.
    #[must_use]
    pub fn upgrade(&self) -> Option<A::Ref>
    where
        A: crate::State,
    {
        let is_alive = self.typed.process().add_handle_if_alive();
        is_alive.then(|| ActorRef::from_counted(self.typed.clone()).into())
    }
}

impl<A> Clone for WeakRef<A> {
    fn clone(&self) -> Self {
        Self { typed: self.typed.clone() }
    }
}

impl<A> fmt::Debug for WeakRef<A> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "weak {}{}", std::any::type_name::<A>(), self.typed.process().header().pid)
    }
}
