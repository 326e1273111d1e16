//! Interfaces: what `#[protocol]` makes of a trait.

use crate::{
    __private0::{CallOptions, Limit, Never},
    Actor, ActorRef, CallError, CastError, Ctx, ExitReason, Handled, Message, Options, Outcome,
    StartError, State,
    actor_ref::Strong,
    blocking,
    call::DEFAULT_LIMIT,
    calling::{Callee, Calling},
    casting::{Casting, Mail},
    cell::{
        Posted, Process,
        caller::CallSender,
        errand::{self, AskBox},
        inline::Inlined,
        mailbox::{Place, Turn},
    },
    registry,
    start::spawn,
    target::Target,
};
use std::{
    fmt,
    marker::PhantomData,
    ops::Deref,
    pin::Pin,
    sync::{Arc, Mutex, PoisonError},
    task::{Context, Poll, Waker},
    time::Duration,
};
use tokio::time::Instant;

pub use crate::cell::{
    errand::{Held, Speaker, caught},
    typed::Anyone,
};

/// The handle of an actor whose type is forgotten: what a `StoreRef` derefs to.
///
/// It has what every handle has: [`pid`](ActorRef::pid), [`monitor`](ActorRef::monitor), [`stop`](ActorRef::stop) and so on.
pub type AnyRef = ActorRef<Anyone>;

/// One message of a protocol, before it is known how it is sent.
#[doc(hidden)]
pub struct Errand<T> {
    /// Locked by nobody: it makes an error that carries the message `Sync`.
    ask: Mutex<AskBox<T>>,
}

impl<T> Errand<T> {
    fn new(ask: AskBox<T>) -> Self {
        Self { ask: Mutex::new(ask) }
    }

    fn into_inner(self) -> AskBox<T> {
        self.ask.into_inner().unwrap_or_else(PoisonError::into_inner)
    }
}

/// What makes the messages of a protocol that `S` speaks, for actors of type `A`.
#[doc(hidden)]
pub struct Speaks<A, S>(PhantomData<fn() -> (A, S)>);

impl<A, S> Speaks<A, S>
where
    A: Speaker<S>,
{
    /// There is but one.
    pub const NEW: Self = Self(PhantomData);

    /// The message `name`, which runs `begin` in the actor.
    pub fn errand<B, F, T>(name: &'static str, is_async: bool, begin: B) -> Errand<T>
    where
        B: FnOnce(Held<A>) -> F + Send + 'static,
        F: Future<Output = (Held<A>, Result<T, ExitReason>)> + Send + 'static,
        T: Send + 'static,
    {
        Errand::new(errand::errand(name, is_async, begin))
    }
}

impl<A, S> fmt::Debug for Speaks<A, S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Speaks")
    }
}

impl<T> fmt::Debug for Errand<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Errand")
    }
}

/// The handle `actor`, its type forgotten. One by name is looked up here; where nobody has the name it leads to nobody.
#[doc(hidden)]
#[must_use]
pub fn any_ref<A: 'static>(actor: &ActorRef<A>) -> AnyRef {
    let typed = match actor.strong() {
        Ok(strong) => Some(strong.typed().anyone()),
        Err(name) => registry::find::<A>(name).map(|typed| typed.anyone()),
    };
    typed.map_or(AnyRef::named(""), |typed| ActorRef::from_strong(Strong::new(typed)))
}

/// A call of a protocol that has not been made yet: what a `#[call]` method of a `StoreRef` returns.
///
/// Nothing happens until the call site says how to make it, as with [`Call`](crate::Call): `.await`, [`.timeout(d)`](Self::timeout),
/// [`.deadline(t)`](Self::deadline), [`.forget()`](Self::forget), [`.blocking()`](Self::blocking); [`.owned()`](Self::owned) makes it
/// independent of the handle. It is one allocation.
///
/// # Cancel safety
/// As that of [`Call`](crate::Call).
#[must_use = "a call does nothing until it is awaited"]
pub struct ProtocolCall<'a, T> {
    target: Target<'a, Anyone>,
    errand: Errand<T>,
    options: CallOptions,
}

impl<'a, T> ProtocolCall<'a, T> {
    #[doc(hidden)]
    pub fn __new(actor: &'a AnyRef, errand: Errand<T>, options: CallOptions) -> Self {
        Self { target: Target::Borrowed(actor), errand, options }
    }

    /// Waits for at most `limit`, from when the call is first polled. `Duration::MAX` waits for ever.
    ///
    /// The caller is told never early, and at most 10 ms late.
    pub fn timeout(mut self, limit: Duration) -> Self {
        self.options.limit = Limit::After(limit);
        self
    }

    /// Waits until `deadline` at the latest.
    pub fn deadline(mut self, deadline: Instant) -> Self {
        self.options.limit = Limit::Until(deadline);
        self
    }

