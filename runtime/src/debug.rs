//! Looking into a running actor, and changing what is there: for tests, and for whoever has to find out.

use crate::{
    ActorRef, CallError, Pid, Spawn,
    actor_ref::Strong,
    cell::{Process, envelope::Told, frame, shield::let_go},
    monitor::Monitor,
};
use std::{fmt, sync::Arc, time::Duration};
use tokio::{sync::oneshot, time::timeout};

/// How long to wait: as the functions of OTP's `sys`.
const LIMIT: Duration = Duration::from_secs(5);

/// Gives what `look` makes of the actor's state, between two messages, in the order of arrival.
///
/// It is never refused for lack of room in the mailbox, and does not end an [idle time-out](crate::Ctx::idle_timeout). A `look` that panics
/// harms nobody. OTP's `sys:get_state`, where `look` decides what is seen: there is no `format_status`.
///
/// # Errors
/// [`CallError::NoProc`] if the actor has no life, [`CallError::Died`] if it ended before it came to this, [`CallError::NoReply`] if `look`
/// panicked, [`CallError::Timeout`] after 5 s, [`CallError::WouldDeadlock`] in a handler of the actor itself.
///
/// # Cancel safety
/// Dropping the future does not keep `look` from being called.
///
/// # Examples
/// ```
/// use ghostlight::{debug, prelude::*};
///
/// #[actor]
/// struct Counter(u64);
///
/// #[handlers]
/// impl Counter {
///     #[cast]
///     fn add(&mut self, n: u64) {
///         self.0 += n;
///     }
/// }
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let counter = ghostlight::spawn(Counter(5))?;
/// counter.add(2).await?;
/// assert_eq!(debug::get_state(&counter, |counter| counter.0).await?, 7);
/// # Ok(())
/// # }
/// ```
pub async fn get_state<A: Spawn, T: Send + 'static>(
    actor: &ActorRef<A>,
    look: impl FnOnce(&A) -> T + Send + 'static,
) -> Result<T, CallError> {
    ask(actor, move |state: &mut A| look(state)).await
}

/// Puts what `change` makes of the actor's state in its place, between two messages. If `change` panics, the state is as it was. OTP's
/// `sys:replace_state`.
///
/// # Errors
/// As [`get_state`].
///
/// # Cancel safety
/// Dropping the future does not keep `change` from being called.
pub async fn replace_state<A: Spawn>(
    actor: &ActorRef<A>,
    change: impl FnOnce(&A) -> A + Send + 'static,
) -> Result<(), CallError> {
    ask(actor, move |state: &mut A| {
        let new = change(state);
        let old = std::mem::replace(state, new);
        let_go(old);
    })
    .await
}

/// Makes the actor's messages wait until the guard that this gives is dropped.
///
/// The actor comes to this behind what waits already. From then on it handles neither messages nor timers nor what it is told of those it
/// monitors; it does heed its supervisor, [`stop`](ActorRef::stop), exit signals, and the functions of this module. What comes waits in the
/// mailbox, in order and within its capacity; callers wait for no longer than they would otherwise. Where several have suspended an actor
/// it goes on when all have resumed it. OTP's `sys:suspend`, without the risk that nobody resumes.
///
/// # Errors
/// As [`get_state`].
///
/// # Cancel safety
/// Once the future is dropped the actor goes on.
///
/// # Examples
/// ```
/// use ghostlight::{debug, prelude::*};
///
/// #[actor]
/// struct Counter(u64);
///
/// #[handlers]
/// impl Counter {
///     #[cast]
///     fn add(&mut self, n: u64) {
///         self.0 += n;
///     }
///
///     #[call]
///     fn get(&self) -> u64 {
///         self.0
///     }
/// }
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let counter = ghostlight::spawn(Counter(5))?;
/// let suspended = debug::suspend(&counter).await?;
/// counter.add(2).await?;
/// assert_eq!(debug::get_state(&counter, |counter| counter.0).await?, 5);
/// suspended.resume();
/// assert_eq!(counter.get().await?, 7);
/// # Ok(())
/// # }
/// ```
pub async fn suspend<A: Spawn>(actor: &ActorRef<A>) -> Result<Suspended<A>, CallError> {
    let typed = actor.find().ok_or(CallError::NoProc)?.into_owned();
    let (life, end) = whom(typed.process())?;
    let (done, is_done) = oneshot::channel();
    // First, so that whatever happens here it is resumed.
    let suspended = Suspended { actor: Strong::new(typed), life };
    suspended.tell(Told::Suspend(done));
    match timeout(LIMIT, is_done).await {
        Err(_) => Err(CallError::Timeout),
        Ok(Ok(())) => Ok(suspended),
        Ok(Err(_)) => Err(CallError::Died(end.await.reason)),
    }
}

/// An actor whose messages wait: it goes on when this is dropped. Keeps the actor alive, as a handle does.
#[must_use = "the actor goes on when this is dropped"]
pub struct Suspended<A: Spawn> {
    actor: Strong<A>,
    life: Pid,
}

impl<A: Spawn> Suspended<A> {
    /// Lets the actor go on, with what waits. Does nothing if it has ended meanwhile: another life of it was never suspended. OTP's
    /// `sys:resume`.
    pub fn resume(self) {}

    fn tell(&self, told: Told<A>) {
        let typed = self.actor.typed();
        typed.cell().push_system(typed.process(), self.life, told);
    }
}

impl<A: Spawn> Drop for Suspended<A> {
    fn drop(&mut self) {
        self.tell(Told::Resume);
    }
}

impl<A: Spawn> fmt::Debug for Suspended<A> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Suspended").field("life", &self.life).finish_non_exhaustive()
    }
}

/// The present life, and its end.
fn whom(process: &Arc<dyn Process>) -> Result<(Pid, Monitor), CallError> {
    let end = Monitor::of(Some(Arc::clone(process)));
    let life = end.life().ok_or(CallError::NoProc)?;
    if frame::waiting() == Some(life) {
        return Err(CallError::WouldDeadlock { path: vec![life, life] });
    }
    Ok((life, end))
}

async fn ask<A: Spawn, T: Send + 'static>(
    actor: &ActorRef<A>,
    look: impl FnOnce(&mut A) -> T + Send + 'static,
) -> Result<T, CallError> {
    let typed = actor.find().ok_or(CallError::NoProc)?;
    let process = typed.process();
    let (life, end) = whom(process)?;
    let (sender, receiver) = oneshot::channel();
    let look = Box::new(move |state: &mut A| drop(sender.send(look(state))));
    typed.cell().push_system(process, life, Told::Look(look));
    match timeout(LIMIT, receiver).await {
        Err(_) => Err(CallError::Timeout),
        Ok(Ok(seen)) => Ok(seen),
        // It was dropped: by its own panic, or with the life.
        Ok(Err(_)) if process.header().ties.pid() == Some(life) => Err(CallError::NoReply),
        Ok(Err(_)) => Err(CallError::Died(end.await.reason)),
    }
}
