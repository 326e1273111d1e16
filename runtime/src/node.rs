//! A tokio runtime, seen as Erlang sees a node: what its actors share.

use crate::{
    cell::shield::watch_panics, limits::Limits, registry::Names, sync::lock, telemetry::Telemetry,
};
use std::{
    cell::RefCell,
    collections::HashMap,
    sync::{Arc, LazyLock, Mutex, Weak},
    time::Duration,
};
use tokio::runtime::{Handle, Id};

/// What the actors of one tokio runtime share. It lives as long as the runtime, or as its last actor.
pub(crate) struct Node {
    id: Id,
    handle: Handle,
    pub(crate) limits: Limits,
    pub(crate) names: Names,
    pub(crate) telemetry: Telemetry,
}

/// The nodes of this process.
static NODES: LazyLock<Mutex<HashMap<Id, Arc<Node>>>> = LazyLock::new(Mutex::default);

thread_local! {
    /// The node that was asked for last on this thread.
    static LAST: RefCell<Weak<Node>> = const { RefCell::new(Weak::new()) };
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
        let handle = Handle::try_current().map_err(|_| NoRuntime)?;
        let last = LAST.with_borrow(Weak::upgrade);
        if let Some(node) = last
            && node.id == handle.id()
        {
            return Ok(node);
        }
        let node = Self::of(handle);
        LAST.set(Arc::downgrade(&node));
        Ok(node)
    }

    fn of(handle: Handle) -> Arc<Self> {
        let id = handle.id();
        let known = lock(&*NODES).get(&id).cloned();
        if let Some(node) = known {
            return node;
        }
        // Better here, where an actor is started, than in a task that nobody sees.
        drop(tokio::time::sleep(Duration::ZERO));
        watch_panics();
        let new = Arc::new(Self {
            id,
            handle,
            limits: Limits::new(),
            names: Names::default(),
            telemetry: Telemetry::default(),
        });
        let node = Arc::clone(lock(&*NODES).entry(id).or_insert(Arc::clone(&new)));
        if Arc::ptr_eq(&node, &new) {
            // Not under the lock: a runtime that is ending drops the task at once.
            let end = RuntimeEnd(new);
            node.spawn(async move { end.0.limits.watch().await });
        }
        node
    }

    /// Whether this code runs on the runtime of this node.
    #[inline]
    pub(crate) fn is_current(&self) -> bool {
        Handle::try_current().is_ok_and(|handle| handle.id() == self.id)
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
        let mut nodes = lock(&*NODES);
        if nodes.get(&self.0.id).is_some_and(|node| Arc::ptr_eq(node, &self.0)) {
            nodes.remove(&self.0.id);
        }
        drop(nodes);
        self.0.names.end();
        self.0.limits.end();
    }
}
