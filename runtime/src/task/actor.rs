//! The actor behind every task.

use crate::{
    Ctx, Down, ExitReason, MonitorRef, Pid,
    cell::shield::shielded,
    monitor::{self, Watch},
    sync::{Mutex, lock},
};
use ghostlight_macros::{actor, handlers};
use std::{fmt, pin::Pin, sync::Arc};
use tokio::sync::oneshot;

/// The actor behind every [`Task`](crate::Task): it runs the future, and ends.
///
/// It handles no messages. [`Task`](crate::Task) derefs to a handle to it: to monitor, link or kill the task.
#[actor(restart = temporary)]
pub struct TaskActor {
    work: Option<Work>,
}

type Work = Pin<Box<dyn Future<Output = ()> + Send>>;

#[handlers]
impl TaskActor {
    #[init]
    pub(super) fn begin(job: Job, ctx: &mut Ctx<Self>) -> Self {
        // Before anything can end it.
        monitor::watch(Some(&*ctx.process()), MonitorRef::next(), job.watch);
        if let Some(begun) = job.begun {
            let _ = begun.send(ctx.pid()); // nobody may wait for it any more
        }
        ctx.continue_with(TaskActorContinue::Run);
        Self { work: Some(job.work) }
    }

    #[handle_continue]
    async fn run(&mut self, ctx: &mut Ctx<Self>) {
        if let Some(work) = self.work.take() {
            work.await;
        }
        ctx.stop(ExitReason::Normal);
    }
}

impl fmt::Debug for TaskActor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("TaskActor").finish_non_exhaustive()
    }
}

/// What a task is to do, and who is told how it ended.
pub(super) struct Job {
    work: Work,
    watch: Box<dyn Watch>,
    /// Who is told its pid.
    begun: Option<oneshot::Sender<Pid>>,
}

impl Job {
    /// At the end of the task `tell` is given the result of `future`, or why there is none. Those that are linked to the task know of its
    /// end by then: so does its supervisor, and has room for the next one.
    pub(super) fn new<T: Send + 'static>(
        future: impl Future<Output = T> + Send + 'static,
        tell: impl FnOnce(Result<T, ExitReason>) + Send + 'static,
    ) -> Self {
        let result = Arc::new(Mutex::new(None));
        let at_end = Arc::clone(&result);
        let work = async move {
            let value = future.await;
            *lock(&*result) = Some(value);
        };
        let end = move |reason| {
            let value = lock(&*at_end).take();
            tell(value.ok_or(reason));
        };
        Self { work: Box::pin(work), watch: Box::new(AtEnd(end)), begun: None }
    }

    /// Tells the pid of the task, which may have ended by the time that its starter has a handle.
    pub(super) fn telling(self, begun: oneshot::Sender<Pid>) -> Self {
        Self { begun: Some(begun), ..self }
    }
}

/// What is to be done at the end of a life.
struct AtEnd<F>(F);

impl<F: FnOnce(ExitReason) + Send> Watch for AtEnd<F> {
    fn down(self: Box<Self>, down: Down) {
        // A result that nobody wants is dropped here, and is the user's.
        shielded(|| (self.0)(down.reason));
    }

    fn is_gone(&self) -> bool {
        false
    }
}
