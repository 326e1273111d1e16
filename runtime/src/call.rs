//! Calls: requests that expect a reply.

use crate::{
    __private0::{CallOptions, Limit},
    Actor, ActorRef, Cast, ExitReason, Inline, Pid, blocking,
    calling::{Callee, Calling},
    cast::Calls,
    casting::Mail,
    cell::{
        Posted, Process,
        caller::CallSender,
        envelope::Envelope,
        frame,
        inline::Inlined,
        mailbox::{Place, Turn},
        typed::Typed,
    },
    target::{Role, Target},
};
use std::{
    error::Error,
    fmt,
    pin::Pin,
    sync::Arc,
    task::{Context, Poll, Waker},
    time::Duration,
};
use tokio::time::Instant;

/// How long a call waits unless told otherwise; GenServer's default.
pub(crate) const DEFAULT_LIMIT: Duration = Duration::from_secs(5);

/// What travels back to a caller.
pub(crate) type Answer<R> = Result<R, CallError>;

/// Why a call has no reply.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub enum CallError {
    /// The actor had ended before the call reached it. OTP's `noproc`.
    NoProc,
    /// The actor ended before it replied, for this reason.
    Died(ExitReason),
    /// No reply came in time. The handler may still run, unless it had not begun: then it never does.
    Timeout,
    /// The handler dropped its [`ReplyTo`](crate::ReplyTo), and the actor lives on.
    NoReply,
    /// The actor has more calls than it can answer, and what was left of this one's time was less than twice what its handler took of
    /// late: it was not run.
    Overloaded,
    /// A handler made the call, and would wait for itself: it called its own actor, or one that waits for it, directly or by way of others.
    /// OTP's `calling_self`, for rings of any length.
    ///
    /// Cast, or let one of the actors answer later, with a [`ReplyTo`](crate::ReplyTo). To itself an actor calls the method on `self`.
    WouldDeadlock {
        /// Who waits for whom: first and last the same.
        path: Vec<Pid>,
    },
}

impl CallError {
    /// Why the actor ended, for [`Died`](Self::Died).
    #[must_use]
    pub fn reason(&self) -> Option<&ExitReason> {
        match self {
            Self::Died(reason) => Some(reason),
            _ => None,
        }
    }
}

impl fmt::Display for CallError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NoProc => f.write_str("the actor is not alive"),
            Self::Died(reason) => write!(f, "the actor ended before it replied: {reason}"),
            Self::Timeout => f.write_str("no reply in time"),
            Self::NoReply => f.write_str("the actor dropped the reply"),
            Self::Overloaded => f.write_str("the actor has more calls than it can answer in time"),
            Self::WouldDeadlock { path } => {
                f.write_str("the call would wait for itself:")?;
                path.iter().try_for_each(|pid| write!(f, " {pid}"))
            }
        }
    }
}

impl Error for CallError {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        match self {
            Self::Died(reason) => reason.error().map(|error| error as _),
            _ => None,
        }
    }
}

/// A call that has not been made yet: what a `#[call]` method of a handle returns.
///
/// Nothing happens until the call site says how to make it:
///
/// | | the caller gets | |
/// |---|---|---|
/// | `.await` | `Result<T, CallError>` | waits 5 s, or what `#[call(timeout = ..)]` says |
/// | [`.timeout(d)`](Self::timeout)`.await` | the same | waits `d` |
/// | [`.deadline(t)`](Self::deadline)`.await` | the same | waits until `t` |
/// | [`.forget()`](Self::forget) | `Result<(), CastError<_>>` | sends it, and wants no answer |
/// | [`.blocking()`](Self::blocking) | `Result<T, CallError>` | for a plain thread |
///
/// It borrows the handle; [`.owned()`](Self::owned) makes it independent, to be moved into a task. As `GenServer.call/3`.
///
/// # Cancel safety
/// Dropping the future of a call before its handler began withdraws the call. Dropping it later loses the reply; the
/// handler runs to its end.
///
/// A call to an idle actor with a plain `fn` handler runs at once, on the thread of its caller: `join!` of two such calls runs
/// them in turn, and the caller's task-locals are visible or not, as it happens. `#[actor(inline = never)]` turns that off.
#[must_use = "a call does nothing until it is awaited"]
pub struct Call<'a, A: Actor, T> {
    target: Target<'a, A>,
    message: A::Call,
    options: CallOptions,
    unwrap: fn(A::Reply) -> T,
}

impl<'a, A: Actor, T> Call<'a, A, T> {
    #[doc(hidden)]
    #[inline]
    pub fn __new(
        actor: &'a ActorRef<A>,
        message: A::Call,
        options: CallOptions,
        unwrap: fn(A::Reply) -> T,
    ) -> Self {
        Self { target: Target::Borrowed(actor), message, options, unwrap }
    }

