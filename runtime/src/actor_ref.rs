//! Handles: how one talks to an actor.

use crate::{
    Actor, Cast, ExitReason, Handles, Pid, State,
    cast::Infos,
    cell::{Process, typed::Typed},
    link::Signal,
    registry,
};
use std::{borrow::Cow, fmt, hash, sync::Arc};

/// A handle to an actor: what `VaultRef` derefs to.
///
/// It names the actor's role, not one life: it stays valid when a supervisor restarts the actor. What the actor can be asked is on
/// its own handle type. Cloning it is cheap.
///
/// A supervised actor is kept by its supervisor. Any other lives as long as it has strong handles, or a name, or timers, or messages
/// to handle; then it stops as [`Normal`](ExitReason::Normal).
///
/// Two handles are equal if they name the same role; a handle [by name](Self::named) equals those by the same name. There is no bound
/// on `A`, so a handle may be a field of anything.
pub struct ActorRef<A> {
    to: To<A>,
}

enum To<A> {
    Role(Strong<A>),
    Name(&'static str),
}

/// A handle that is counted: an actor without a supervisor lives while there are some.
pub(crate) struct Strong<A>(Typed<A>);

impl<A> Strong<A> {
    /// One that has been counted already.
    pub(crate) fn from_counted(typed: Typed<A>) -> Self {
        Self(typed)
    }

    /// One more.
    pub(crate) fn new(typed: Typed<A>) -> Self {
        typed.process().header().add_handle();
        Self(typed)
    }

    #[inline]
    pub(crate) fn typed(&self) -> &Typed<A> {
        &self.0
    }
}

impl<A> Clone for Strong<A> {
    fn clone(&self) -> Self {
        Self::new(self.0.clone())
    }
}

impl<A> Drop for Strong<A> {
    fn drop(&mut self) {
        let header = self.0.process().header();
        if header.drop_handle() && !header.is_over() {
            Arc::clone(self.0.process()).last_handle_gone();
        }
    }
}

impl<A> ActorRef<A> {
    pub(crate) fn from_strong(strong: Strong<A>) -> Self {
        Self { to: To::Role(strong) }
    }

    /// A handle to whichever actor has this name, resolved at each use in the runtime that the use is in.
    ///
    /// Names are unique for each type of actor in each runtime: give one with [`Start::name`](crate::Start::name) or
    /// [`ChildSpec::name`](crate::ChildSpec::name). While nobody has the name, a call gives
    /// [`NoProc`](crate::CallError::NoProc). It keeps nobody alive. The generated `VaultRef::named` is the same for a `VaultRef`.
    ///
    /// As the atom that a GenServer is registered under.
    #[must_use]
    pub const fn named(name: &'static str) -> Self {
        Self { to: To::Name(name) }
    }

    #[inline]
    pub(crate) fn strong(&self) -> Result<&Strong<A>, &'static str> {
        match &self.to {
            To::Role(strong) => Ok(strong),
            To::Name(name) => Err(name),
        }
    }
}

