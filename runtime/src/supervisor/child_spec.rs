//! How a child is started, restarted and stopped.

use crate::{
    __private0::ShutdownTime,
    ExitReason, Init, Options, Pid, Restart, Role, Shutdown, Spawn, StartError, State,
    cell::{Cell, Process},
    link::Peer,
    start,
};
use std::{borrow::Cow, fmt, marker::PhantomData, pin::Pin, sync::Arc};

/// How a supervisor starts one life of a child, and what it does at its end: what a `#[child]` method returns.
///
/// The generated `Vault::child_spec(..)` makes one out of what `Vault::start(..)` takes; it starts nothing. The restart type and the
/// shutdown time are those that `#[actor(..)]` gives, unless they are changed here. OTP's child specification; the id is the name of
/// the `#[child]` method.
///
/// A spec is good for one life: at each restart the `#[child]` method, or the closure given to the builder, runs again. So what it
/// takes need not be `Clone`.
#[must_use = "a child spec starts nothing: return it from a `#[child]` method"]
pub struct ChildSpec<R> {
    pub(crate) spec: Spec,
    role: PhantomData<fn() -> R>,
}

/// A [`ChildSpec`], whatever its role.
pub(crate) struct Spec {
    start: StartLife,
    pub(crate) name: Option<Cow<'static, str>>,
    pub(crate) restart: Restart,
    pub(crate) shutdown: Shutdown,
    pub(crate) significant: bool,
}

/// A life that is being started. Gives its pid.
pub(crate) type Starting = Pin<Box<dyn Future<Output = Result<Pid, StartError>> + Send>>;

type StartLife =
    Box<dyn FnOnce(Arc<dyn Process>, Option<Cow<'static, str>>, (Pid, Peer)) -> Starting + Send>;

impl<R: Role<Actor: Spawn>> ChildSpec<R> {
    pub(crate) fn with_args<Args>(args: Args) -> Self
    where
        R::Actor: Init<Args>,
        Args: Send + 'static,
    {
        Self::new(Box::new(move |process, name, parent| {
            let cell = cell::<R::Actor>(process);
            Box::pin(async move { start::begin_in(cell?, name, parent, args).await })
        }))
    }

    fn new(start: StartLife) -> Self {
        let options = <R::Actor as State>::OPTIONS;
        let Options { restart, shutdown, .. } = options;
        let spec = Spec { start, name: None, restart, shutdown, significant: false };
        Self { spec, role: PhantomData }
    }
}

impl<A: Spawn> ChildSpec<A> {
    /// A child whose state is there already: for an actor without an `#[init]`.
    ///
    /// # Examples
    /// ```
    /// use ghostlight::prelude::*;
    ///
    /// #[actor]
    /// struct Counter(u64);
    ///
    /// #[handlers]
    /// impl Counter {
    ///     #[call]
    ///     fn value(&self) -> u64 {
    ///         self.0
    ///     }
    /// }
    ///
    /// let spec = ChildSpec::of(Counter(5)).restart(Restart::Transient);
    /// # drop(spec);
    /// ```
    pub fn of(state: A) -> Self {
        Self::new(Box::new(move |process, name, parent| {
            let cell = cell::<A>(process);
            Box::pin(async move { start::open_in(cell?, name, parent, state).await })
        }))
    }

    #[doc(hidden)]
    pub fn __new<Args: Send + 'static>(args: Args) -> Self
    where
        A: Init<Args>,
    {
        Self::with_args(args)
    }
}

fn cell<A: Spawn>(process: Arc<dyn Process>) -> Result<Arc<Cell<A>>, StartError> {
    let wrong = |_| StartError::Init(ExitReason::crash("the role is of another type"));
    process.into_any().downcast().map_err(wrong)
}

impl<R> ChildSpec<R> {
    /// When the child is restarted.
    pub fn restart(mut self, restart: Restart) -> Self {
        self.spec.restart = restart;
        self
    }

    /// How long the child may take to end. A supervisor takes as long as its children, and has no such time of its own: with one, they
    /// would be cut off.
    pub fn shutdown(mut self, shutdown: Shutdown) -> Self
    where
        R: ShutdownTime,
    {
        self.spec.shutdown = shutdown;
        self
    }

    /// Its end may end its supervisor: see [`AutoShutdown`](crate::AutoShutdown), which the supervisor must have. The child is `transient`
    /// or `temporary`.
    ///
    /// For a `#[child]` method, `#[child(significant)]` says the same, and what is wrong with it at compile time.
    pub fn significant(mut self) -> Self {
        self.spec.significant = true;
        self
    }

    /// Gives the child a name, under which [`ActorRef::named`](crate::ActorRef::named) finds it: unique for each type of actor in each
    /// runtime. It keeps it between two lives, and has none once it has ended for good.
    pub fn name(mut self, name: impl Into<Cow<'static, str>>) -> Self {
        self.spec.name = Some(name.into());
        self
    }
}

impl Spec {
    /// Starts a life in the role, for the supervisor `parent`.
    pub(crate) fn start(self, role: Arc<dyn Process>, parent: (Pid, Peer)) -> Starting {
        (self.start)(role, self.name, parent)
    }
}

impl<R> fmt::Debug for ChildSpec<R> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ChildSpec")
            .field("child", &std::any::type_name::<R>())
            .field("restart", &self.spec.restart)
            .field("shutdown", &self.spec.shutdown)
            .field("significant", &self.spec.significant)
            .finish_non_exhaustive()
    }
}
