//! Tasks: actors that run one future, and give its result.
//!
//! * `actor`: the actor behind a task
//! * `error`: why there is no result
//! * `many`: waiting for several tasks
//! * `supervisor`: tasks as children of a supervisor
//! * `stream`: a task for each element of an input

mod actor;
mod error;
mod many;
mod stream;
mod supervisor;

pub use self::{
    actor::TaskActor,
    error::TaskError,
    stream::AsyncStream,
    supervisor::{TaskSupervisor, TaskSupervisorRef},
};

use self::actor::{Job, TaskActorRef};
use crate::{
    Actor, ActorRef, Ctx, ExitReason, Shutdown, Start, StartError, Starting,
    cell::frame,
    link::{self, Peer},
};
use std::{
    fmt,
    ops::Deref,
    pin::Pin,
    sync::Arc,
    task::{Context, Poll, Waker},
    time::Duration,
};
use tokio::{
    sync::oneshot::{self, error::TryRecvError},
    time::timeout,
};

/// A future that runs as an actor of its own: with a pid, monitors, links, and an end that has a reason.
///
/// Awaiting it gives what the future gave, or a [`TaskError`] if the task died: a panic of the future is the task's, and of nobody else.
/// It waits until the task has ended, as long as that takes (Elixir: 5 s); otherwise there is [`timeout`](Self::timeout).
///
/// [`Task::spawn`] starts one that is not linked to anybody; [`Ctx::spawn_task`] one that is linked to the actor that starts it;
/// [`TaskSupervisorRef::spawn`] one that is the child of a supervisor. Start it, do something else, and await it: an actor that has
/// nothing else to do awaits the future itself.
///
/// Dropping a `Task` does not end the task: it runs on, and its result is lost. It gives its result once: who asks again gets
/// [`TaskError::NoProc`]. As Elixir's `Task`.
///
/// A task that calls the actor that awaits it waits until the call's time is up: the task is no part of what that actor's handler waits
/// for, as the runtime sees it.
///
/// # Cancel safety
/// It is a future that can be awaited by reference, in `select!` for one: no result is lost.
///
/// # Examples
/// ```
/// use ghostlight::prelude::*;
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let sum = Task::spawn(async { 1 + 1 })?;
/// let crash = Task::spawn(async { panic!("no ink") })?;
/// assert_eq!(sum.await?, 2);
/// let error: TaskError = crash.await.map(|()| "written").unwrap_err();
/// assert_eq!(error.to_string(), "the task ended without a result: panicked: no ink");
/// # Ok(())
/// # }
/// ```
#[must_use = "the result of a task that is dropped is lost"]
pub struct Task<T> {
    handle: TaskActorRef,
    /// `None` once the result has been given.
    answer: Option<Answer<T>>,
    /// The actor that it is linked to.
    owner: Option<Peer>,
}

type Answer<T> = oneshot::Receiver<Result<T, ExitReason>>;

impl<T: Send + 'static> Task<T> {
    /// Starts a task that is not linked to anybody: what becomes of it, it ends nobody else.
    ///
    /// As `Task.Supervisor.async_nolink/2`, without the supervisor.
    ///
    /// # Errors
    /// [`StartError::NoRuntime`] outside of a tokio runtime.
    ///
    /// # Panics
    /// If the tokio runtime has no timers (`enable_time`).
    pub fn spawn(future: impl Future<Output = T> + Send + 'static) -> Result<Self, StartError> {
        let (job, answer) = job(future);
        Ok(Self { handle: begin(job)?, answer: Some(answer), owner: None })
    }
}

/// The job of a task that is to give its result.
fn job<T: Send + 'static>(future: impl Future<Output = T> + Send + 'static) -> (Job, Answer<T>) {
    let (sender, answer) = oneshot::channel();
    (Job::new(future, |result| drop(sender.send(result))), answer)
}

/// Starts a task that is not linked to anybody.
fn begin(job: Job) -> Result<TaskActorRef, StartError> {
    at_once(TaskActor::start(job).into_future())
}

/// Starts an actor whose init is a plain `fn`, without waiting.
fn at_once(mut starting: Starting<TaskActor, (Job,)>) -> Result<TaskActorRef, StartError> {
    match Pin::new(&mut starting).poll(&mut Context::from_waker(Waker::noop())) {
        Poll::Ready(started) => started,
        Poll::Pending => unreachable!("an init that is not async does not await"),
    }
}

impl<A: Actor> Ctx<A> {
    /// Starts a task that is linked to this actor from its first moment: when one of them ends, other than as
    /// [`Normal`](ExitReason::Normal), the other gets an exit signal.
    ///
    /// So the end of the actor is that of the task; and a crash of the task is a crash of the actor, before it can see the error, unless it
    /// has an `#[info]` handler for [`Exit`](crate::Exit). Where it is to look at the error instead, [`Task::spawn`] or a
    /// [`TaskSupervisor`] is what it needs. As `Task.async/1`.
    ///
    /// # Errors
    /// [`StartError::NoRuntime`] outside of a tokio runtime.
    ///
    /// # Examples
    /// ```
    /// use ghostlight::prelude::*;
    ///
    /// #[actor]
    /// struct Adder;
    ///
    /// #[handlers]
    /// impl Adder {
    ///     #[call]
    ///     async fn add(&mut self, a: u64, b: u64, ctx: &mut Ctx<Self>) -> Result<u64, TaskError> {
    ///         let sum = ctx.spawn_task(async move { a + b }).map_err(|_| TaskError::NoProc)?;
    ///         sum.await
    ///     }
    /// }
    ///
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// let adder = ghostlight::spawn(Adder)?;
    /// assert_eq!(adder.add(1, 2).await??, 3);
    /// # Ok(())
    /// # }
    /// ```
    pub fn spawn_task<T: Send + 'static>(
        &self,
        future: impl Future<Output = T> + Send + 'static,
    ) -> Result<Task<T>, StartError> {
        let (job, answer) = job(future);
        let start: Start<TaskActor, _> = TaskActor::start(job);
        let handle = at_once(self.start_link(start))?;
        Ok(Task { handle, answer: Some(answer), owner: Some(Arc::downgrade(&self.process())) })
    }
}