impl<A: 'static> ActorRef<A> {
    /// The role; `None` where nobody has the name.
    pub(crate) fn find(&self) -> Option<Cow<'_, Typed<A>>> {
        match &self.to {
            To::Role(strong) => Some(Cow::Borrowed(&strong.0)),
            To::Name(name) => registry::find(name).map(Cow::Owned),
        }
    }

    pub(crate) fn process(&self) -> Option<Arc<dyn Process>> {
        self.find().map(|typed| Arc::clone(typed.process()))
    }

    /// The pid of the present life; `None` between two lives, and when the actor has ended.
    #[must_use]
    pub fn pid(&self) -> Option<Pid> {
        self.find()?.process().header().ties.pid()
    }

    /// Whether the actor has not ended: it lives, or is about to live again. It may end at any moment: for what must not be lost,
    /// look at the answer of a call.
    #[must_use]
    pub fn is_alive(&self) -> bool {
        self.find().is_some_and(|typed| !typed.process().is_done())
    }

    /// The name that the actor was given.
    #[must_use]
    pub fn name(&self) -> Option<Cow<'static, str>> {
        let name = |typed: Cow<'_, Typed<A>>| {
            let role = typed.process().header().role()?;
            Some(role.name.as_ref()?.1.clone())
        };
        self.find().and_then(name)
    }

    /// A handle that does not keep the actor alive.
    #[must_use]
    pub fn downgrade(&self) -> WeakRef<A> {
        let to = match &self.to {
            To::Role(strong) => WeakTo::Role(strong.0.clone()),
            To::Name(name) => WeakTo::Name(name),
        };
        WeakRef { to }
    }

    /// Ends the actor's present life at once: at its next message, or where its handler awaits. Nothing can be done about it, and
    /// `#[terminate]` does not run. A handler that computes is not interrupted.
    ///
    /// Nothing happens where there is no life. As `Process.exit(pid, :kill)`.
    pub fn kill(&self) {
        self.signal(Signal::Kill);
    }

    /// Sends the actor an exit signal, as one that is linked to it would by ending for `reason`.
    ///
    /// One with an `#[info]` handler for [`Exit`](crate::Exit) traps it; to others [`Normal`](ExitReason::Normal) does nothing. As
    /// `Process.exit/2`; in an actor use [`Ctx::exit`](crate::Ctx::exit), which says who it is.
    pub fn exit(&self, reason: impl Into<ExitReason>) {
        self.signal(Signal::Exit(None, reason.into()));
    }

    fn signal(&self, signal: Signal) {
        if let Some(process) = self.process()
            && let Some(pid) = process.header().ties.pid()
        {
            process.signal(pid, signal);
        }
    }
}

impl<A: Actor> ActorRef<A> {
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
        let to = match &self.to {
            To::Role(strong) => To::Role(strong.clone()),
            To::Name(name) => To::Name(name),
        };
        Self { to }
    }
}

impl<A> PartialEq for ActorRef<A> {
    fn eq(&self, other: &Self) -> bool {
        match (&self.to, &other.to) {
            (To::Role(one), To::Role(two)) => Arc::ptr_eq(one.0.process(), two.0.process()),
            (To::Name(one), To::Name(two)) => one == two,
            _ => false,
        }
    }
}

impl<A> Eq for ActorRef<A> {}

impl<A> hash::Hash for ActorRef<A> {
    fn hash<H: hash::Hasher>(&self, state: &mut H) {
        match &self.to {
            To::Role(strong) => Arc::as_ptr(strong.0.process()).cast::<()>().hash(state),
            To::Name(name) => name.hash(state),
        }
    }
}

impl<A> fmt::Debug for ActorRef<A> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.to {
            To::Role(strong) => strong.0.fmt(f),
            To::Name(name) => write!(f, "{}(\"{name}\")", std::any::type_name::<A>()),
        }
    }
}

/// A handle that does not keep its actor alive: for caches, callbacks, and whatever points back.
pub struct WeakRef<A> {
    to: WeakTo<A>,
}

enum WeakTo<A> {
    Role(Typed<A>),
    Name(&'static str),
}

impl<A> WeakRef<A> {
    /// A strong handle; `None` when the actor has ended.
    #[must_use]
    pub fn upgrade(&self) -> Option<A::Ref>
    where
        A: State,
    {
        let handle = match &self.to {
            WeakTo::Role(typed) => {
                if !typed.process().add_handle_if_alive() {
                    return None;
                }
                ActorRef::from_strong(Strong::from_counted(typed.clone()))
            }
            WeakTo::Name(name) => ActorRef::from_strong(Strong::new(registry::find(name)?)),
        };
        Some(handle.into())
    }
}

impl<A> Clone for WeakRef<A> {
    fn clone(&self) -> Self {
        let to = match &self.to {
            WeakTo::Role(typed) => WeakTo::Role(typed.clone()),
            WeakTo::Name(name) => WeakTo::Name(name),
        };
        Self { to }
    }
}

impl<A> fmt::Debug for WeakRef<A> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("weak ")?;
        match &self.to {
            WeakTo::Role(typed) => typed.fmt(f),
            WeakTo::Name(name) => write!(f, "{}(\"{name}\")", std::any::type_name::<A>()),
        }
    }
}
