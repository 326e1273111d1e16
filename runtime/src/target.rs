//! Whom a request is for.

use crate::ActorRef;
use std::ops::Deref;

/// A handle, borrowed or owned.
pub(crate) enum Target<'a, A> {
    Borrowed(&'a ActorRef<A>),
    Owned(ActorRef<A>),
}

impl<A> Target<'_, A> {
    pub(crate) fn into_owned(self) -> Target<'static, A> {
        Target::Owned(match self {
            Self::Borrowed(actor) => actor.clone(),
            Self::Owned(actor) => actor,
        })
    }
}

impl<A> Deref for Target<'_, A> {
    type Target = ActorRef<A>;

    #[inline]
    fn deref(&self) -> &ActorRef<A> {
        match self {
            Self::Borrowed(actor) => actor,
            Self::Owned(actor) => actor,
        }
    }
}
