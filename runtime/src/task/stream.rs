//! A task for each element of an input.

use super::{Job, Task, TaskActorRef, TaskError, TaskSupervisorRef, begin};
use crate::{ChildError, ExitReason, cell::frame};
use std::{
    collections::BTreeMap,
    fmt,
    future::poll_fn,
    pin::{Pin, pin},
    task::Poll,
    thread::available_parallelism,
    time::Duration,
};
use tokio::{
    sync::mpsc,
    time::{Instant, timeout_at},
};

impl<T: Send + 'static> Task<T> {
    /// Runs `f` of each element of `input` in a task of its own, a few at a time, and gives the results one by one.
    ///
    /// It is lazy: nothing happens until [`next`](AsyncStream::next) is awaited, which takes an element of the input when there is a task
    /// to be started for it, and not before. `f` itself runs where `next` is awaited; the future that it returns, in the task. The tasks
    /// are linked to nobody, and end with the stream. As `Task.async_stream/3`, or rather `Task.Supervisor.async_stream_nolink/4`.
    ///
    /// # Examples
    /// ```
    /// # use ghostlight::prelude::*;
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// let words = ["one", "three", "five"];
    /// let mut lengths = Task::async_stream(words, |word| async move { word.len() }).max_concurrency(2);
    /// let mut sum = 0;
    /// while let Some(length) = lengths.next().await {
    ///     sum += length?;
    /// }
    /// assert_eq!(sum, 12);
    /// # Ok(())
    /// # }
    /// ```
    pub fn async_stream<'a, I, F>(
        input: I,
        f: impl FnMut(I::Item) -> F + Send + 'a,
    ) -> AsyncStream<'a, T>
    where
        I: IntoIterator<IntoIter: Send + 'a>,
        F: Future<Output = T> + Send + 'static,
    {
        AsyncStream::new(input.into_iter(), f, None)
    }
}

/// The results of tasks, one for each element of an input: what [`Task::async_stream`] and [`TaskSupervisorRef::async_stream`] return.
///
/// Dropped early, it ends the tasks that run: each where it awaits.
#[must_use = "a stream does nothing until `next` is awaited"]
pub struct AsyncStream<'a, T> {
    /// Makes the job of the next element; `None` once there is none.
    input: Option<Input<'a, T>>,
    supervisor: Option<TaskSupervisorRef>,
    max_concurrency: usize,
    is_ordered: bool,
    limit: Duration,
    kills: bool,
    /// The task that a supervisor is starting; it is in `running`, too.
    starting: Option<(u64, Starting)>,
    /// By the number of its element.
    running: BTreeMap<u64, Running>,
    /// What has not been given yet: by the number of its element, or in the order in which they came.
    results: BTreeMap<u64, Result<T, TaskError>>,
    taken: u64,
    ended: u64,
    given: u64,
    sender: Sender<T>,
    answers: mpsc::UnboundedReceiver<(u64, Result<T, ExitReason>)>,
}

type Input<'a, T> = Box<dyn FnMut(u64, Sender<T>) -> Option<Job> + Send + 'a>;

type Sender<T> = mpsc::UnboundedSender<(u64, Result<T, ExitReason>)>;

type Starting = Pin<Box<dyn Future<Output = Result<TaskActorRef, ChildError>> + Send>>;

/// A task of a stream.
enum Running {
    /// Its supervisor starts it.
    Starting,
    Since(Instant, TaskActorRef),
    /// It took too long, and was killed. Its place is free when it has ended.
    Late,
}

