//! A tokio runtime, seen as Erlang sees a node: what its actors share.

use crate::limits::Limits;
use std::{
    cell::{Cell, RefCell},
    collections::HashMap,
    ptr,
    sync::{Arc, LazyLock, Mutex, Weak},
    time::Duration,
};
use tokio::{
    runtime::{Handle, Id},
    task,
};

/// What the actors of one tokio runtime share. It lives as long as the runtime, or as its last actor.
pub(crate) struct Node {
    id: Id,
    handle: Handle,
    pub(crate) limits: Limits,
}

/// The nodes of this process.
static NODES: LazyLock<Mutex<HashMap<Id, Arc<Node>>>> = LazyLock::new(Mutex::default);

thread_local! {
    /// The task that asked last on this thread, and the node that it belongs to. A task never changes its runtime, and its id is
    /// never used again, so asking again is cheap. The address is only compared.
    static LAST: Cell<Option<(task::Id, *const Node)>> = const { Cell::new(None) };
    /// The node that was asked for last on this thread.
    static NODE: RefCell<Weak<Node>> = const { RefCell::new(Weak::new()) };
}

/// There is no tokio runtime here.
#[derive(Clone, Copy, Debug)]
pub(crate) struct NoRuntime;

impl Node {
    /// The node of the runtime that this code runs on.
    ///
    /// # Panics
    /// If that runtime has no timers.
    pub(crate) fn current() -> Result<Arc<Self>, NoRuntime> {
        let task = task::try_id();
        if let (Some((last, node)), Some(task)) = (LAST.get(), task)
            && last == task
            && let Some(known) = NODE.with_borrow(Weak::upgrade)
            && ptr::eq(Arc::as_ptr(&known), node)
        {
            return Ok(known);
        }
        let node = Self::of(Handle::try_current().map_err(|_| NoRuntime)?);
        NODE.set(Arc::downgrade(&node));
        LAST.set(task.map(|task| (task, Arc::as_ptr(&node))));
        Ok(node)
    }

    fn of(handle: Handle) -> Arc<Self> {
        let mut nodes = crate::sync::lock(&*NODES);
        if let Some(node) = nodes.get(&handle.id()) {
            return Arc::clone(node);
        }
        drop(nodes);
        // Better here, where an actor is started, than in a task that nobody sees.
        drop(tokio::time::sleep(Duration::ZERO));
        nodes = crate::sync::lock(&*NODES);
        let id = handle.id();
        let node = nodes.entry(id).or_insert_with(|| {
            let node = Arc::new(Self { id, handle, limits: Limits::new() });
            let end = RuntimeEnd(Arc::clone(&node));
            node.spawn(async move { end.0.limits.watch().await });
            node
        });
        Arc::clone(node)
    }

    /// Whether this code runs on the runtime of this node.
    #[inline]
    pub(crate) fn is_current(&self) -> bool {
        match (LAST.get(), task::try_id()) {
            (Some((last, node)), Some(task)) if last == task => ptr::eq(node, self),
            _ => self.find_current(),
        }
    }

    fn find_current(&self) -> bool {
        let is_current = Handle::try_current().is_ok_and(|handle| handle.id() == self.id);
        if is_current {
            LAST.set(task::try_id().map(|task| (task, ptr::from_ref(self))));
        }
        is_current
    }

    /// Starts a task. All that this crate spawns goes through here, or through [`spawn_blocking`](Self::spawn_blocking).
    pub(crate) fn spawn(&self, future: impl Future<Output = ()> + Send + 'static) {
        drop(self.handle.spawn(future));
    }

    /// Runs `f` on the blocking pool.
    pub(crate) fn spawn_blocking(&self, f: impl FnOnce() + Send + 'static) {
        drop(self.handle.spawn_blocking(f));
    }
}

/// Lives in a task of the runtime, and is dropped with it.
struct RuntimeEnd(Arc<Node>);

impl Drop for RuntimeEnd {
    fn drop(&mut self) {
        crate::sync::lock(&*NODES).remove(&self.0.id);
    }
}
