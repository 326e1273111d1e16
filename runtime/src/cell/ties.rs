//! What binds the present life of an actor to others: its links, and the monitors of others.
//!
//! A lock of its own, away from the mailbox: an actor without ties pays for a pointer. The pid is changed under this lock only, so
//! that a monitor or a link either finds the life or finds it gone, and never falls between.

use super::few::Few;
use crate::{
    monitor::MonitorRef,
    pid::Pid,
    sync::{AtomicU64, Mutex, Ordering, lock},
};

/// The ties of one life. `P` is a linked actor, `W` somebody who monitors.
pub(crate) struct Ties<P, W> {
    /// The pid of the present life; 0 between two lives. Read by anybody, written under the lock.
    pid: AtomicU64,
    bonds: Mutex<Option<Box<Bonds<P, W>>>>,
}

pub(crate) struct Bonds<P, W> {
    /// The life that started this one and is linked to it.
    parent: Option<Pid>,
    /// At most one for each other life.
    pub(crate) links: Few<Pid, P>,
    pub(crate) watches: Few<MonitorRef, W>,
}

impl<P, W> Bonds<P, W> {
    fn new() -> Self {
        Self { parent: None, links: Few::new(), watches: Few::new() }
    }

    fn parent(&self) -> Option<&P> {
        self.links.get(self.parent?)
    }

    /// Undoes this end of the link to the parent, which is not told of the end then.
    pub(crate) fn take_parent(&mut self) -> Option<P> {
        self.links.take(self.parent?)
    }
}

/// Links two lives. `a` is the one that asks: it lives, and lives on until this is done.
///
/// It has the link first: if `b` ends at this very moment, its signal either finds the link or was never sent.
pub(crate) fn link<P, W>(
    (a, to_a): (&Ties<P, W>, P),
    (b, to_b): (&Ties<P, W>, P),
) -> Result<(), NoLife> {
    let (Some(life_of_a), Some(life_of_b)) = (a.pid(), b.pid()) else { return Err(NoLife) };
    if life_of_a == life_of_b {
        return Ok(());
    }
    a.link(life_of_b, to_b)?;
    if b.link(life_of_a, to_a) == Ok(life_of_b) {
        return Ok(());
    }
    drop(b.unlink(life_of_a)); // a later life's, which nobody meant
    drop(a.unlink(life_of_b));
    Err(NoLife)
}

/// There is no life to be tied to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct NoLife;

impl<P, W> Ties<P, W> {
    pub(crate) fn new(pid: Option<Pid>) -> Self {
        Self { pid: AtomicU64::new(pid.map_or(0, Pid::to_raw)), bonds: Mutex::new(None) }
    }

    /// The pid of the present life.
    #[inline]
    pub(crate) fn pid(&self) -> Option<Pid> {
        Pid::from_raw(self.pid.load(Ordering::Relaxed))
    }

    /// Whether there is a life, as of what this thread has published before it asks.
    #[inline]
    pub(crate) fn is_alive(&self) -> bool {
        self.pid.load(Ordering::SeqCst) != 0
    }

    /// A life begins. It has a parent if it was started by one that is linked to it.
    pub(crate) fn begin(&self, pid: Pid, parent: Option<(Pid, P)>) {
        let mut bonds = lock(&self.bonds);
        self.pid.store(pid.to_raw(), Ordering::Relaxed);
        *bonds = parent.map(|(parent, process)| {
            let links = Few::one(parent, process);
            Box::new(Bonds { parent: Some(parent), links, ..Bonds::new() })
        });
    }

    /// The life ends. What was tied to it is returned, to be told.
    pub(crate) fn end(&self) -> Option<Box<Bonds<P, W>>> {
        let mut bonds = lock(&self.bonds);
        self.pid.store(0, Ordering::Relaxed);
        bonds.take()
    }

    /// Adds a monitor of the present life. Those that `is_gone` finds are swept out before many more are kept.
    pub(crate) fn watch(
        &self,
        monitor: MonitorRef,
        watch: W,
        is_gone: impl Fn(&W) -> bool,
    ) -> Result<Pid, W> {
        let mut bonds = lock(&self.bonds);
        let Some(pid) = self.pid() else { return Err(watch) };
        let watches = &mut bonds.get_or_insert_with(|| Box::new(Bonds::new())).watches;
        if watches.is_full() {
            watches.retain(|_, watch| !is_gone(watch));
        }
        watches.add(monitor, watch);
        Ok(pid)
    }

    /// Takes a monitor out. `None` where it is not there: its actor has ended.
    pub(crate) fn unwatch(&self, monitor: MonitorRef) -> Option<W> {
        let mut bonds = lock(&self.bonds);
        bonds.as_mut()?.watches.take(monitor)
    }

    /// Links the present life to another. Does nothing where they are linked already.
    fn link(&self, peer: Pid, process: P) -> Result<Pid, NoLife> {
        let mut bonds = lock(&self.bonds);
        let pid = self.pid().ok_or(NoLife)?;
        bonds.get_or_insert_with(|| Box::new(Bonds::new())).links.add(peer, process);
        Ok(pid)
    }

    /// Links the life `parent`, if it is the present one, to a child that is linked to it already.
    pub(crate) fn adopt(&self, parent: Pid, child: Pid, process: P) -> bool {
        self.pid() == Some(parent) && self.link(child, process) == Ok(parent)
    }

    /// Takes a link out. `None` where it is not there.
    pub(crate) fn unlink(&self, peer: Pid) -> Option<P> {
        let mut bonds = lock(&self.bonds);
        let bonds = bonds.as_mut()?;
        bonds.parent = bonds.parent.filter(|parent| *parent != peer);
        bonds.links.take(peer)
    }

    /// The life at the other end of a link has told of its end: it does so once. `None` where the link is not there.
    pub(crate) fn use_up(&self, peer: Pid) -> Option<P> {
        let mut bonds = lock(&self.bonds);
        bonds.as_mut()?.links.take(peer)
    }

    /// Whether the life that started the present one is still to tell it of its end.
    pub(crate) fn has_parent(&self) -> bool {
        lock(&self.bonds).as_ref().is_some_and(|bonds| bonds.parent.is_some())
    }

    /// The life that started the present one has told it of its end, and that means nothing.
    pub(crate) fn forget_parent(&self) {
        if let Some(bonds) = &mut *lock(&self.bonds) {
            bonds.parent = None;
        }
    }

    /// The life that started the present one, if they are linked still.
    pub(crate) fn parent(&self) -> Option<P>
    where
        P: Clone,
    {
        lock(&self.bonds).as_deref().and_then(Bonds::parent).cloned()
    }

    pub(crate) fn is_parent(&self, pid: Pid) -> bool {
        lock(&self.bonds).as_ref().is_some_and(|bonds| bonds.parent == Some(pid))
    }

    /// The linked lives, the oldest first.
    pub(crate) fn links(&self) -> Vec<(Pid, P)>
    where
        P: Clone,
    {
        let bonds = lock(&self.bonds);
        let mut links = bonds.as_ref().map_or_else(Vec::new, |bonds| bonds.links.to_vec());
        links.sort_unstable_by_key(|(pid, _)| pid.to_raw());
        links
    }
}
