//! Waiting for several tasks.

use super::{Task, TaskError};
use std::{
    future::poll_fn,
    pin::Pin,
    task::{Context, Poll},
    time::Duration,
};
use tokio::time::timeout;

impl<T> Task<T> {
    /// Waits for all `tasks`. Gives their results in the order of the tasks.
    ///
    /// It fails as soon as one of them does, whichever it is; the others run on then, and their results are lost. As
    /// `Task.await_many/2`, which waits no longer than 5 s.
    ///
    /// # Errors
    /// As awaiting the task that failed first.
    ///
    /// # Cancel safety
    /// If this is dropped the tasks run on, and their results are lost.
    ///
    /// # Examples
    /// ```
    /// # use ghostlight::prelude::*;
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// let tasks = vec![Task::spawn(async { 1 })?, Task::spawn(async { 2 })?];
    /// assert_eq!(Task::await_many(tasks).await?, [1, 2]);
    /// # Ok(())
    /// # }
    /// ```
    pub async fn await_many(tasks: impl IntoIterator<Item = Self>) -> Result<Vec<T>, TaskError> {
        let mut waiting: Vec<_> = tasks.into_iter().enumerate().collect();
        let mut results: Vec<_> = waiting.iter().map(|_| None).collect();
        poll_fn(|cx| {
            poll_each(&mut waiting, cx, |at, done| {
                results[at] = Some(done?);
                Ok(())
            })
        })
        .await?;
        Ok(results.into_iter().flatten().collect())
    }

    /// Waits for all `tasks`, and no longer than `limit`. Gives what each has given, in the order of the tasks, and `None` for those that
    /// have not ended.
    ///
    /// Those go on, and it is for the caller to say what becomes of them: awaited again, dropped, or [shut down](Self::shutdown), which
    /// are the three things that `on_timeout` says in Elixir. A task whose result was given has no other to give: leave it out when you wait
    /// again. As `Task.yield_many/2`.
    ///
    /// # Cancel safety
    /// If this is dropped, results that were there already are lost.
    pub async fn yield_many(
        tasks: &mut [Self],
        limit: Duration,
    ) -> Vec<Option<Result<T, TaskError>>> {
        let mut results: Vec<_> = tasks.iter().map(|_| None).collect();
        let mut waiting: Vec<_> = tasks.iter_mut().enumerate().collect();
        let all = poll_fn(|cx| {
            poll_each(&mut waiting, cx, |at, done| {
                results[at] = Some(done);
                Ok(())
            })
        });
        // Out of time is no failure: what is there is given.
        drop(timeout(limit, all).await);
        results
    }
}

/// Polls those that wait, takes those out that have ended, and is ready when none is left or `take` fails.
fn poll_each<F: Future + Unpin>(
    waiting: &mut Vec<(usize, F)>,
    cx: &mut Context<'_>,
    mut take: impl FnMut(usize, F::Output) -> Result<(), TaskError>,
) -> Poll<Result<(), TaskError>> {
    let mut at = 0;
    while let Some((index, future)) = waiting.get_mut(at) {
        match Pin::new(future).poll(cx) {
            Poll::Ready(done) => {
                take(*index, done)?;
                waiting.swap_remove(at);
            }
            Poll::Pending => at += 1,
        }
    }
    if waiting.is_empty() { Poll::Ready(Ok(())) } else { Poll::Pending }
}
