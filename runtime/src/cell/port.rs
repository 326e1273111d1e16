//! The sending end of a slot whose actor is not known any more: only what the caller waits for is.

use super::slot::{Sender, Slot};
use crate::call::CallError;

/// Turns the value of a call into what travels through its slot.
pub(crate) trait Wrap<T> {
    type Answer: Send;

    fn wrap(value: Result<T, CallError>) -> Self::Answer;
}

/// The duty to answer with a `T`. Dropping it leaves the caller waiting: its owner must answer.
pub(crate) struct Port<T> {
    #[allow(unsafe_code, reason = "called with the slot of `owed` only")]
    send: unsafe fn(&'static Slot, Result<T, CallError>),
    owed: Owed,
}

/// The duty to say that there is no answer.
pub(crate) struct Owed {
    slot: &'static Slot,
    #[allow(unsafe_code, reason = "called with `slot` only")]
    fail: unsafe fn(&'static Slot, CallError),
}

impl<T> Port<T> {
    pub(crate) fn new<W: Wrap<T>>(sender: Sender<W::Answer>) -> Self {
        Self { send: send::<T, W>, owed: Owed { slot: sender.into_slot(), fail: fail::<T, W> } }
    }

    #[allow(unsafe_code, reason = "`send` and `slot` were made from one sender")]
    pub(crate) fn send(self, value: T) {
        // SAFETY: both come from the sender given to `new`, and `self` is used up.
        unsafe { (self.send)(self.owed.slot, Ok(value)) }
    }

    /// Whether nobody waits for the answer any more.
    pub(crate) fn is_abandoned(&self) -> bool {
        self.owed.slot.is_abandoned()
    }

    pub(crate) fn into_owed(self) -> Owed {
        self.owed
    }
}

impl Owed {
    #[allow(unsafe_code, reason = "`fail` and `slot` were made from one sender")]
    pub(crate) fn fail(self, error: CallError) {
        // SAFETY: both come from the sender given to `Port::new`, and `self` is used up.
        unsafe { (self.fail)(self.slot, error) }
    }
}

/// # Safety
/// `slot` must come from a `Sender<W::Answer>`, and be used once.
#[allow(unsafe_code, reason = "gives a slot its type back")]
unsafe fn send<T, W: Wrap<T>>(slot: &'static Slot, value: Result<T, CallError>) {
    // SAFETY: the contract.
    unsafe { Sender::<W::Answer>::from_slot(slot) }.send(W::wrap(value));
}

/// # Safety
/// `slot` must come from a `Sender<W::Answer>`, and be used once.
#[allow(unsafe_code, reason = "gives a slot its type back")]
unsafe fn fail<T, W: Wrap<T>>(slot: &'static Slot, error: CallError) {
    // SAFETY: the contract.
    unsafe { send::<T, W>(slot, Err(error)) }
}
