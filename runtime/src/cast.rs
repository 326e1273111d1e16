//! Casts: requests that expect no reply.

use crate::{
    Actor, ActorRef, Message, blocking,
    cell::{
        Process,
        envelope::Envelope,
        frame,
        mailbox::{Place, Turn},
        waits::Wait,
    },
    limits::{Alarm, Until},
    target::{Role, Target},
};
use std::{
    cell::Cell,
    error::Error,
    fmt,
    pin::Pin,
    task::{Context, Poll, ready},
    time::Duration,
};
use tokio::{task::coop, time::Instant};

/// A cast is a fraction of what tokio counts as one operation: one in so many spends a unit of its task's budget, so that a task
/// which casts without end gives others their turn, and not more often than it should.
const PER_UNIT: u8 = 4;

thread_local! {
    static CASTS: Cell<u8> = const { Cell::new(0) };
}

/// Whether this cast is the one that spends.
#[inline]
fn spends() -> bool {
    let casts = (CASTS.get() + 1) % PER_UNIT;
    CASTS.set(casts);
    casts == 0
}

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
        let role = self.target.resolve();
        let Some(typed) = role.typed() else {
            return Err(CastError::NoProc(self.message));
        };
        let core = typed.cell().lock();
        if core.is_done() {
            return Err(CastError::NoProc(self.message));
        }
        if !core.mailbox.has_room(A::OPTIONS.mailbox) {
            return Err(CastError::Full(self.message));
        }
        let envelope = Envelope::from(K::wrap(self.message));
        typed.cell().push(core, typed.process(), envelope);
        Ok(())
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
        CastFuture {
            role: self.target.resolve(),
            message: Some(self.message),
            place: None,
            inside: None,
        }
    }
}

/// A [`Cast`] that is being sent.
#[must_use = "a cast does nothing until it is awaited or tried"]
pub struct CastFuture<'a, A: Actor, K: Kind<A> = Casts> {
    role: Role<'a, A>,
    /// `None` once it has been sent.
    message: Option<K::Message>,
    /// The place in the line for room.
    place: Option<Place>,
    /// Where a handler waits for it.
    inside: Option<Box<Inside>>,
}

/// A handler waits for room: it does not wait for itself, nor for longer than its caller does.
struct Inside {
    wait: Wait,
    alarm: Alarm,
}

impl Inside {
    /// `None` outside of handlers.
    #[cold]
    fn begin(process: &dyn Process) -> Result<Option<Box<Self>>, Ring> {
        let wait = Wait::begin(process.header()).map_err(|_| Ring)?;
        let now = Instant::now();
        let until = frame::deadline()
            .map(|deadline| Until { deadline, limit: deadline.saturating_duration_since(now) });
        Ok(wait.map(|wait| Box::new(Self { wait, alarm: Alarm::new(until) })))
    }

    #[cold]
    fn is_late(&mut self, process: &dyn Process, cx: &mut Context<'_>) -> bool {
        let Self { wait, alarm } = self;
        alarm.is_late(&process.header().node, wait.slot(), cx)
    }
}

/// It would wait for itself.
struct Ring;

impl<A: Actor, K: Kind<A>> Unpin for CastFuture<'_, A, K> {}

impl<A: Actor, K: Kind<A>> Future for CastFuture<'_, A, K> {
    type Output = Result<(), CastError<K::Message>>;

    #[inline]
    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        let this = self.get_mut();
        if spends() {
            ready!(coop::poll_proceed(cx)).made_progress();
        }
        let Some(message) = this.message.take() else {
            return Poll::Pending;
        };
        let Some(typed) = this.role.typed() else {
            return Poll::Ready(Err(CastError::NoProc(message)));
        };
        if this.place.is_none() {
            let core = typed.cell().lock();
            if core.is_done() {
                return Poll::Ready(Err(CastError::NoProc(message)));
            }
            if core.mailbox.has_room(A::OPTIONS.mailbox) {
                typed.cell().push(core, typed.process(), Envelope::from(K::wrap(message)));
                return Poll::Ready(Ok(()));
            }
        }
        this.wait_for_room(message, cx)
    }
}

impl<A: Actor, K: Kind<A>> CastFuture<'_, A, K> {
    #[cold]
    fn wait_for_room(
        &mut self,
        message: K::Message,
        cx: &mut Context<'_>,
    ) -> Poll<Result<(), CastError<K::Message>>> {
        let Some(typed) = self.role.typed() else {
            return Poll::Ready(Err(CastError::NoProc(message)));
        };
        if self.place.is_none() && frame::current().is_some() {
            self.inside = match Inside::begin(&**typed.process()) {
                Ok(inside) => inside,
                Err(Ring) => return Poll::Ready(Err(CastError::WouldDeadlock(message))),
            };
        }
        let mut core = typed.cell().lock();
        let turn = match self.place {
            None if core.is_done() => Turn::Closed,
            None if core.mailbox.has_room(A::OPTIONS.mailbox) => Turn::Granted,
            None => {
                self.place = Some(core.mailbox.join(cx.waker()));
                Turn::NotYet
            }
            Some(place) => core.mailbox.turn(place, cx.waker()),
        };
        match turn {
            Turn::Granted => {
                (self.place, self.inside) = (None, None);
                typed.cell().push(core, typed.process(), Envelope::from(K::wrap(message)));
                Poll::Ready(Ok(()))
            }
            Turn::NotYet => {
                drop(core);
                let inside = self.inside.as_mut();
                if inside.is_some_and(|inside| inside.is_late(&**typed.process(), cx)) {
                    if let Some(place) = self.place.take() {
                        typed.cell().leave_line(place);
                    }
                    return Poll::Ready(Err(CastError::Full(message)));
                }
                frame::flush();
                self.message = Some(message);
                Poll::Pending
            }
            Turn::Closed => {
                self.place = None;
                drop(core);
                Poll::Ready(Err(CastError::NoProc(message)))
            }
        }
    }
}

impl<A: Actor, K: Kind<A>> Drop for CastFuture<'_, A, K> {
    fn drop(&mut self) {
        if let Some(place) = self.place.take()
            && let Some(typed) = self.role.typed()
        {
            typed.cell().leave_line(place);
        }
    }
}

impl<A: Actor, K: Kind<A>> fmt::Debug for CastFuture<'_, A, K> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("CastFuture").field("actor", &self.role).finish_non_exhaustive()
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
