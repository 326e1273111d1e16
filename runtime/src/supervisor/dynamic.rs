//! Supervisors whose children come and go.

use super::{
    Backoff, ChildError, ChildSpec, Counts, Supervisor, SupervisorRef,
    plan::{Plan, Planned, Strategy, SupervisorOptions},
    supervisor_ref::handle,
};
use crate::{ActorRef, Pid, Role, Spawn, Start, Tree};
use std::{any::type_name, fmt, marker::PhantomData, ops::Deref, time::Duration};

/// A supervisor of any number of children of one kind, which are started at run time and known by their pids.
///
/// Its strategy is `one_for_one`. A child that ends and is not restarted is forgotten, and its role ends. When the supervisor ends, its
/// children end all at the same time. When it is restarted it has none: whoever started them starts them again. As Elixir's
/// `DynamicSupervisor`.
///
/// # Examples
/// ```
/// use ghostlight::prelude::*;
///
/// #[actor(restart = transient)]
/// struct Session {
///     user: String,
/// }
///
/// #[handlers]
/// impl Session {
///     #[init]
///     fn open(user: String) -> Self {
///         Self { user }
///     }
///
///     #[call]
///     fn user(&self) -> String {
///         self.user.clone()
///     }
/// }
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let sessions = DynamicSupervisor::<Session>::new().start().await?;
/// let ann = sessions.start_child(|| Session::child_spec("ann".into())).await?; // a SessionRef
/// assert_eq!(ann.user().await?, "ann");
/// assert_eq!(sessions.count_children().await?.active, 1);
/// # Ok(())
/// # }
/// ```
#[must_use = "a supervisor is not started until `start` is awaited"]
pub struct DynamicSupervisor<R> {
    options: SupervisorOptions,
    max_children: usize,
    role: PhantomData<fn() -> R>,
}

impl<R: Role<Actor: Spawn>> DynamicSupervisor<R> {
    /// At most three restarts within five seconds, and any number of children.
    pub const fn new() -> Self {
        let options = SupervisorOptions::new(Strategy::OneForOne);
        Self { options, max_children: usize::MAX, role: PhantomData }
    }

    /// How many restarts there may be within a period, of all children together.
    pub const fn intensity(self, intensity: u32) -> Self {
        Self { options: self.options.intensity(intensity), ..self }
    }

    /// Within which time restarts are counted: whole seconds, at least one.
    pub const fn period(self, period: Duration) -> Self {
        Self { options: self.options.period(period), ..self }
    }

    /// How long a restart waits: unless told otherwise it does not.
    pub const fn backoff(self, backoff: Backoff) -> Self {
        Self { options: self.options.backoff(backoff), ..self }
    }

    /// How many children there may be.
    pub const fn max_children(self, max_children: usize) -> Self {
        Self { max_children, ..self }
    }

    /// Starts the supervisor. It lives until its last handle is dropped; then it ends its children.
    pub fn start(self) -> Start<Self, (Plan,)> {
        Start::__new((self.plan(type_name::<Self>()),))
    }

    /// The supervisor as a child of another.
    pub fn child_spec(self) -> ChildSpec<Self> {
        ChildSpec::with_args((self.plan(type_name::<Self>()),))
    }

    /// What it is to do. `supervisor` is what reports call it.
    pub(crate) fn plan(self, supervisor: &'static str) -> Plan {
        let plan = Plan::new(supervisor, self.options);
        Plan { is_dynamic: true, max_children: self.max_children, ..plan }
    }
}

impl<R: Role<Actor: Spawn>> Default for DynamicSupervisor<R> {
    fn default() -> Self {
        Self::new()
    }
}

impl<R> fmt::Debug for DynamicSupervisor<R> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("DynamicSupervisor")
            .field("children", &type_name::<R>())
            .field("options", &self.options)
            .field("max_children", &self.max_children)
            .finish()
    }
}

#[diagnostic::do_not_recommend]
impl<R: Role<Actor: Spawn>> Role for DynamicSupervisor<R> {
    type Actor = Supervisor;
    type Ref = DynamicSupervisorRef<R>;

    fn tree() -> Tree {
        Tree::new(type_name::<Self>(), "any number of children".to_owned())
    }
}

/// A handle to a running [`DynamicSupervisor`].
#[must_use = "a supervisor that is no child of another ends when its last handle is dropped"]
pub struct DynamicSupervisorRef<R> {
    supervisor: SupervisorRef,
    role: PhantomData<fn() -> R>,
}

impl<R: Role<Actor: Spawn>> DynamicSupervisorRef<R> {
    /// Starts a child. `spec` runs now, and again at each restart.
    ///
    /// # Errors
    /// [`ChildError::MaxChildren`] if there are as many as there may be, [`ChildError::Start`] if the child did not start.
    pub async fn start_child(
        &self,
        mut spec: impl FnMut() -> ChildSpec<R> + Send + 'static,
    ) -> Result<R::Ref, ChildError> {
        let process = self.supervisor.start_planned(Planned::new("", move |_| spec())).await??;
        handle::<R>(process)
    }

    /// Ends a child, within its shutdown time, and forgets it.
    ///
    /// # Errors
    /// [`ChildError::NotFound`] if no child has this pid.
    pub async fn terminate_child(&self, pid: Pid) -> Result<(), ChildError> {
        self.supervisor.end_life(pid).await?
    }

    /// How many children there are, and how many of them live.
    ///
    /// # Errors
    /// As a call: see [`CallError`](crate::CallError).
    pub async fn count_children(&self) -> Result<Counts, crate::CallError> {
        self.supervisor.count_children().await
    }
}

impl<R> Clone for DynamicSupervisorRef<R> {
    fn clone(&self) -> Self {
        Self { supervisor: self.supervisor.clone(), role: PhantomData }
    }
}

impl<R> Deref for DynamicSupervisorRef<R> {
    type Target = SupervisorRef;

    fn deref(&self) -> &SupervisorRef {
        &self.supervisor
    }
}

impl<R> From<ActorRef<Supervisor>> for DynamicSupervisorRef<R> {
    fn from(actor: ActorRef<Supervisor>) -> Self {
        Self { supervisor: actor.into(), role: PhantomData }
    }
}

impl<R> PartialEq for DynamicSupervisorRef<R> {
    fn eq(&self, other: &Self) -> bool {
        self.supervisor == other.supervisor
    }
}

impl<R> Eq for DynamicSupervisorRef<R> {}

impl<R> fmt::Debug for DynamicSupervisorRef<R> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.supervisor.fmt(f)
    }
}
