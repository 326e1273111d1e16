//! The primitives that the state machines in `cell/` are built on: std's, or loom's where they are model-checked.

use std::sync::PoisonError;

#[cfg(not(ghostlight_loom))]
pub(crate) use std::sync::{
    Mutex, MutexGuard,
    atomic::{AtomicPtr, AtomicU32, AtomicU64, Ordering, fence},
};

#[cfg(ghostlight_loom)]
pub(crate) use loom::sync::{
    Mutex, MutexGuard,
    atomic::{AtomicPtr, AtomicU32, AtomicU64, Ordering, fence},
};

/// A mutex: std's, or loom's.
pub(crate) trait Lock {
    type Guard<'a>
    where
        Self: 'a;

    fn guard(&self) -> Self::Guard<'_>;
}

impl<T> Lock for Mutex<T> {
    type Guard<'a>
        = MutexGuard<'a, T>
    where
        Self: 'a;

    #[inline]
    fn guard(&self) -> Self::Guard<'_> {
        self.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// What is not modelled stays std's under loom, too.
#[cfg(ghostlight_loom)]
impl<T> Lock for std::sync::Mutex<T> {
    type Guard<'a>
        = std::sync::MutexGuard<'a, T>
    where
        Self: 'a;

    fn guard(&self) -> Self::Guard<'_> {
        self.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Locks, whether or not a thread panicked while it held the lock: what is under one is always whole. No handler, message or state is
/// touched under a lock; a waker may be cloned or dropped there.
#[inline]
pub(crate) fn lock<M: Lock>(mutex: &M) -> M::Guard<'_> {
    mutex.guard()
}

/// std's `UnsafeCell` with loom's interface, so that loom can see each access.
#[cfg(not(ghostlight_loom))]
#[derive(Debug)]
pub(crate) struct UnsafeCell<T>(std::cell::UnsafeCell<T>);

#[cfg(not(ghostlight_loom))]
impl<T> UnsafeCell<T> {
    pub(crate) const fn new(value: T) -> Self {
        Self(std::cell::UnsafeCell::new(value))
    }

    #[inline]
    pub(crate) fn with<R>(&self, f: impl FnOnce(*const T) -> R) -> R {
        f(self.0.get())
    }

    #[inline]
    pub(crate) fn with_mut<R>(&self, f: impl FnOnce(*mut T) -> R) -> R {
        f(self.0.get())
    }
}

#[cfg(ghostlight_loom)]
pub(crate) use loom::cell::UnsafeCell;

/// Another thread is in the middle of a few instructions that this one waits for.
#[cfg(not(ghostlight_loom))]
pub(crate) use std::hint::spin_loop as let_other_finish;

#[cfg(ghostlight_loom)]
pub(crate) use loom::thread::yield_now as let_other_finish;
