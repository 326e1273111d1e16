//! What a child of a supervisor can be.

use crate::{ActorRef, State, Tree};

/// What may have a place in a supervision tree: every actor, and every struct with a `#[supervisor]` impl block.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be a child: it is neither an actor nor a supervisor",
    label = "not an actor, nor a supervisor",
    note = "put `#[actor]` on its struct and `#[handlers]` on its impl block, or `#[supervisor]` on an impl block with `#[child]` methods"
)]
pub trait Role: 'static {
    /// The actor that plays it.
    type Actor: State;

    /// The handle: `VaultRef` for a `Vault`.
    type Ref: From<ActorRef<Self::Actor>> + Clone + Send + Sync + 'static;

    /// The role and those below it, as the types describe them.
    fn tree() -> Tree;
}

#[diagnostic::do_not_recommend]
impl<A: State> Role for A {
    type Actor = A;
    type Ref = A::Ref;

    fn tree() -> Tree {
        Tree::actor::<A>()
    }
}