impl<'a, T: Send + 'static> AsyncStream<'a, T> {
    pub(super) fn new<E, F>(
        mut input: impl Iterator<Item = E> + Send + 'a,
        mut f: impl FnMut(E) -> F + Send + 'a,
        supervisor: Option<TaskSupervisorRef>,
    ) -> Self
    where
        F: Future<Output = T> + Send + 'static,
    {
        let (sender, answers) = mpsc::unbounded_channel();
        Self {
            input: Some(Box::new(move |at, sender| Some(job(at, f(input.next()?), sender)))),
            supervisor,
            max_concurrency: available_parallelism().map_or(1, Into::into),
            is_ordered: true,
            limit: Duration::from_secs(5),
            kills: false,
            starting: None,
            running: BTreeMap::new(),
            results: BTreeMap::new(),
            taken: 0,
            ended: 0,
            given: 0,
            sender,
            answers,
        }
    }

    /// How many tasks run at a time: as many as there are processors, unless told otherwise.
    ///
    /// # Panics
    /// If it is 0.
    pub fn max_concurrency(self, max_concurrency: usize) -> Self {
        assert!(max_concurrency > 0, "`max_concurrency` is at least 1");
        Self { max_concurrency, ..self }
    }

    /// Gives the results as they come, not in the order of the input. In order, results that came early are kept until it is their turn.
    pub fn unordered(self) -> Self {
        Self { is_ordered: false, ..self }
    }

    /// How long each task may take: 5 s unless told otherwise, [`Duration::MAX`] for ever.
    ///
    /// A task that takes longer is the end of the stream: the others are ended, and [`TaskError::Timeout`] is the last thing that it gives;
    /// or see [`kill_on_timeout`](Self::kill_on_timeout). It is looked at while [`next`](Self::next) is awaited.
    pub fn timeout(self, limit: Duration) -> Self {
        Self { limit, ..self }
    }

    /// Only kills a task that takes too long: its element is [`TaskError::Timeout`], and the stream goes on. As `on_timeout: :kill_task`.
    pub fn kill_on_timeout(self) -> Self {
        Self { kills: true, ..self }
    }

    /// The next result; `None` after the last.
    ///
    /// # Errors
    /// Each element has its own: [`TaskError::Died`] if its task died, [`TaskError::Timeout`], and [`TaskError::NotStarted`], after which no
    /// other is started.
    ///
    /// # Panics
    /// If `f` does, or the input.
    ///
    /// # Cancel safety
    /// Nothing is lost if this is dropped; but no task is started, and no time is looked at, while nobody awaits it.
    pub async fn next(&mut self) -> Option<Result<T, TaskError>> {
        loop {
            while let Ok((at, answer)) = self.answers.try_recv() {
                self.answered(at, answer);
            }
            // What was there in time is given first.
            if self.is_late() && !self.results.contains_key(&self.given) {
                self.halt();
                return Some(Err(TaskError::Timeout));
            }
            self.fill().await;
            if let Some(result) = self.results.remove(&self.given) {
                self.given += 1;
                return Some(result);
            }
            if self.running.is_empty() {
                return None;
            }
            frame::flush(); // the task that was started last may be the one that is waited for
            let answer = match self.deadline() {
                Some(deadline) => timeout_at(deadline, self.answers.recv()).await.ok().flatten(),
                None => self.answers.recv().await,
            };
            if let Some((at, answer)) = answer {
                self.answered(at, answer);
            }
        }
    }

    /// A task has ended.
    fn answered(&mut self, at: u64, answer: Result<T, ExitReason>) {
        let Some(task) = self.running.remove(&at) else { return };
        let result = match (answer, task) {
            (Ok(value), _) => Ok(value),
            (Err(_), Running::Late) => Err(TaskError::Timeout),
            (Err(reason), _) => Err(TaskError::from_end(reason)),
        };
        self.add(at, result);
    }

    fn add(&mut self, at: u64, result: Result<T, TaskError>) {
        let place = if self.is_ordered { at } else { self.ended };
        self.ended += 1;
        self.results.insert(place, result);
    }

    /// When the time of the task that was started first is up.
    fn deadline(&self) -> Option<Instant> {
        // All have the same time, so that the first to begin is the first to be late.
        let since = |task: &Running| match task {
            Running::Since(since, _) => Some(*since),
            Running::Starting | Running::Late => None,
        };
        self.running.values().find_map(since)?.checked_add(self.limit)
    }

    /// Deals with the tasks that take too long. Says whether they are the end of the stream.
    fn is_late(&mut self) -> bool {
        let now = Instant::now();
        if self.deadline().is_none_or(|deadline| now < deadline) {
            return false;
        }
        for running in self.running.values_mut().filter(|_| self.kills) {
            if let Running::Since(since, task) = running
                && now.duration_since(*since) >= self.limit
            {
                task.kill();
                *running = Running::Late;
            }
        }
        !self.kills
    }

    /// Starts tasks, as many as may run.
    async fn fill(&mut self) {
        loop {
            if let Some((at, starting)) = &mut self.starting {
                let (at, started) = (*at, starting.await);
                self.starting = None;
                self.started(at, started);
            }
            let Some(input) = &mut self.input else { return };
            if self.running.len() >= self.max_concurrency {
                return;
            }
            let Some(job) = input(self.taken, self.sender.clone()) else {
                self.input = None;
                return;
            };
            let at = self.taken;
            self.taken += 1;
            self.running.insert(at, Running::Starting);
            match self.supervisor.clone() {
                None => self.started(at, begin(job).map_err(ChildError::Start)),
                Some(supervisor) => {
                    let starting = async move { supervisor.begin(job).await };
                    self.starting = Some((at, Box::pin(starting)));
                }
            }
        }
    }

    fn started(&mut self, at: u64, started: Result<TaskActorRef, ChildError>) {
        match started {
            Ok(task) => {
                // Unless it has ended already, and that was seen by who waited before.
                if let Some(running) = self.running.get_mut(&at) {
                    *running = Running::Since(Instant::now(), task);
                }
            }
            Err(error) => {
                self.input = None;
                self.running.remove(&at);
                self.add(at, Err(TaskError::NotStarted(error)));
            }
        }
    }

    /// Gives up: what runs ends.
    fn halt(&mut self) {
        self.input = None;
        self.starting = None;
        self.running.clear();
        self.results.clear();
        self.answers.close();
    }
}

/// The job of one element. It is given up when the stream has gone, which may be before the stream knows that it was started.
fn job<T: Send + 'static>(
    at: u64,
    future: impl Future<Output = T> + Send + 'static,
    sender: Sender<T>,
) -> Job {
    let stream = sender.clone();
    let work = async move {
        let (mut gone, mut future) = (pin!(stream.closed()), pin!(future));
        poll_fn(|cx| match gone.as_mut().poll(cx) {
            Poll::Ready(()) => Poll::Ready(None),
            Poll::Pending => future.as_mut().poll(cx).map(Some),
        })
        .await
    };
    Job::new(work, move |result| {
        if let Some(result) = result.transpose() {
            drop(sender.send((at, result)));
        }
    })
}

impl<T> fmt::Debug for AsyncStream<'_, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("AsyncStream")
            .field("max_concurrency", &self.max_concurrency)
            .field("running", &self.running.len())
            .finish_non_exhaustive()
    }
}