    /// Wants no answer: the request left is awaited, tried, or sent from a plain thread, as a cast is.
    pub fn forget(self) -> ProtocolCast<'a, T> {
        ProtocolCast { target: self.target, errand: self.errand }
    }

    /// The same call with a handle of its own, to be moved into a task.
    pub fn owned(self) -> ProtocolCall<'static, T> {
        let Self { target, errand, options } = self;
        ProtocolCall { target: target.into_owned(), errand, options }
    }

    /// Makes the call from a plain thread, and blocks it until the reply is there.
    ///
    /// # Errors
    /// As `.await`: see [`CallError`].
    pub fn blocking(self) -> Result<T, CallError> {
        let limit = match self.options.limit {
            Limit::Default => DEFAULT_LIMIT,
            Limit::After(limit) => limit,
            Limit::Until(deadline) => deadline.saturating_duration_since(Instant::now()),
            Limit::Infinite => Duration::MAX,
        };
        blocking::wait(limit, self).unwrap_or(Err(CallError::Timeout))
    }
}

impl<'a, T> IntoFuture for ProtocolCall<'a, T> {
    type Output = Result<T, CallError>;
    type IntoFuture = ProtocolCallFuture<'a, T>;

    fn into_future(self) -> ProtocolCallFuture<'a, T> {
        let Self { target, errand, options } = self;
        ProtocolCallFuture(Calling::new(
            Way { target, answer: PhantomData },
            errand.into_inner(),
            options,
        ))
    }
}

/// A [`ProtocolCall`] that is being made.
#[must_use = "a call does nothing until it is awaited"]
pub struct ProtocolCallFuture<'a, T>(Calling<Way<'a, T>>);

impl<T> Unpin for ProtocolCallFuture<'_, T> {}

impl<T> Future for ProtocolCallFuture<'_, T> {
    type Output = Result<T, CallError>;

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        self.get_mut().0.poll(cx)
    }
}

/// A cast of a protocol that has not been sent yet: what a `#[cast]` method of a `StoreRef` returns.
///
/// As with [`Cast`](crate::Cast): `.await` waits while the mailbox is full, [`.try_send()`](Self::try_send) does not,
/// [`.blocking()`](Self::blocking) is for a plain thread. One that could not be delivered comes back in the error, to be sent again.
///
/// # Cancel safety
/// As that of [`Cast`](crate::Cast).
#[must_use = "a cast does nothing until it is awaited or tried"]
pub struct ProtocolCast<'a, T = ()> {
    target: Target<'a, Anyone>,
    errand: Errand<T>,
}

impl<'a, T> ProtocolCast<'a, T> {
    #[doc(hidden)]
    pub fn __new(actor: &'a AnyRef, errand: Errand<T>) -> Self {
        Self { target: Target::Borrowed(actor), errand }
    }

    /// Sends without waiting.
    ///
    /// # Errors
    /// [`CastError::Full`] when the mailbox has no room, [`CastError::NoProc`] when the actor has ended; each with the cast.
    pub fn try_send(self) -> Result<(), CastError<ProtocolCast<'static, T>>> {
        let Self { target, errand } = self;
        let way = Way { target, answer: PhantomData };
        let error = match way.post(errand.into_inner(), None) {
            Posted::Sent => return Ok(()),
            Posted::NoRoom(errand, _) => CastError::Full(errand),
            Posted::Gone(errand) => CastError::NoProc(errand),
        };
        Err(error.map(|errand| ProtocolCast {
            target: way.target.into_owned(),
            errand: Errand::new(errand),
        }))
    }

    /// Sends from a plain thread, which is blocked while the mailbox is full.
    ///
    /// # Errors
    /// [`CastError::NoProc`] when the actor has ended, with the cast.
    pub fn blocking(self) -> Result<(), CastError<ProtocolCast<'static, T>>> {
        blocking::wait(Duration::MAX, self).unwrap_or(Ok(()))
    }

    /// The same cast with a handle of its own, to be moved into a task.
    pub fn owned(self) -> ProtocolCast<'static, T> {
        ProtocolCast { target: self.target.into_owned(), errand: self.errand }
    }
}

impl<'a, T> IntoFuture for ProtocolCast<'a, T> {
    type Output = Result<(), CastError<ProtocolCast<'static, T>>>;
    type IntoFuture = ProtocolCastFuture<'a, T>;

    fn into_future(self) -> ProtocolCastFuture<'a, T> {
        let way = Way { target: self.target, answer: PhantomData };
        ProtocolCastFuture(Casting::new(way, self.errand.into_inner()))
    }
}

/// A [`ProtocolCast`] that is being sent.
#[must_use = "a cast does nothing until it is awaited or tried"]
pub struct ProtocolCastFuture<'a, T = ()>(Casting<Way<'a, T>>);

impl<T> Unpin for ProtocolCastFuture<'_, T> {}

