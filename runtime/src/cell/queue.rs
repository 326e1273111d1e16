//! A queue that takes up one word until something waits in it.

use std::{collections::VecDeque, mem};

/// As a `VecDeque`, but most actors never have two messages waiting, and those pay for a pointer.
#[allow(clippy::box_collection, reason = "the whole point")]
pub(crate) struct Queue<M>(Option<Box<VecDeque<M>>>);

impl<M> Queue<M> {
    pub(crate) const fn new() -> Self {
        Self(None)
    }

    #[inline]
    pub(crate) fn is_empty(&self) -> bool {
        self.0.as_ref().is_none_or(|queue| queue.is_empty())
    }

    #[inline]
    pub(crate) fn len(&self) -> usize {
        self.0.as_ref().map_or(0, |queue| queue.len())
    }

    #[inline]
    pub(crate) fn push_back(&mut self, message: M) {
        self.0.get_or_insert_default().push_back(message);
    }

    #[inline]
    pub(crate) fn push_front(&mut self, message: M) {
        self.0.get_or_insert_default().push_front(message);
    }

    #[inline]
    pub(crate) fn pop_front(&mut self) -> Option<M> {
        self.0.as_mut()?.pop_front()
    }

    /// Adds all that is in `other`, which is empty then.
    pub(crate) fn append(&mut self, other: &mut Self) {
        if self.is_empty() {
            mem::swap(self, other);
        } else if let (Some(queue), Some(other)) = (&mut self.0, &mut other.0) {
            queue.append(other);
        }
    }

    /// Gives back the memory of an empty queue that has room for more than `kept`.
    #[inline]
    pub(crate) fn shrink(&mut self, kept: usize) {
        if self.0.as_ref().is_some_and(|queue| queue.is_empty() && queue.capacity() > kept) {
            self.0 = None;
        }
    }
}

impl<M> Default for Queue<M> {
    fn default() -> Self {
        Self::new()
    }
}