    /// Waits for at most `limit`, from when the call is first polled. `Duration::MAX` waits for ever.
    ///
    /// The caller is told never early, and at most 10 ms late.
    #[inline]
    pub fn timeout(mut self, limit: Duration) -> Self {
        self.options.limit = Limit::After(limit);
        self
    }

    /// Waits until `deadline` at the latest.
    #[inline]
    pub fn deadline(mut self, deadline: Instant) -> Self {
        self.options.limit = Limit::Until(deadline);
        self
    }

    /// Wants no answer: the request left is awaited, tried, or sent from a plain thread, as a cast is.
    ///
    /// The handler runs all the same; its reply is dropped, and no time limit applies.
    pub fn forget(self) -> Cast<'a, A, Calls> {
        Cast::to(self.target, self.message)
    }

    /// The same call with a handle of its own, to be moved into a task.
    pub fn owned(self) -> Call<'static, A, T> {
        let Self { target, message, options, unwrap } = self;
        Call { target: target.into_owned(), message, options, unwrap }
    }

    /// Makes the call from a plain thread, and blocks it until the reply is there.
    ///
    /// Not from async code: it would hold up every task of its worker. There, `.await`.
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
        blocking::wait(limit, self.into_future()).unwrap_or(Err(CallError::Timeout))
    }
}

impl<A: Actor, T> fmt::Debug for Call<'_, A, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Call").field("actor", &self.target).finish_non_exhaustive()
    }
}

impl<'a, A: Actor, T> IntoFuture for Call<'a, A, T> {
    type Output = Result<T, CallError>;
    type IntoFuture = CallFuture<'a, A, T>;

    #[inline]
    fn into_future(self) -> Self::IntoFuture {
        let Self { target, message, options, unwrap } = self;
        CallFuture { calling: Calling::new(target.resolve(), message, options), unwrap }
    }
}

/// A [`Call`] that is being made.
#[must_use = "a call does nothing until it is awaited"]
pub struct CallFuture<'a, A: Actor, T> {
    calling: Calling<Role<'a, A>>,
    unwrap: fn(A::Reply) -> T,
}

impl<A: Actor, T> Unpin for CallFuture<'_, A, T> {}

impl<A: Actor, T> Future for CallFuture<'_, A, T> {
    type Output = Result<T, CallError>;

    #[inline]
    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        let this = self.get_mut();
        this.calling.poll(cx).map(|answer| answer.map(this.unwrap))
    }
}

impl<A: Actor> Mail for Role<'_, A> {
    type Parcel = (A::Call, CallSender<A::Reply>);

    #[inline]
    fn process(&self) -> Option<&Arc<dyn Process>> {
        self.typed().map(Typed::process)
    }

    #[inline]
    fn post(&self, parcel: Self::Parcel, waker: Option<&Waker>) -> Posted<Self::Parcel> {
        let Some(typed) = self.typed() else { return Posted::Gone(parcel) };
        typed.cell().post(typed.process(), parcel, waker, envelope)
    }

    fn turn(
        &self,
        parcel: Self::Parcel,
        place: Place,
        waker: &Waker,
    ) -> Result<(), (Turn, Self::Parcel)> {
        let Some(typed) = self.typed() else { return Err((Turn::Closed, parcel)) };
        typed.cell().turn(typed.process(), parcel, (place, waker), envelope)
    }
}

#[inline]
fn envelope<A: Actor>((message, sender): (A::Call, CallSender<A::Reply>)) -> Envelope<A> {
    Envelope::Call(message, Some(sender))
}

impl<A: Actor> Callee for Role<'_, A> {
    type Message = A::Call;
    type Reply = A::Reply;

    #[inline]
    fn may_run_inline(&self, _: &A::Call, options: CallOptions) -> bool {
        let allowed = match A::OPTIONS.inline {
            Inline::Sync => options.inline,
            Inline::Always => true,
            Inline::Never => false,
        };
        allowed
            && !A::OPTIONS.blocking
            && frame::may_nest()
            && self.typed().is_some_and(|typed| typed.process().header().node.is_current())
    }

    #[inline]
    fn call_inline(
        &self,
        message: A::Call,
        options: CallOptions,
        deadline: impl FnMut() -> Option<Instant>,
    ) -> Result<Inlined<A::Reply>, A::Call> {
        let Some(typed) = self.typed() else { return Err(message) };
        typed.cell().call_inline(typed.process(), message, options, deadline)
    }

    #[inline]
    fn pack(message: A::Call, sender: CallSender<A::Reply>) -> Self::Parcel {
        (message, sender)
    }
}

impl<A: Actor, T> fmt::Debug for CallFuture<'_, A, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("CallFuture").finish_non_exhaustive()
    }
}
