//! Supervisors of many children that share one kind of work.

use super::{
    Backoff, ChildError, ChildSpec, Supervisor, SupervisorRef,
    plan::{Plan, Planned, Strategy, SupervisorOptions},
    routing::part_of,
};
use crate::{
    ActorRef, Role, Spawn, Start, Tree,
    actor_ref::Strong,
    cell::{role::ChildRoles, typed::Typed},
};
use std::{
    any::type_name,
    fmt,
    hash::Hash,
    ops::Deref,
    sync::{Arc, OnceLock},
    thread,
    time::Duration,
};

/// A supervisor of several children of one kind, each for a part of the work: a key says which.
///
/// One actor handles one message at a time; where that is too slow, and what it knows can be split by a key, there are to be several: the
/// partitions, one for each core unless told otherwise. Their ids are `"0"`, `"1"` and so on, and the strategy is `one_for_one`. As Elixir's
/// `PartitionSupervisor`.
///
/// # Examples
/// ```
/// use ghostlight::{PartitionSupervisor, prelude::*};
/// use std::collections::HashMap;
///
/// /// The words that begin with some letters.
/// #[actor]
/// struct Words {
///     counts: HashMap<String, u64>,
/// }
///
/// #[handlers]
/// impl Words {
///     #[init]
///     fn open() -> Self {
///         Self { counts: HashMap::new() }
///     }
///
///     #[call]
///     fn add(&mut self, word: String) -> u64 {
///         let count = self.counts.entry(word).or_default();
///         *count += 1;
///         *count
///     }
/// }
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let words = PartitionSupervisor::<Words>::new(|_partition| Words::child_spec()).partitions(4);
/// let words = words.start().await?; // a PartitionSupervisorRef<Words>
/// assert_eq!(words.route("ghost").add("ghost".into()).await?, 1);
/// assert_eq!(words.route("ghost").add("ghost".into()).await?, 2);
/// # Ok(())
/// # }
/// ```
#[must_use = "a supervisor is not started until `start` is awaited"]
pub struct PartitionSupervisor<R> {
    options: SupervisorOptions,
    partitions: usize,
    spec: Arc<dyn Fn(usize) -> ChildSpec<R> + Send + Sync>,
}

impl<R: Role<Actor: Spawn>> PartitionSupervisor<R> {
    /// `spec` describes a partition: it runs at each start of one, with its number, the first being 0.
    pub fn new(spec: impl Fn(usize) -> ChildSpec<R> + Send + Sync + 'static) -> Self {
        let options = SupervisorOptions::new(Strategy::OneForOne);
        // Where it is not known how many there are, one works everywhere.
        let partitions = thread::available_parallelism().map_or(1, usize::from);
        Self { options, partitions, spec: Arc::new(spec) }
    }

    /// How many partitions there are, at least one; as many as threads can run at once unless told otherwise.
    pub fn partitions(self, partitions: usize) -> Self {
        Self { partitions: partitions.max(1), ..self }
    }

    /// How many restarts there may be within a period, of all partitions together, 3 unless told otherwise.
    pub fn intensity(self, intensity: u32) -> Self {
        Self { options: self.options.intensity(intensity), ..self }
    }

    /// Within which time restarts are counted, 5 s unless told otherwise: whole seconds, at least one.
    pub fn period(self, period: Duration) -> Self {
        Self { options: self.options.period(period), ..self }
    }

    /// How long a restart waits: unless told otherwise it does not.
    pub fn backoff(self, backoff: Backoff) -> Self {
        Self { options: self.options.backoff(backoff), ..self }
    }

    /// Starts the supervisor, and its partitions. It lives until its last handle is dropped; then it ends them.
    ///
    /// # Errors
    /// [`StartError::Init`](crate::StartError::Init) with a [`ChildNotStarted`](crate::ChildNotStarted) if a partition did not start.
    pub fn start(self) -> Start<Self, (Plan,)> {
        Start::__new((self.plan(),))
    }

    /// The supervisor as a child of another.
    pub fn child_spec(self) -> ChildSpec<Self> {
        ChildSpec::with_args((self.plan(),))
    }

    fn plan(self) -> Plan {
        let planned = |partition: usize| {
            let spec = Arc::clone(&self.spec);
            Planned::new(partition.to_string(), move |_| spec(partition))
        };
        let children = (0..self.partitions).map(planned).collect();
        Plan { children, ..Plan::new(type_name::<Self>(), self.options) }
    }
}

impl<R> fmt::Debug for PartitionSupervisor<R> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("PartitionSupervisor")
            .field("children", &type_name::<R>())
            .field("options", &self.options)
            .field("partitions", &self.partitions)
            .finish_non_exhaustive()
    }
}

#[diagnostic::do_not_recommend]
impl<R: Role<Actor: Spawn>> Role for PartitionSupervisor<R> {
    type Actor = Supervisor;
    type Ref = PartitionSupervisorRef<R>;

    fn tree() -> Tree {
        Tree::new(type_name::<Self>(), "one child for each partition".to_owned())
    }
}