impl<T> Task<T> {
    /// Waits for the result, and no longer than `limit`: then the task is ended, as [`Shutdown`](ExitReason::Shutdown), and its owner,
    /// which is not linked to it any more, goes on. A result that is there is given, however small the limit.
    ///
    /// A future that computes ends at its next await; this does not wait for it. (`Task.await/2` ends its caller, too.)
    ///
    /// # Errors
    /// [`TaskError::Timeout`], and [`TaskError::Died`] if the task died before.
    ///
    /// # Cancel safety
    /// If this is dropped the task runs on, and its result is lost.
    pub async fn timeout(mut self, limit: Duration) -> Result<T, TaskError> {
        match timeout(limit, &mut self).await {
            Ok(done) => done,
            Err(_) => self.taken().unwrap_or_else(|| {
                self.end(ExitReason::Shutdown);
                Err(TaskError::Timeout)
            }),
        }
    }

    /// Waits for the result, and no longer than `limit`: then it is `None`, and the task goes on.
    ///
    /// A result wins over the end of the task that follows it. As `Task.yield/2`.
    ///
    /// # Cancel safety
    /// Nothing is lost if this is dropped.
    pub async fn yield_for(&mut self, limit: Duration) -> Option<Result<T, TaskError>> {
        match timeout(limit, &mut *self).await {
            Ok(done) => Some(done),
            Err(_) => self.taken(),
        }
    }

    /// Ends the task, and waits until it has ended: as [`Shutdown`](ExitReason::Shutdown), and if it has not ended in its time, or is not
    /// to have any, as [`Killed`](ExitReason::Killed). Its owner is not linked to it any more.
    ///
    /// `Some(Ok(..))` if it had its result before, `None` if this ended it, `Some(Err(..))` if it had died for another reason. A future that
    /// computes ends at its next await, not before, even when it is killed. As `Task.shutdown/2`.
    ///
    /// # Cancel safety
    /// If this is dropped the task ends all the same, though it may not be killed when its time is up.
    pub async fn shutdown(mut self, how: Shutdown) -> Option<Result<T, TaskError>> {
        if let Some(done) = self.taken() {
            return Some(done);
        }
        let mut was_killed = how == Shutdown::BrutalKill;
        if was_killed {
            self.end_at_once();
        } else {
            self.end(ExitReason::Shutdown);
        }
        if let Shutdown::After(limit) = how {
            if let Some(done) = self.yield_for(limit).await {
                return unless_ended_by_us(done, was_killed);
            }
            was_killed = true;
            self.end_at_once();
        }
        unless_ended_by_us(self.await, was_killed)
    }

    /// What there is already, even where the caller has spent its budget of polls.
    fn taken(&mut self) -> Option<Result<T, TaskError>> {
        let Some(answer) = &mut self.answer else { return Some(Err(TaskError::NoProc)) };
        let told = match answer.try_recv() {
            Ok(result) => Some(result),
            Err(TryRecvError::Closed) => None,
            Err(TryRecvError::Empty) => return None,
        };
        Some(self.settle(told))
    }

    /// The answer has come; `None` where nobody was told, because the runtime ended before the task did.
    fn settle(&mut self, told: Option<Result<T, ExitReason>>) -> Result<T, TaskError> {
        self.answer = None;
        told.map_or(Err(TaskError::NoProc), |result| result.map_err(TaskError::from_end))
    }

    /// Asks it to end, which it does where it awaits.
    fn end(&self, reason: ExitReason) {
        self.unlink();
        self.exit(reason);
    }

    fn end_at_once(&self) {
        self.unlink();
        self.kill();
    }

    /// Its end is not to be its owner's.
    fn unlink(&self) {
        if let Some(owner) = self.owner.as_ref().and_then(Peer::upgrade)
            && let Some(me) = self.handle.process()
        {
            link::unlink(&owner, &me);
        }
    }
}

/// What there is to say of a task that was asked to end.
fn unless_ended_by_us<T>(
    done: Result<T, TaskError>,
    was_killed: bool,
) -> Option<Result<T, TaskError>> {
    match done {
        Err(TaskError::Died(ExitReason::Shutdown)) => None,
        Err(TaskError::Died(ExitReason::Killed)) if was_killed => None,
        done => Some(done),
    }
}

impl<T> Future for Task<T> {
    type Output = Result<T, TaskError>;

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        let Some(answer) = &mut self.answer else { return Poll::Ready(Err(TaskError::NoProc)) };
        match Pin::new(answer).poll(cx) {
            Poll::Ready(told) => Poll::Ready(self.settle(told.ok())),
            Poll::Pending => {
                frame::flush(); // the task may be the one that this code activated last
                Poll::Pending
            }
        }
    }
}

impl<T> Deref for Task<T> {
    type Target = ActorRef<TaskActor>;

    fn deref(&self) -> &ActorRef<TaskActor> {
        &self.handle
    }
}

impl<T> fmt::Debug for Task<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Task").field("pid", &self.pid()).finish_non_exhaustive()
    }
}
