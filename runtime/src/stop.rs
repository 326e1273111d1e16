//! Ending an actor from outside, in order.

use crate::{
    ActorRef, CallError, ExitReason, Pid,
    cell::{Process, frame, waits::Wait},
    link::Signal,
    monitor::Monitor,
};
use std::{
    fmt,
    future::poll_fn,
    mem,
    pin::Pin,
    sync::Arc,
    task::{Context, Poll, ready},
    time::Duration,
};
use tokio::{task::coop, time::timeout};

/// An actor that is to end: what [`ActorRef::stop`] returns.
///
/// Awaiting it asks the actor, which ends when it has handled what waited before, `#[terminate]` included, and is ready when it has
/// ended. As `GenServer.stop/3`.
///
/// # Cancel safety
/// Dropping the future does not take the request back.
#[must_use = "an actor is not stopped until this is awaited"]
pub struct Stop {
    process: Option<Arc<dyn Process>>,
    reason: ExitReason,
    limit: Option<Duration>,
}

impl Stop {
    /// Why the actor ends: [`Normal`](ExitReason::Normal) unless told otherwise.
    pub fn reason(mut self, reason: impl Into<ExitReason>) -> Self {
        self.reason = reason.into();
        self
    }

    /// How long to wait: as long as it takes unless told otherwise. The actor ends all the same, though later.
    pub fn timeout(mut self, limit: Duration) -> Self {
        self.limit = Some(limit);
        self
    }
}

impl IntoFuture for Stop {
    type Output = Result<(), CallError>;
    type IntoFuture = Stopping;

    fn into_future(self) -> Stopping {
        Stopping(State::Unasked(self))
    }
}

/// A [`Stop`] that has been asked for.
#[must_use = "an actor is not stopped until this is awaited"]
pub struct Stopping(State);

enum State {
    Unasked(Stop),
    Asked(Pin<Box<dyn Future<Output = Result<(), CallError>> + Send>>),
    Over,
}

impl Future for Stopping {
    type Output = Result<(), CallError>;

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        if let State::Unasked(_) = self.0 {
            ready!(coop::poll_proceed(cx)).made_progress();
            if let State::Unasked(mut stop) = mem::replace(&mut self.0, State::Over) {
                let (process, life) = stop.whom()?;
                if process.end_here(life, &stop.reason) {
                    return Poll::Ready(Ok(()));
                }
                self.0 = State::Asked(Box::pin(wait(stop, process, life)));
            }
        }
        let State::Asked(end) = &mut self.0 else { return Poll::Pending };
        let ended = ready!(end.as_mut().poll(cx));
        self.0 = State::Over;
        Poll::Ready(ended)
    }
}

impl Stop {
    /// The life that is to end.
    fn whom(&mut self) -> Result<(Arc<dyn Process>, Pid), CallError> {
        let process = self.process.take().ok_or(CallError::NoProc)?;
        let life = process.header().ties.pid().ok_or(CallError::NoProc)?;
        if frame::waiting() == Some(life) {
            return Err(CallError::WouldDeadlock { path: vec![life, life] });
        }
        Ok((process, life))
    }
}

async fn wait(stop: Stop, process: Arc<dyn Process>, life: Pid) -> Result<(), CallError> {
    let Stop { reason, limit, .. } = stop;
    let ring = |path| CallError::WouldDeadlock { path };
    let mut wait = Wait::for_end(&process).map_err(ring)?;
    let mut end = Monitor::of(Some(Arc::clone(&process)));
    if end.life() != Some(life) {
        return Err(CallError::NoProc); // it has ended meanwhile, and another one may have begun
    }
    Arc::clone(&process).signal(life, Signal::Stop(reason.clone()));
    let end = poll_fn(|cx| match Pin::new(&mut end).poll(cx) {
        Poll::Ready(down) => Poll::Ready(Ok(down)),
        Poll::Pending => match wait.as_mut().map_or(Ok(()), |wait| wait.look(&process, cx)) {
            Ok(()) => Poll::Pending,
            Err(path) => Poll::Ready(Err(ring(path))),
        },
    });
    let down = match limit {
        None => end.await?,
        Some(limit) => timeout(limit, end).await.map_err(|_| CallError::Timeout)??,
    };
    match down.reason {
        ended if ended.is_same(&reason) => Ok(()),
        ExitReason::NoProc => Err(CallError::NoProc),
        ended => Err(CallError::Died(ended)),
    }
}

impl fmt::Debug for Stopping {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Stopping").finish_non_exhaustive()
    }
}

impl fmt::Debug for Stop {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Stop").field("reason", &self.reason).finish_non_exhaustive()
    }
}

impl<A: 'static> ActorRef<A> {
    /// Ends the actor in order: it handles what waits, runs its `#[terminate]`, and ends as [`Normal`](ExitReason::Normal) unless told
    /// otherwise.
    ///
    /// A supervised actor may be restarted, as after any other end of that reason; for good its supervisor ends it, with
    /// [`terminate_child`](crate::SupervisorRef::terminate_child). A supervisor that is stopped ends its children first, in reverse order.
    ///
    /// # Errors
    /// When awaited: [`CallError::NoProc`] if there is no life to end, [`CallError::Died`] if it ended for another reason,
    /// [`CallError::Timeout`], and [`CallError::WouldDeadlock`] if an actor would wait for its own end.
    ///
    /// # Examples
    /// ```
    /// # use ghostlight::prelude::*;
    /// # #[actor]
    /// # struct Door;
    /// # #[handlers]
    /// # impl Door {
    /// #     #[cast]
    /// #     fn open(&mut self) {}
    /// # }
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// let door = ghostlight::spawn(Door)?;
    /// door.stop().await?;
    /// assert!(!door.is_alive());
    /// # Ok(())
    /// # }
    /// ```
    pub fn stop(&self) -> Stop {
        Stop { process: self.process(), reason: ExitReason::Normal, limit: None }
    }
}
