//! What a supervisor is to do: its strategy, and its children.

use super::{
    AutoShutdown, Backoff,
    child_spec::{ChildSpec, Spec},
};
use crate::{
    Role, Spawn,
    actor_ref::{ActorRef, Strong},
    cell::{
        Cell, Process,
        role::{ChildRole, ChildRoles},
        shield::let_go,
        typed::Typed,
    },
    link::Peer,
    node::Node,
};
use std::{
    any::{TypeId, type_name},
    borrow::Cow,
    collections::BTreeMap,
    fmt,
    sync::Arc,
    time::Duration,
};

/// Which children are restarted with one that ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Strategy {
    /// None: only the one that ended is.
    OneForOne,
    /// All of them.
    OneForAll,
    /// Those that were started after it.
    RestForOne,
}

impl fmt::Display for Strategy {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::OneForOne => "one_for_one",
            Self::OneForAll => "one_for_all",
            Self::RestForOne => "rest_for_one",
        })
    }
}

/// How a supervisor restarts its children: what `#[supervisor(..)]` says. OTP's supervisor flags.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SupervisorOptions {
    pub(crate) strategy: Strategy,
    pub(crate) intensity: u32,
    pub(crate) period: Duration,
    pub(crate) auto_shutdown: AutoShutdown,
    pub(crate) backoff: Option<Backoff>,
}

impl SupervisorOptions {
    /// At most three restarts within five seconds, as in Elixir.
    #[must_use]
    pub const fn new(strategy: Strategy) -> Self {
        let period = Duration::from_secs(5);
        let auto_shutdown = AutoShutdown::Never;
        Self { strategy, intensity: 3, period, auto_shutdown, backoff: None }
    }

    /// How many restarts there may be within a [`period`](Self::period); with one more the supervisor gives up. With 0 it gives up at the
    /// first crash.
    #[must_use]
    pub const fn intensity(self, intensity: u32) -> Self {
        Self { intensity, ..self }
    }

    /// Within which time restarts are counted: whole seconds, at least one.
    #[must_use]
    pub const fn period(self, period: Duration) -> Self {
        let second = Duration::from_secs(1);
        Self { period: if period.as_secs() < 1 { second } else { period }, ..self }
    }

    /// Whether the supervisor ends when its significant children have: unless told otherwise it does not.
    #[must_use]
    pub const fn auto_shutdown(self, auto_shutdown: AutoShutdown) -> Self {
        Self { auto_shutdown, ..self }
    }

    /// How long a restart waits: unless told otherwise it does not.
    #[must_use]
    pub const fn backoff(self, backoff: Backoff) -> Self {
        Self { backoff: Some(backoff), ..self }
    }
}

impl fmt::Display for SupervisorOptions {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { strategy, intensity, period, auto_shutdown, backoff } = self;
        match intensity {
            &u32::MAX => write!(f, "{strategy}, any number of restarts")?,
            _ => write!(f, "{strategy}, at most {intensity} in {} s", period.as_secs())?,
        }
        if let Some(backoff) = backoff {
            write!(f, ", {backoff} before a restart")?;
        }
        match auto_shutdown {
            AutoShutdown::Never => Ok(()),
            _ => write!(f, ", ends with {auto_shutdown}"),
        }
    }
}

/// A struct whose impl block is marked `#[supervisor]`: the configuration of a supervisor, and its children.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a supervisor",
    label = "not a supervisor",
    note = "put `#[supervisor(strategy = one_for_one)]` on an impl block with `#[child]` methods"
)]
pub trait Supervise: Role<Actor = super::Supervisor> + Sized + Send + Sync {
    /// What the attribute said.
    const OPTIONS: SupervisorOptions;

    /// The children, in the order in which they start.
    #[doc(hidden)]
    fn children(self: Arc<Self>) -> Vec<Planned>;
}

/// All that a supervisor is started with.
pub struct Plan {
    /// What reports call the supervisor.
    pub(super) supervisor: &'static str,
    pub(super) options: SupervisorOptions,
    pub(super) children: Vec<Planned>,
    /// Its children come and go, and have no ids of their own.
    pub(super) is_dynamic: bool,
    pub(super) max_children: usize,
}

impl Plan {
    pub(super) fn new(supervisor: &'static str, options: SupervisorOptions) -> Self {
        let children = Vec::new();
        Self { supervisor, options, children, is_dynamic: false, max_children: usize::MAX }
    }

    pub(super) fn of<S: Supervise>(supervisor: S) -> Self {
        let children = Arc::new(supervisor).children();
        Self { children, ..Self::new(type_name::<S>(), S::OPTIONS) }
    }
}

/// A child of a plan.
pub struct Planned {
    pub(super) id: Cow<'static, str>,
    pub(super) actor: fn() -> &'static str,
    /// The child is a supervisor.
    pub(super) is_supervisor: bool,
    actor_type: TypeId,
    role: fn(Arc<Node>) -> Arc<dyn Process>,
    pub(super) spec: SpecFn,
}

