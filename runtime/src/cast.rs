//! Casts: requests that expect no reply.

use crate::{
    Actor, ActorRef, Message, blocking,
    casting::{Casting, Mail},
    cell::{
        Posted, Process,
        envelope::Envelope,
        mailbox::{Place, Turn},
        typed::Typed,
    },
    target::{Role, Target},
};
use std::{
    error::Error,
    fmt,
    marker::PhantomData,
    pin::Pin,
    sync::Arc,
    task::{Context, Poll, Waker},
    time::Duration,
};

/// A cast that has not been sent yet: what a `#[cast]` method of a handle returns.
///
/// Nothing happens until the call site says how to send it:
///
/// * `.await` waits while the mailbox is full
/// * [`.try_send()`](Self::try_send) does not wait, and so works in code that is not async
/// * [`.blocking()`](Self::blocking) is for a plain thread
///
/// `Ok` means that the message is in the mailbox, no more; what must be known to have happened is a call. A message that
/// could not be delivered comes back in the error. It borrows the handle; [`.owned()`](Self::owned) makes it independent. As
/// `GenServer.cast/2`, but a full mailbox makes its senders wait, and an actor that is not alive is told to them.
///
/// # Cancel safety
/// Dropping the future of a cast that waits for room withdraws the cast.
///
/// `K` says what is sent: [`Casts`], [`Infos`], or [`Calls`] whose answer nobody wants.
#[must_use = "a cast does nothing until it is awaited or tried"]
pub struct Cast<'a, A: Actor, K: Kind<A> = Casts> {
    target: Target<'a, A>,
    message: K::Message,
}

/// What a [`Cast`] sends.
pub trait Kind<A: Actor>: sealed::Sealed {
    /// The message.
    type Message;

    /// The message as the handlers take it.
    fn wrap(message: Self::Message) -> Message<A>;
}

mod sealed {
    pub trait Sealed {}
}

macro_rules! kinds {
    ($($(#[$doc:meta])* $kind:ident: $variant:ident;)*) => {$(
        $(#[$doc])*
        #[derive(Debug)]
        pub enum $kind {}

        impl sealed::Sealed for $kind {}

        impl<A: Actor> Kind<A> for $kind {
            type Message = A::$variant;

            fn wrap(message: A::$variant) -> Message<A> {
                Message::$variant(message)
            }
        }
    )*};
}

kinds! {
    /// Casts: what `#[cast]` handlers take.
    Casts: Cast;
    /// Infos: what `#[info]` handlers take.
    Infos: Info;
    /// Calls whose answer nobody wants.
    Calls: Call;
}

impl<'a, A: Actor> Cast<'a, A> {
    #[doc(hidden)]
    #[inline]
    pub fn __new(actor: &'a ActorRef<A>, message: A::Cast) -> Self {
        Self::new(actor, message)
    }
}

impl<'a, A: Actor, K: Kind<A>> Cast<'a, A, K> {
    #[inline]
    pub(crate) fn new(actor: &'a ActorRef<A>, message: K::Message) -> Self {
        Self::to(Target::Borrowed(actor), message)
    }

    pub(crate) fn to(target: Target<'a, A>, message: K::Message) -> Self {
        Self { target, message }
    }

    /// Sends without waiting.
    ///
    /// # Errors
    /// [`CastError::Full`] when the mailbox has no room, [`CastError::NoProc`] when the actor has ended; each with the message.
    #[inline]
    pub fn try_send(self) -> Result<(), CastError<K::Message>> {
        match Way::<A, K>::to(self.target).post(self.message, None) {
            Posted::Sent => Ok(()),
            Posted::NoRoom(message, _) => Err(CastError::Full(message)),
            Posted::Gone(message) => Err(CastError::NoProc(message)),
        }
    }

    /// Sends from a plain thread, which is blocked while the mailbox is full.
    ///
    /// Not from async code: it would hold up every task of its worker. There, `.await`.
    ///
    /// # Errors
    /// [`CastError::NoProc`] when the actor has ended, with the message.
    pub fn blocking(self) -> Result<(), CastError<K::Message>> {
        blocking::wait(Duration::MAX, self).unwrap_or(Ok(()))
    }

    /// The same cast with a handle of its own, to be moved into a task.
    pub fn owned(self) -> Cast<'static, A, K> {
        Cast { target: self.target.into_owned(), message: self.message }
    }
}

impl<A: Actor, K: Kind<A>> fmt::Debug for Cast<'_, A, K> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Cast").field("actor", &self.target).finish_non_exhaustive()
    }
}