impl<T> Future for ProtocolCastFuture<'_, T> {
    type Output = Result<(), CastError<ProtocolCast<'static, T>>>;

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        let casting = &mut self.get_mut().0;
        casting.poll(cx).map_err(|error| {
            error.map(|errand| ProtocolCast {
                target: casting.to().target.again().into_owned(),
                errand: Errand::new(errand),
            })
        })
    }
}

/// The way of a protocol's messages to an actor, for an answer of type `T`.
struct Way<'a, T> {
    target: Target<'a, Anyone>,
    answer: PhantomData<fn() -> T>,
}

impl<T> Mail for Way<'_, T> {
    type Parcel = AskBox<T>;

    fn process(&self) -> Option<&Arc<dyn Process>> {
        self.target.actor().strong().ok().map(|strong| strong.typed().process())
    }

    fn post(&self, errand: Self::Parcel, waker: Option<&Waker>) -> Posted<Self::Parcel> {
        match self.process() {
            Some(process) => errand.post(process, waker),
            None => Posted::Gone(errand),
        }
    }

    fn turn(
        &self,
        errand: Self::Parcel,
        place: Place,
        waker: &Waker,
    ) -> Result<(), (Turn, Self::Parcel)> {
        match self.process() {
            Some(process) => errand.turn(process, place, waker),
            None => Err((Turn::Closed, errand)),
        }
    }
}

impl<T> Callee for Way<'_, T> {
    type Message = AskBox<T>;
    type Reply = T;

    fn may_run_inline(&self, errand: &AskBox<T>, options: CallOptions) -> bool {
        self.process().is_some_and(|process| errand.may_run_inline(process, options.inline))
    }

    fn call_inline(
        &self,
        errand: AskBox<T>,
        _: CallOptions,
        mut deadline: impl FnMut() -> Option<Instant>,
    ) -> Result<Inlined<T>, AskBox<T>> {
        let Some(process) = self.process() else { return Err(errand) };
        errand.call_inline(process, &mut deadline).map(Inlined::Waits)
    }

    fn pack(mut errand: AskBox<T>, sender: CallSender<T>) -> Self::Parcel {
        errand.as_mut().answer_to(sender);
        errand
    }
}

/// Starts an actor that is nothing but a `value`, which speaks a protocol.
#[doc(hidden)]
pub fn start_speaker<S: Send + 'static>(value: S) -> Result<AloneRef<S>, StartError> {
    spawn(Alone(value))
}

/// An actor that is nothing but a value which speaks a protocol.
#[doc(hidden)]
#[derive(Debug)]
pub struct Alone<S>(S);

/// The handle of an [`Alone`].
#[doc(hidden)]
pub struct AloneRef<S>(ActorRef<Alone<S>>);

impl<S> Clone for AloneRef<S> {
    fn clone(&self) -> Self {
        Self(self.0.clone())
    }
}

impl<S> From<ActorRef<Alone<S>>> for AloneRef<S> {
    fn from(actor: ActorRef<Alone<S>>) -> Self {
        Self(actor)
    }
}

impl<S> Deref for AloneRef<S> {
    type Target = ActorRef<Alone<S>>;

    fn deref(&self) -> &Self::Target {
        &self.0
    }
}

impl<S> fmt::Debug for AloneRef<S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

#[diagnostic::do_not_recommend]
impl<S: 'static> State for Alone<S> {
    type Ref = AloneRef<S>;

    const OPTIONS: Options = Options::new();
}

#[diagnostic::do_not_recommend]
impl<S: Send + 'static> Actor for Alone<S> {
    type Call = Never;
    type Reply = Never;
    type Cast = Never;
    type Info = Never;
    type Continue = Never;

    const MESSAGES: &'static [&'static str] = &[];
    const TERMINATES: bool = false;

    fn message_index(_: &Message<Self>) -> u16 {
        0
    }

    fn handle(&mut self, message: Message<Self>, _: &mut Ctx<Self>) -> Handled<Self> {
        match message {
            Message::Call(never)
            | Message::Cast(never)
            | Message::Info(never)
            | Message::Continue(never) => match never {},
        }
    }

    async fn handle_async(&mut self, _: Message<Self>, _: &mut Ctx<Self>) -> Outcome<Self> {
        Outcome::Done
    }

    async fn terminate(&mut self, _: &ExitReason, _: &mut Ctx<Self>) {}
}

impl<S: Send + 'static> Speaker<S> for Alone<S> {
    fn speaker(&mut self) -> &mut S {
        &mut self.0
    }
}

impl<T> fmt::Debug for ProtocolCall<'_, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ProtocolCall").field("actor", &self.target).finish_non_exhaustive()
    }
}

impl<T> fmt::Debug for ProtocolCallFuture<'_, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ProtocolCallFuture").finish_non_exhaustive()
    }
}

impl<T> fmt::Debug for ProtocolCast<'_, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ProtocolCast").field("actor", &self.target).finish_non_exhaustive()
    }
}

impl<T> fmt::Debug for ProtocolCastFuture<'_, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ProtocolCastFuture").finish_non_exhaustive()
    }
}
