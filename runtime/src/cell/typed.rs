//! A process whose actor's type is known, though no longer written down: what handles are made of.

use super::{Cell, Process};
use crate::actor::{Actor, Spawn};
use std::{
    any::TypeId,
    fmt,
    marker::PhantomData,
    sync::{Arc, Weak},
};

/// A [`Process`] that is a `Cell<A>`. It puts no bound on `A`, its own `Send` and `Sync` do not depend on it, and it is invariant:
/// another type never stands in for `A`, not even a subtype.
pub(crate) struct Typed<A> {
    process: Arc<dyn Process>,
    actor: PhantomData<fn(A) -> A>,
}

impl<A> Clone for WeakTyped<A> {
    fn clone(&self) -> Self {
        Self { process: Weak::clone(&self.process), actor: PhantomData }
    }
}

/// A [`Typed`] that does not keep the cell's memory.
pub(crate) struct WeakTyped<A> {
    process: Weak<dyn Process>,
    actor: PhantomData<fn(A) -> A>,
}

impl<A: Spawn> WeakTyped<A> {
    pub(crate) fn new(cell: &Arc<Cell<A>>) -> Self {
        let process = Arc::downgrade(cell);
        Self { process, actor: PhantomData }
    }
}

impl<A: Spawn> Typed<A> {
    pub(crate) fn new(cell: Arc<Cell<A>>) -> Self {
        Self { process: cell, actor: PhantomData }
    }
}

impl<A: 'static> Typed<A> {
    /// `process`, if its actor is an `A`.
    pub(crate) fn of_type(process: Arc<dyn Process>) -> Option<Self> {
        (process.actor_type() == TypeId::of::<A>()).then(|| Self { process, actor: PhantomData })
    }
}

impl<A> Typed<A> {
    #[inline]
    pub(crate) fn process(&self) -> &Arc<dyn Process> {
        &self.process
    }
}

/// An actor of any type: of a handle that was given for what its actor can do, not for what it is.
#[derive(Debug)]
pub enum Anyone {}

impl<A> Typed<A> {
    /// The same, its type forgotten.
    pub(crate) fn anyone(&self) -> Typed<Anyone> {
        Typed { process: Arc::clone(&self.process), actor: PhantomData }
    }
}

/// The cell of an actor of type `A`.
///
/// # Panics
/// If it is another type's.
pub(crate) fn cell_of<A: Actor>(process: &Arc<dyn Process>) -> &Cell<A> {
    assert!(
        process.actor_type() == TypeId::of::<A>(),
        "a message goes to the actor it was made for"
    );
    // SAFETY: only `Cell<A>` says that its actor is an `A`.
    #[allow(unsafe_code, reason = "what was asked for is what is there")]
    unsafe {
        &*Arc::as_ptr(process).cast::<Cell<A>>()
    }
}

impl<A: Actor> Typed<A> {
    #[inline]
    #[allow(unsafe_code, reason = "saves a type check on every message")]
    pub(crate) fn cell(&self) -> &Cell<A> {
        // SAFETY: one constructor takes a `Cell<A>`, the other asks the process for its type, which only `Cell<A>` says is `A`;
        // neither a clone nor an upgrade changes `A`.
        unsafe { &*Arc::as_ptr(&self.process).cast::<Cell<A>>() }
    }
}

impl<A> Clone for Typed<A> {
    fn clone(&self) -> Self {
        Self { process: Arc::clone(&self.process), actor: PhantomData }
    }
}

impl<A> fmt::Debug for Typed<A> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.process.actor())?;
        match self.process.header().ties.pid() {
            Some(pid) => write!(f, "{pid}"),
            None => f.write_str("<none>"),
        }
    }
}

impl<A> WeakTyped<A> {
    pub(crate) fn upgrade(&self) -> Option<Typed<A>> {
        Some(Typed { process: self.process.upgrade()?, actor: PhantomData })
    }
}
