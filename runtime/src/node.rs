//! A tokio runtime, seen as Erlang sees a node: what its actors share.

use crate::limits::Limits;
use std::{
    cell::RefCell,
    collections::HashMap,
    sync::{Arc, LazyLock, Mutex, Weak},
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
    /// never used again, so asking again is cheap.
    static LAST: RefCell<Option<(task::Id, Weak<Node>)>> = const { RefCell::new(None) };
}

/// There is no tokio runtime here.
#[derive(Clone, Copy, Debug)]
pub(crate) struct NoRuntime;

impl Node {
    /// The node of the runtime that this code runs on.
    pub(crate) fn current() -> Result<Arc<Self>, NoRuntime> {
        let task = task::try_id();
        let known = LAST.with_borrow(|last| match last {
            Some((id, node)) if Some(*id) == task => node.upgrade(),
            _ => None,
        });
        if let Some(node) = known {
            return Ok(node);
        }
        let handle = Handle::try_current().map_err(|_| NoRuntime)?;
        let node = Self::of(handle);
        LAST.set(task.map(|id| (id, Arc::downgrade(&node))));
        Ok(node)
    }

    fn of(handle: Handle) -> Arc<Self> {
        let mut nodes = crate::sync::lock(&*NODES);
        if let Some(node) = nodes.get(&handle.id()) {
            return Arc::clone(node);
        }
        let node = Arc::new(Self {
            id: handle.id(),
            handle,
            limits: Limits::new(),
        });
        nodes.insert(node.id, Arc::clone(&node));
        drop(nodes);
        let end = RuntimeEnd(Arc::clone(&node));
        node.spawn(async move { end.0.limits.watch().await });
        node
    }

    /// Whether this code runs on the runtime of this node.
    #[inline]
    pub(crate) fn is_current(&self) -> bool {
        let Some(task) = task::try_id() else {
            return Handle::try_current().is_ok_and(|handle| handle.id() == self.id);
        };
        let known = LAST.with_borrow(|last| match last {
            Some((id, node)) if *id == task => Some(std::ptr::eq(node.as_ptr(), self)),
            _ => None,
        });
        known.unwrap_or_else(|| {
            Self::current().is_ok_and(|node| std::ptr::eq(&raw const *node, self))
        })
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