impl<'a, A: Actor, K: Kind<A>> IntoFuture for Cast<'a, A, K> {
    type Output = Result<(), CastError<K::Message>>;
    type IntoFuture = CastFuture<'a, A, K>;

    #[inline]
    fn into_future(self) -> Self::IntoFuture {
        CastFuture(Casting::new(Way::to(self.target), self.message))
    }
}

/// A [`Cast`] that is being sent.
#[must_use = "a cast does nothing until it is awaited or tried"]
pub struct CastFuture<'a, A: Actor, K: Kind<A> = Casts>(Casting<Way<'a, A, K>>);

impl<A: Actor, K: Kind<A>> Unpin for CastFuture<'_, A, K> {}

impl<A: Actor, K: Kind<A>> Future for CastFuture<'_, A, K> {
    type Output = Result<(), CastError<K::Message>>;

    #[inline]
    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        self.get_mut().0.poll(cx)
    }
}

/// The way of messages of kind `K` to an actor.
struct Way<'a, A, K> {
    to: Role<'a, A>,
    kind: PhantomData<fn() -> K>,
}

impl<'a, A: Actor, K: Kind<A>> Way<'a, A, K> {
    #[inline]
    fn to(target: Target<'a, A>) -> Self {
        Self { to: target.resolve(), kind: PhantomData }
    }
}

impl<A: Actor, K: Kind<A>> Mail for Way<'_, A, K> {
    type Parcel = K::Message;

    #[inline]
    fn process(&self) -> Option<&Arc<dyn Process>> {
        self.to.typed().map(Typed::process)
    }

    #[inline]
    fn post(&self, message: K::Message, waker: Option<&Waker>) -> Posted<K::Message> {
        let Some(typed) = self.to.typed() else { return Posted::Gone(message) };
        typed.cell().post(typed.process(), message, waker, |message| K::wrap(message).into())
    }

    fn turn(
        &self,
        message: K::Message,
        place: Place,
        waker: &Waker,
    ) -> Result<(), (Turn, K::Message)> {
        let Some(typed) = self.to.typed() else { return Err((Turn::Closed, message)) };
        let wrap = |message| K::wrap(message).into();
        typed.cell().turn(typed.process(), message, (place, waker), wrap)
    }
}

impl<A: Actor, K: Kind<A>> fmt::Debug for CastFuture<'_, A, K> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("CastFuture").finish_non_exhaustive()
    }
}

impl<A: Actor> From<Message<A>> for Envelope<A> {
    #[inline]
    fn from(message: Message<A>) -> Self {
        match message {
            Message::Call(message) => Self::Call(message, None),
            Message::Cast(message) => Self::Cast(message),
            Message::Info(message) => Self::Info(message),
            Message::Continue(_) => unreachable!("no kind of cast sends a continue"),
        }
    }
}

/// Why a message was not delivered; it carries the message back.
#[non_exhaustive]
pub enum CastError<M> {
    /// The mailbox has no room: [`try_send`](Cast::try_send) says so, and a handler that waited for room for as long as its own caller waits.
    Full(M),
    /// A handler would wait for room in the mailbox of its own actor, or of one that waits for it, directly or by way of others.
    /// OTP's `calling_self`, for rings of any length.
    WouldDeadlock(M),
    /// The actor has ended.
    NoProc(M),
}

impl<M> CastError<M> {
    /// The message that was not delivered.
    pub fn into_message(self) -> M {
        match self {
            Self::Full(message) | Self::NoProc(message) | Self::WouldDeadlock(message) => message,
        }
    }
}

impl<M> CastError<M> {
    /// The same error with another message.
    pub(crate) fn map<N>(self, f: impl FnOnce(M) -> N) -> CastError<N> {
        match self {
            Self::Full(message) => CastError::Full(f(message)),
            Self::NoProc(message) => CastError::NoProc(f(message)),
            Self::WouldDeadlock(message) => CastError::WouldDeadlock(f(message)),
        }
    }
}

impl<M> fmt::Debug for CastError<M> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Full(_) => "Full(..)",
            Self::NoProc(_) => "NoProc(..)",
            Self::WouldDeadlock(_) => "WouldDeadlock(..)",
        })
    }
}

impl<M> fmt::Display for CastError<M> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Full(_) => "the actor's mailbox is full",
            Self::NoProc(_) => "the actor is not alive",
            Self::WouldDeadlock(_) => "the sender would wait for itself",
        })
    }
}

impl<M> Error for CastError<M> {}