/// A handle to a running [`PartitionSupervisor`].
#[must_use = "a supervisor that is no child of another ends when its last handle is dropped"]
pub struct PartitionSupervisorRef<R: Role> {
    supervisor: SupervisorRef,
    /// Found when they are asked for the first time, and the same for as long as the role is.
    partitions: OnceLock<Arc<Partitions<R>>>,
}

/// The partitions of a supervisor, so that nobody need be asked for them.
struct Partitions<R: Role> {
    roles: Arc<ChildRoles>,
    handles: Vec<R::Ref>,
    /// Those of a life of the supervisor that planned others.
    later: OnceLock<Arc<Self>>,
}

impl<R: Role<Actor: Spawn>> Partitions<R> {
    fn of(roles: Arc<ChildRoles>) -> Option<Arc<Self>> {
        let handle = |process| {
            let typed = Typed::<R::Actor>::of_type(process)?;
            Some(ActorRef::from_strong(Strong::new(typed)).into())
        };
        let handles = roles.iter().map(|role| handle(Arc::clone(&role.process)));
        let handles = handles.collect::<Option<_>>()?;
        Some(Arc::new(Self { roles, handles, later: OnceLock::new() }))
    }

    /// Those of the supervisor's present life.
    fn present(&self) -> Option<&Self> {
        let mut known = self;
        while let Some(roles) = known.roles.later() {
            known = if let Some(later) = known.later.get() {
                later
            } else {
                let later = Self::of(Arc::clone(roles))?;
                known.later.get_or_init(|| later)
            };
        }
        Some(known)
    }
}

impl<R: Role<Actor: Spawn>> PartitionSupervisorRef<R> {
    /// The partition that `key` belongs to.
    ///
    /// An integer `n` belongs to the partition `|n| % partitions`. Any other key belongs to the one that its hash says: always the same for
    /// as long as there are as many partitions, in every program that the same Rust release built.
    ///
    /// It takes no lock and asks nobody, unless this handle is one by name. While there are no partitions it gives a handle to nobody: a call
    /// gives [`NoProc`](crate::CallError::NoProc).
    #[must_use]
    pub fn route<K: Hash + ?Sized>(&self, key: &K) -> R::Ref {
        let partition = self.find(|partitions| {
            let partition = part_of(key, partitions.roles.in_use())?;
            partitions.handles.get(partition).cloned()
        });
        partition.unwrap_or_else(|| ActorRef::named("").into())
    }

    /// The partition with this number, the first being 0; `None` where there are not so many.
    #[must_use]
    pub fn partition(&self, partition: usize) -> Option<R::Ref> {
        self.find(|partitions| {
            partitions.handles[..partitions.roles.in_use()].get(partition).cloned()
        })
    }

    /// How many partitions keys are spread over now. Elixir's `PartitionSupervisor.partitions/1`.
    #[must_use]
    pub fn partitions(&self) -> usize {
        self.find(|partitions| Some(partitions.roles.in_use())).unwrap_or(0)
    }

    /// Changes how many partitions there are: ends those with the highest numbers, or starts them again. Gives how many there were. Keys
    /// then belong to others than before. When the supervisor is restarted it has all again. Elixir's `PartitionSupervisor.resize!/2`.
    ///
    /// With 0 there are none, until it is called again.
    ///
    /// # Errors
    /// [`ChildError::MaxChildren`] if it had not so many when it was started, [`Start`](ChildError::Start) if one did not start: then there
    /// are as many as did.
    pub async fn resize(&self, partitions: usize) -> Result<usize, ChildError> {
        self.supervisor.use_first(partitions).await?
    }

    fn find<T>(&self, find: impl FnOnce(&Partitions<R>) -> Option<T>) -> Option<T> {
        if let Some(partitions) = self.partitions.get() {
            return find(partitions.present()?);
        }
        let roles = self.supervisor.process()?.header().known_children()?;
        let partitions = Partitions::of(roles)?;
        // A name may be another's tomorrow.
        if self.supervisor.strong().is_ok() {
            let _ = self.partitions.set(Arc::clone(&partitions)); // another thread may have been first, with the same
        }
        find(&partitions)
    }
}

impl<R: Role> Clone for PartitionSupervisorRef<R> {
    fn clone(&self) -> Self {
        Self { supervisor: self.supervisor.clone(), partitions: self.partitions.clone() }
    }
}

impl<R: Role> Deref for PartitionSupervisorRef<R> {
    type Target = SupervisorRef;

    fn deref(&self) -> &SupervisorRef {
        &self.supervisor
    }
}

impl<R: Role> From<ActorRef<Supervisor>> for PartitionSupervisorRef<R> {
    fn from(actor: ActorRef<Supervisor>) -> Self {
        Self { supervisor: actor.into(), partitions: OnceLock::new() }
    }
}

impl<R: Role> PartialEq for PartitionSupervisorRef<R> {
    fn eq(&self, other: &Self) -> bool {
        self.supervisor == other.supervisor
    }
}

impl<R: Role> Eq for PartitionSupervisorRef<R> {}

impl<R: Role> fmt::Debug for PartitionSupervisorRef<R> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.supervisor.fmt(f)
    }
}
