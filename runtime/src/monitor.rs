//! Monitors: being told of an actor's end.

use crate::{
    ActorRef, ExitReason, Handles, Pid,
    cell::{
        Process, driver,
        few::Few,
        frame,
        typed::{Typed, WeakTyped},
    },
};
use std::{
    fmt, mem,
    pin::Pin,
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    task::{Context, Poll},
};
use tokio::sync::oneshot;

/// Names a monitor: the [`Down`] that it leads to carries it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct MonitorRef(u64);

impl MonitorRef {
    pub(crate) fn next() -> Self {
        static NEXT: AtomicU64 = AtomicU64::new(1);
        Self(NEXT.fetch_add(1, Ordering::Relaxed))
    }
}

/// A life of a monitored actor has ended.
///
/// An actor that called [`Ctx::monitor`](crate::Ctx::monitor) gets it in its `#[info]` handler for `Down`; other code awaits
/// [`ActorRef::monitor`](crate::ActorRef::monitor). A supervised actor may live again by then: what waits in its mailbox is not lost.
/// Erlang's `{'DOWN', Ref, process, Object, Reason}`.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Down {
    /// Which monitor.
    pub monitor: MonitorRef,
    /// The life that has ended; `None` if there was none to be monitored, and the reason is [`ExitReason::NoProc`].
    pub pid: Option<Pid>,
    /// Why.
    pub reason: ExitReason,
}

/// Somebody who is to be told of an end, once.
pub(crate) trait Watch: Send {
    fn down(self: Box<Self>, down: Down);

    /// Whether nobody is there to be told any more.
    fn is_gone(&self) -> bool;
}

/// Monitors the present life of `process`, and says which one that is; where there is none, `watch` is told so at once.
pub(crate) fn watch(
    process: Option<&dyn Process>,
    monitor: MonitorRef,
    watch: Box<dyn Watch>,
) -> Option<Pid> {
    let watched = match process {
        Some(process) => process.header().ties.watch(monitor, watch, |watch| watch.is_gone()),
        None => Err(watch),
    };
    let told = |watch: Box<dyn Watch>| {
        watch.down(Down { monitor, pid: None, reason: ExitReason::NoProc });
    };
    watched.map_err(told).ok()
}

/// Sees to it that those who monitor from another runtime are told when that of `process` ends.
pub(crate) fn hear_of_runtime(process: &Arc<dyn Process>) {
    if !process.header().node.is_current() {
        driver::wake(process);
    }
}

/// An actor that monitors.
pub(crate) struct ByActor<A> {
    typed: WeakTyped<A>,
    life: Pid,
}

impl<A> ByActor<A> {
    pub(crate) fn new(typed: WeakTyped<A>, life: Pid) -> Self {
        Self { typed, life }
    }

    fn living(&self) -> Option<Typed<A>> {
        let typed = self.typed.upgrade()?;
        (typed.process().header().ties.pid() == Some(self.life)).then_some(typed)
    }
}

impl<A: Handles<Down>> Watch for ByActor<A> {
    fn down(self: Box<Self>, down: Down) {
        if let Some(typed) = self.living() {
            let monitor = down.monitor;
            typed.cell().down(typed.process(), self.life, monitor, A::info(down));
        }
    }

    fn is_gone(&self) -> bool {
        self.living().is_none()
    }
}

/// A future of the end of an actor's present life: what [`ActorRef::monitor`](crate::ActorRef::monitor) returns.
///
/// # Cancel safety
/// It may be polled and dropped at any time; dropping it ends the monitor. As `Process.demonitor/2` with `:flush`.
#[must_use = "a monitor tells nobody anything until it is awaited"]
pub struct Monitor {
    id: MonitorRef,
    process: Option<Arc<dyn Process>>,
    life: Option<Pid>,
    receiver: oneshot::Receiver<Down>,
    was_polled: bool,
}

struct ByFuture(oneshot::Sender<Down>);

impl Watch for ByFuture {
    fn down(self: Box<Self>, down: Down) {
        drop(self.0.send(down));
    }

    fn is_gone(&self) -> bool {
        self.0.is_closed()
    }
}

impl Monitor {
    pub(crate) fn of(process: Option<Arc<dyn Process>>) -> Self {
        let (sender, receiver) = oneshot::channel();
        let monitor = MonitorRef::next();
        let life = watch(process.as_deref(), monitor, Box::new(ByFuture(sender)));
        Self { id: monitor, process, life, receiver, was_polled: false }
    }

    /// Which life it tells of, if there was one.
    pub(crate) fn life(&self) -> Option<Pid> {
        self.life
    }
}

impl Future for Monitor {
    type Output = Down;

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Down> {
        let monitor = self.id;
        // An actor that this code activated may be the one that is to end.
        frame::flush();
        if !mem::replace(&mut self.was_polled, true)
            && let Some(process) = &self.process
        {
            hear_of_runtime(process);
        }
        Pin::new(&mut self.receiver).poll(cx).map(|down| {
            // The sender goes without a word only with the actor's memory.
            down.unwrap_or(Down { monitor, pid: None, reason: ExitReason::NoProc })
        })
    }
}

impl Drop for Monitor {
    fn drop(&mut self) {
        if let Some(process) = self.process.take() {
            drop(process.header().ties.unwatch(self.id));
        }
    }
}

impl fmt::Debug for Monitor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Monitor").field(&self.id.0).finish()
    }
}

/// The monitors of a life: they end with it.
pub(crate) struct Monitors(Few<MonitorRef, Option<Arc<dyn Process>>>);

impl Default for Monitors {
    fn default() -> Self {
        Self(Few::new())
    }
}

impl Monitors {
    pub(crate) fn add(&mut self, monitor: MonitorRef, process: Option<Arc<dyn Process>>) {
        self.0.add(monitor, process);
    }

    /// The actor has been told, or does not want to be. Says whether it was to be told.
    pub(crate) fn take(&mut self, monitor: MonitorRef) -> bool {
        let Some(process) = self.0.take(monitor) else { return false };
        if let Some(process) = process {
            drop(process.header().ties.unwatch(monitor));
        }
        true
    }
}

impl Drop for Monitors {
    fn drop(&mut self) {
        mem::replace(&mut self.0, Few::new()).drain(|monitor, process| {
            if let Some(process) = process {
                drop(process.header().ties.unwatch(monitor));
            }
        });
    }
}

impl<A> ActorRef<A> {
    /// Monitors the actor's present life from code that is no actor: the future is ready when that life has ended.
    ///
    /// Between two lives, and where there is no such actor, it is ready at once, with [`ExitReason::NoProc`]. In an actor use
    /// [`Ctx::monitor`](crate::Ctx::monitor). As `Process.monitor/1`.
    ///
    /// # Examples
    /// ```
    /// # use ghostlight::prelude::*;
    /// # #[actor]
    /// # struct Door;
    /// # #[handlers]
    /// # impl Door {
    /// #     #[cast]
    /// #     fn close(&mut self, ctx: &mut Ctx<Self>) { ctx.stop(ExitReason::Normal) }
    /// # }
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// let door = ghostlight::spawn(Door)?;
    /// let end = door.monitor();
    /// door.close().await?;
    /// assert!(end.await.reason.is_orderly());
    /// # Ok(())
    /// # }
    /// ```
    pub fn monitor(&self) -> Monitor
    where
        A: 'static,
    {
        Monitor::of(self.process())
    }
}
