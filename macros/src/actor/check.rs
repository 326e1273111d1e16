//! Rules about the state as a whole.

use super::ir::Actor;
use crate::diag::Errors;

/// False where the actor cannot be expanded at all.
pub(crate) fn check(actor: &Actor, errors: &mut Errors) -> bool {
    owns_its_data(actor, errors)
}

/// An actor lives until it stops, wherever it was started: it can borrow from nobody.
fn owns_its_data(actor: &Actor, errors: &mut Errors) -> bool {
    let Some(parameter) = actor.generics.lifetimes().next() else {
        return true;
    };
    errors.with_help(
        &parameter.lifetime,
        "an actor cannot borrow: it outlives the function that starts it",
        "own the data (`String`, `Arc<T>`)",
    );
    false
}