impl Planned {
    /// A child with this id. `spec` runs at each start.
    pub fn new<R: Role<Actor: Spawn>>(
        id: impl Into<Cow<'static, str>>,
        mut spec: impl FnMut(&Siblings) -> ChildSpec<R> + Send + 'static,
    ) -> Self {
        Self {
            id: id.into(),
            actor: type_name::<R>,
            is_supervisor: is_supervisor::<R>(),
            actor_type: TypeId::of::<R::Actor>(),
            role: |node| Cell::<R::Actor>::vacant(node),
            spec: SpecFn::new(move |siblings| spec(siblings).spec),
        }
    }

    /// The child is significant, whatever its spec says.
    #[must_use]
    pub fn significant(mut self) -> Self {
        let mut spec = self.spec;
        self.spec = SpecFn::new(move |siblings| {
            let mut spec = spec.call(siblings);
            spec.significant = true;
            spec
        });
        self
    }

    /// Whether the child can live in this role.
    fn fits(&self, role: &ChildRole) -> bool {
        role.process.actor_type() == self.actor_type
    }

    /// A role for the child of the supervisor `keeper`.
    pub(super) fn role(&self, node: &Arc<Node>, keeper: &Peer) -> ChildRole {
        let process = (self.role)(Arc::clone(node));
        if self.is_supervisor || !self.id.is_empty() {
            let mut info = process.header().role_or_new();
            info.known_as = Some((self.id.clone(), (self.actor)()));
            info.keeper = Some(Peer::clone(keeper));
        }
        ChildRole { id: self.id.clone(), process }
    }
}

/// The roles of the children of a life, which has those of its supervisor's last life that fit; `None` if they are the same.
pub(super) fn roles(
    planned: &[Planned],
    last: Option<&ChildRoles>,
    node: &Arc<Node>,
    keeper: &Peer,
) -> Option<ChildRoles> {
    let is_it = |planned: &Planned, role: &ChildRole| planned.id == role.id && planned.fits(role);
    let mut kept: BTreeMap<_, Vec<ChildRole>> = BTreeMap::new();
    if let Some(last) = last {
        if planned.len() == last.len() && planned.iter().zip(last.iter()).all(|(a, b)| is_it(a, b))
        {
            return None;
        }
        for role in last.kept() {
            kept.entry(role.id.clone()).or_default().push(role.clone());
        }
    }
    let mut role = |planned: &Planned| {
        let kept = kept.get_mut(&planned.id);
        let fitting = kept.and_then(|roles| roles.extract_if(.., |role| planned.fits(role)).next());
        fitting.unwrap_or_else(|| planned.role(node, keeper))
    };
    let roles = planned.iter().map(&mut role).collect();
    Some(ChildRoles::new(roles, kept.into_values().flatten().collect()))
}

/// What describes a child: the user's code, whose destructors may panic and harm nobody.
#[derive(Default)]
pub(super) struct SpecFn(Option<Box<Describe>>);

type Describe = dyn FnMut(&Siblings) -> Spec + Send;

impl SpecFn {
    fn new(spec: impl FnMut(&Siblings) -> Spec + Send + 'static) -> Self {
        Self(Some(Box::new(spec)))
    }

    pub(super) fn call(&mut self, siblings: &Siblings) -> Spec {
        match &mut self.0 {
            Some(spec) => spec(siblings),
            None => unreachable!("forgotten only when no life follows"),
        }
    }
}

impl Drop for SpecFn {
    fn drop(&mut self) {
        let spec = self.0.take();
        let_go(spec);
    }
}

pub(super) fn is_supervisor<R: Role>() -> bool {
    TypeId::of::<R::Actor>() == TypeId::of::<super::Supervisor>()
}

impl fmt::Debug for Plan {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Plan")
            .field("supervisor", &self.supervisor)
            .field("options", &self.options)
            .field("children", &self.children)
            .finish_non_exhaustive()
    }
}

impl fmt::Debug for Planned {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.id, (self.actor)())
    }
}

/// The children of a supervisor, as one of them finds them.
#[derive(Clone)]
pub struct Siblings {
    pub(super) roles: Arc<ChildRoles>,
}

impl Siblings {
    /// The handle of a child.
    ///
    /// # Panics
    /// If there is no child with this id, or it is of another type.
    #[must_use]
    pub fn get<R: Role>(&self, id: &str) -> R::Ref {
        match find::<R>(&self.roles, id) {
            Some(child) => child,
            None => panic!("there is no child `{id}` that is a `{}`", type_name::<R>()),
        }
    }
}

impl fmt::Debug for Siblings {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(self.roles.iter().map(|role| &role.id)).finish()
    }
}

/// The handle of the child with this id, if it is an `R`.
pub(super) fn find<R: Role>(roles: &ChildRoles, id: &str) -> Option<R::Ref> {
    let role = roles.by_id(id)?;
    let typed = Typed::<R::Actor>::of_type(Arc::clone(&role.process))?;
    Some(ActorRef::from_strong(Strong::new(typed)).into())
}
