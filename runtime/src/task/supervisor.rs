//! Tasks as children of a supervisor.

use super::{AsyncStream, Job, Task, TaskActor, TaskActorRef, job};
use crate::{
    __private0::Plan, ActorRef, CallError, ChildError, ChildSpec, DynamicSupervisor,
    DynamicSupervisorRef, Pid, Role, Start, Supervisor, SupervisorRef, Tree,
};
use std::{any::type_name, fmt, ops::Deref};
use tokio::sync::oneshot;

/// A supervisor of tasks: what runs under it is known, can be counted, and ends with it.
///
/// Its tasks may be of any type. None is restarted; one that ends is forgotten. When the supervisor ends, its tasks end all at the same
/// time. A task has no `#[terminate]`, so that it needs no time of its own to end: it ends where it awaits. As Elixir's
/// `Task.Supervisor`.
///
/// # Examples
/// ```
/// use ghostlight::prelude::*;
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let tasks = TaskSupervisor::new().max_children(1_000).start().await?;
/// let sum = tasks.spawn(async { 1 + 1 }).await?; // a Task
/// assert_eq!(sum.await?, 2);
/// tasks.start_child(async { /* nobody waits for this */ }).await?; // its pid
/// # Ok(())
/// # }
/// ```
#[derive(Debug, Default)]
#[must_use = "a supervisor is not started until `start` is awaited"]
pub struct TaskSupervisor {
    tasks: DynamicSupervisor<TaskActor>,
}

impl TaskSupervisor {
    /// A supervisor of any number of tasks.
    pub const fn new() -> Self {
        Self { tasks: DynamicSupervisor::new() }
    }

    /// How many tasks there may be at a time.
    pub const fn max_children(self, max_children: usize) -> Self {
        Self { tasks: self.tasks.max_children(max_children) }
    }

    /// Starts the supervisor. It lives until its last handle is dropped; then it ends its tasks.
    pub fn start(self) -> Start<Self, (Plan,)> {
        Start::__new((self.plan(),))
    }

    /// The supervisor as a child of another.
    pub fn child_spec(self) -> ChildSpec<Self> {
        ChildSpec::with_args((self.plan(),))
    }

    fn plan(self) -> Plan {
        self.tasks.plan(type_name::<Self>())
    }
}

#[diagnostic::do_not_recommend]
impl Role for TaskSupervisor {
    type Actor = Supervisor;
    type Ref = TaskSupervisorRef;

    fn tree() -> Tree {
        Tree::new(type_name::<Self>(), "any number of tasks".to_owned())
    }
}

/// A handle to a running [`TaskSupervisor`].
#[derive(Clone, PartialEq, Eq)]
#[must_use = "a supervisor that is no child of another ends when its last handle is dropped"]
pub struct TaskSupervisorRef {
    tasks: DynamicSupervisorRef<TaskActor>,
}

impl TaskSupervisorRef {
    /// Starts a task that is not linked to anybody but the supervisor: its crash ends nobody else.
    ///
    /// As `Task.Supervisor.async_nolink/2`.
    ///
    /// # Errors
    /// [`ChildError::MaxChildren`] if there are as many tasks as there may be, [`ChildError::Supervisor`] if the supervisor could not be asked.
    ///
    /// # Cancel safety
    /// If this is dropped the task may run all the same, and its result is lost.
    pub async fn spawn<T: Send + 'static>(
        &self,
        future: impl Future<Output = T> + Send + 'static,
    ) -> Result<Task<T>, ChildError> {
        let (job, answer) = job(future);
        let handle = self.begin(job).await?;
        Ok(Task { handle, answer: Some(answer), owner: None })
    }

    /// Starts a task whose result nobody waits for. Gives its pid. As `Task.Supervisor.start_child/2`.
    ///
    /// # Errors
    /// As [`spawn`](Self::spawn).
    ///
    /// # Cancel safety
    /// If this is dropped the task may run all the same.
    pub async fn start_child<F>(&self, future: F) -> Result<Pid, ChildError>
    where
        F: Future<Output: Send + 'static> + Send + 'static,
    {
        let (begun, pid) = oneshot::channel();
        let job = Job::new(future, drop).telling(begun);
        drop(self.begin(job).await?);
        pid.await.map_err(|_| ChildError::NotFound)
    }

    /// Ends a task, and forgets it. Whoever awaits it gets [`TaskError::Died`](crate::TaskError::Died).
    ///
    /// # Errors
    /// [`ChildError::NotFound`] if no task of this supervisor has this pid.
    pub async fn terminate_child(&self, pid: Pid) -> Result<(), ChildError> {
        self.tasks.terminate_child(pid).await
    }

    /// The pids of the tasks, in the order in which they started. As `Task.Supervisor.children/1`.
    ///
    /// # Errors
    /// As a call: see [`CallError`].
    pub async fn children(&self) -> Result<Vec<Pid>, CallError> {
        Ok(self.which_children().await?.into_iter().filter_map(|child| child.pid).collect())
    }

    /// As [`Task::async_stream`], with tasks that are children of this supervisor.
    ///
    /// When there is no room for one, or the supervisor has ended, that element is [`TaskError::NotStarted`](crate::TaskError::NotStarted),
    /// and the last. As `Task.Supervisor.async_stream_nolink/4`.
    pub fn async_stream<'a, I, F, T>(
        &self,
        input: I,
        f: impl FnMut(I::Item) -> F + Send + 'a,
    ) -> AsyncStream<'a, T>
    where
        I: IntoIterator<IntoIter: Send + 'a>,
        F: Future<Output = T> + Send + 'static,
        T: Send + 'static,
    {
        AsyncStream::new(input.into_iter(), f, Some(self.clone()))
    }

    pub(super) async fn begin(&self, job: Job) -> Result<TaskActorRef, ChildError> {
        let mut job = Some(job);
        let spec = move || match job.take() {
            Some(job) => TaskActor::child_spec(job),
            None => unreachable!("a task is temporary: it is started once"),
        };
        self.tasks.start_child(spec).await
    }
}

impl Deref for TaskSupervisorRef {
    type Target = SupervisorRef;

    fn deref(&self) -> &SupervisorRef {
        &self.tasks
    }
}

impl From<ActorRef<Supervisor>> for TaskSupervisorRef {
    fn from(actor: ActorRef<Supervisor>) -> Self {
        Self { tasks: actor.into() }
    }
}

impl fmt::Debug for TaskSupervisorRef {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.tasks.fmt(f)
    }
}
