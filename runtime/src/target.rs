//! Whom a request is for.

use crate::{ActorRef, actor_ref::Strong, cell::typed::Typed, registry};
use std::fmt;

/// A handle, borrowed or owned.
pub(crate) enum Target<'a, A> {
    Borrowed(&'a ActorRef<A>),
    Owned(ActorRef<A>),
}

impl<'a, A: 'static> Target<'a, A> {
    pub(crate) fn into_owned(self) -> Target<'static, A> {
        Target::Owned(match self {
            Self::Borrowed(actor) => actor.clone(),
            Self::Owned(actor) => actor,
        })
    }

    /// The role that the handle stands for at this moment.
    #[inline]
    pub(crate) fn resolve(self) -> Role<'a, A> {
        if let Self::Borrowed(actor) = &self
            && let Ok(strong) = actor.strong()
        {
            return Role::Borrowed(strong.typed());
        }
        self.resolve_owned_or_named()
    }

    // Apart, so that the common case is a part of the code that makes the request.
    #[inline(never)]
    fn resolve_owned_or_named(self) -> Role<'a, A> {
        match self.actor().strong() {
            Ok(strong) => Role::Owned(strong.clone()),
            Err(name) => {
                registry::find(name).map_or(Role::Nobody, |typed| Role::Owned(Strong::new(typed)))
            }
        }
    }
}

impl<A> Target<'_, A> {
    pub(crate) fn actor(&self) -> &ActorRef<A> {
        match self {
            Self::Borrowed(actor) => actor,
            Self::Owned(actor) => actor,
        }
    }

    /// The same target once more.
    pub(crate) fn again(&self) -> Self {
        match self {
            Self::Borrowed(actor) => Self::Borrowed(actor),
            Self::Owned(actor) => Self::Owned(actor.clone()),
        }
    }
}

impl<A> fmt::Debug for Target<'_, A> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Borrowed(actor) => actor.fmt(f),
            Self::Owned(actor) => actor.fmt(f),
        }
    }
}

/// The role that a request goes to.
pub(crate) enum Role<'a, A> {
    Borrowed(&'a Typed<A>),
    Owned(Strong<A>),
    /// There was none by that name.
    Nobody,
}

impl<A: 'static> Role<'_, A> {
    #[inline]
    pub(crate) fn typed(&self) -> Option<&Typed<A>> {
        match self {
            Self::Borrowed(typed) => Some(typed),
            Self::Owned(strong) => Some(strong.typed()),
            Self::Nobody => None,
        }
    }
}

impl<A: 'static> fmt::Debug for Role<'_, A> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.typed() {
            Some(typed) => typed.fmt(f),
            None => f.write_str("nobody"),
        }
    }
}
