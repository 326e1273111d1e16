//! Where a life lies: in the cell itself, so that an actor is one allocation.
//!
//! What owns a life there, and may use it, is its [`Resident`]: as a `Box` owns what is on the heap. It goes from hand to hand: of
//! whoever builds the life, of the core while the actor rests, of whoever runs it.

use crate::sync::UnsafeCell;
use std::{
    marker::{PhantomData, PhantomPinned},
    ops::{Deref, DerefMut},
    ptr::NonNull,
};

/// Room for one value. `None` where nothing lies in it.
pub(crate) struct Home<T> {
    place: UnsafeCell<Option<T>>,
    /// A resident points here, also while the cell around it is dropped.
    _pinned: PhantomPinned,
}

/// Owns the value in a [`Home`].
pub(crate) struct Resident<T> {
    place: NonNull<Option<T>>,
    value: PhantomData<T>,
}

// SAFETY: what is in it is used only through its one resident, which is `Send` if the value is.
#[allow(unsafe_code, reason = "the resident has it to itself")]
unsafe impl<T: Send> Sync for Home<T> {}

// SAFETY: it owns a `T`, and has it to itself.
#[allow(unsafe_code, reason = "as a box")]
unsafe impl<T: Send> Send for Resident<T> {}

// SAFETY: a shared resident gives out `&T` only.
#[allow(unsafe_code, reason = "as a box")]
unsafe impl<T: Sync> Sync for Resident<T> {}

impl<T> Home<T> {
    pub(crate) fn new() -> Self {
        Self { place: UnsafeCell::new(None), _pinned: PhantomPinned }
    }

    /// Moves a value in.
    ///
    /// # Safety
    /// The last resident has gone, nobody else moves in meanwhile, and the home stays where it is for as long as the resident lives.
    ///
    /// # Panics
    /// If somebody lives there.
    #[allow(unsafe_code, reason = "what is there has one owner")]
    pub(crate) unsafe fn move_in(&self, value: T) -> Resident<T> {
        self.place.with_mut(|place| {
            // SAFETY: nobody else has access (the contract).
            let empty = unsafe { &mut *place };
            assert!(empty.is_none(), "one life ends before the next begins");
            *empty = Some(value);
            Resident { place: NonNull::from(empty), value: PhantomData }
        })
    }
}

impl<T> Deref for Resident<T> {
    type Target = T;

    #[inline]
    #[allow(unsafe_code, reason = "the resident has it to itself")]
    fn deref(&self) -> &T {
        // SAFETY: the home is there (the contract of `move_in`), the value is there until this is dropped, and nobody else has access.
        unsafe { self.place.as_ref().as_ref().unwrap_unchecked() }
    }
}

impl<T> DerefMut for Resident<T> {
    #[inline]
    #[allow(unsafe_code, reason = "the resident has it to itself")]
    fn deref_mut(&mut self) -> &mut T {
        // SAFETY: as in `deref`.
        unsafe { self.place.as_mut().as_mut().unwrap_unchecked() }
    }
}

impl<T> Drop for Resident<T> {
    #[allow(unsafe_code, reason = "the resident has it to itself")]
    fn drop(&mut self) {
        // SAFETY: as in `deref`. Where the value's destructor panics, `None` is written all the same.
        unsafe { *self.place.as_mut() = None }
    }
}
