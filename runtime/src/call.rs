//! Calls: requests that expect a reply.

use crate::{
    __private0::{CallOptions, Limit},
    Actor, ActorRef, Cast, ExitReason, Inline, Pid, blocking,
    cast::Calls,
    cell::{
        Cell, Process,
        caller::CallSender,
        envelope::Envelope,
        frame,
        inline::Inlined,
        mailbox::{Place, Turn},
        slot,
        typed::Typed,
        waits,
    },
    limits::{Alarm, Until},
    target::{Role, Target},
};
use std::{
    error::Error,
    fmt, mem,
    pin::Pin,
    sync::Arc,
    task::{Context, Poll, ready},
    time::Duration,
};
use tokio::{task::coop, time::Instant};

/// How long a call waits unless told otherwise; GenServer's default.
const DEFAULT_LIMIT: Duration = Duration::from_secs(5);

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
        CallFuture { role: target.resolve(), options, unwrap, state: State::Unsent(message) }
    }
}

/// A [`Call`] that is being made.
#[must_use = "a call does nothing until it is awaited"]
pub struct CallFuture<'a, A: Actor, T> {
    role: Role<'a, A>,
    options: CallOptions,
    unwrap: fn(A::Reply) -> T,
    state: State<A>,
}

enum State<A: Actor> {
    Unsent(A::Call),
    /// The mailbox is full.
    NoRoom {
        message: A::Call,
        sender: CallSender<A>,
        place: Place,
        waiting: Waiting<A>,
    },
    Sent(Waiting<A>),
    Over,
}

/// What became of a call that was to be sent.
enum Sent<A: Actor> {
    Answered(Answer<A::Reply>),
    /// Its handler has begun on this thread.
    Begun(Waiting<A>),
    /// Whoever answers it wakes this task, and so does whoever makes room for it.
    Queued(State<A>),
}

struct Waiting<A: Actor> {
    receiver: slot::Receiver<Answer<A::Reply>>,
    alarm: Alarm,
}

impl<A: Actor, T> Unpin for CallFuture<'_, A, T> {}

impl<A: Actor, T> CallFuture<'_, A, T> {
    #[inline]
    fn may_run_inline(&self, typed: &Typed<A>) -> bool {
        let allowed = match A::OPTIONS.inline {
            Inline::Sync => self.options.inline,
            Inline::Always => true,
            Inline::Never => false,
        };
        allowed
            && !A::OPTIONS.blocking
            && frame::may_nest()
            && typed.process().header().node.is_current()
    }

    /// The limit becomes a time when the call first waits: one that is answered at once reads no clock.
    fn until(&self) -> Option<Until> {
        let now = Instant::now();
        let after = |limit| Some(Until { deadline: now.checked_add(limit)?, limit });
        let at =
            |deadline: Instant| Until { deadline, limit: deadline.saturating_duration_since(now) };
        let own = match self.options.limit {
            Limit::Default => after(DEFAULT_LIMIT),
            Limit::After(limit) => after(limit),
            Limit::Until(deadline) => Some(at(deadline)),
            Limit::Infinite => None,
        };
        // A handler waits no longer than its own caller does.
        match (own, frame::deadline()) {
            (Some(own), Some(callers)) if callers < own.deadline => Some(at(callers)),
            (None, Some(callers)) => Some(at(callers)),
            (own, _) => own,
        }
    }

    /// Makes the call: runs it here, or puts it into the mailbox, or into the line for room in it.
    #[inline]
    fn send(&self, mut message: A::Call, cx: &mut Context<'_>) -> Sent<A> {
        let Some(typed) = self.role.typed() else {
            return Sent::Answered(Err(CallError::NoProc));
        };
        if self.may_run_inline(typed) {
            let mut until = None;
            let deadline = || until.insert(self.until()).map(|until| until.deadline);
            match typed.cell().call_inline(typed.process(), message, deadline) {
                Ok(Inlined::Reply(reply)) => return Sent::Answered(Ok(reply)),
                Ok(Inlined::Waits(receiver)) => {
                    let alarm = Alarm::new(until.unwrap_or_else(|| self.until()));
                    return Sent::Begun(Waiting { receiver, alarm });
                }
                Err(busy) => message = busy,
            }
        }
        match self.queue(typed, message, cx) {
            Ok(state) => Sent::Queued(state),
            Err(error) => Sent::Answered(Err(error)),
        }
    }

    fn queue(
        &self,
        typed: &Typed<A>,
        message: A::Call,
        cx: &mut Context<'_>,
    ) -> Result<State<A>, CallError> {
        let caller = frame::current();
        let until = self.until();
        let deadline = until.map(|until| until.deadline);
        let always = self.options.always;
        let sent = typed.process().header().node.telemetry.watched().is_timed().then(Instant::now);
        let (sender, receiver) = slot::pair(slot::Request { deadline, caller, always, sent });
        let sender = CallSender::new(sender);
        if let (Some(_), Some(slot)) = (caller, receiver.slot()) {
            let begun = waits::begin(slot, typed.process().header());
            begun.map_err(|path| CallError::WouldDeadlock { path })?;
        }
        receiver.prepare(cx.waker());
        let waiting = Waiting { receiver, alarm: Alarm::new(until) };
        let mut core = typed.cell().lock();
        if core.is_done() {
            return Err(CallError::NoProc);
        }
        if !core.mailbox.has_room(Cell::<A>::OPTIONS.mailbox) {
            let place = core.mailbox.join(cx.waker());
            return Ok(State::NoRoom { message, sender, place, waiting });
        }
        typed.cell().push(core, typed.process(), Envelope::Call(message, Some(sender)));
        Ok(State::Sent(waiting))
    }
}

impl<A: Actor> Waiting<A> {
    fn is_late(&mut self, process: &Arc<dyn Process>, cx: &mut Context<'_>) -> bool {
        let receiver = &self.receiver;
        self.alarm.is_late(&process.header().node, receiver.slot(), cx)
    }
}

impl<A: Actor, T> Future for CallFuture<'_, A, T> {
    type Output = Result<T, CallError>;

    #[inline]
    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        let this = self.get_mut();
        if let State::Unsent(_) = this.state {
            ready!(coop::poll_proceed(cx)).made_progress();
            if let State::Unsent(message) = mem::replace(&mut this.state, State::Over) {
                match this.send(message, cx) {
                    Sent::Answered(answer) => return Poll::Ready(answer.map(this.unwrap)),
                    Sent::Begun(waiting) => this.state = State::Sent(waiting),
                    Sent::Queued(state) => {
                        this.state = state;
                        return this.wait(cx); // no answer is there yet, or it has woken this task
                    }
                }
            }
        }
        this.poll_sent(cx)
    }
}

impl<A: Actor, T> CallFuture<'_, A, T> {
    /// Begins to wait for what is going to wake this task.
    fn wait(&mut self, cx: &mut Context<'_>) -> Poll<Result<T, CallError>> {
        let Some(typed) = self.role.typed() else { return Poll::Pending };
        if let State::Sent(waiting) | State::NoRoom { waiting, .. } = &mut self.state {
            let is_late = waiting.is_late(typed.process(), cx);
            debug_assert!(!is_late, "it has only begun to wait");
        }
        Poll::Pending
    }

    fn poll_sent(&mut self, cx: &mut Context<'_>) -> Poll<Result<T, CallError>> {
        let Some(typed) = self.role.typed() else { return Poll::Pending };
        loop {
            match &mut self.state {
                State::Sent(waiting) => {
                    if let Poll::Ready(answer) = waiting.receiver.poll(cx) {
                        self.state = State::Over;
                        return Poll::Ready(answer.map(self.unwrap));
                    }
                    if waiting.is_late(typed.process(), cx) {
                        self.state = State::Over; // withdraws the call
                        return Poll::Ready(Err(CallError::Timeout));
                    }
                    return Poll::Pending;
                }
                State::NoRoom { place, waiting, .. } => {
                    let mut core = typed.cell().lock();
                    let turn = core.mailbox.turn(*place, cx.waker());
                    if turn == Turn::Closed {
                        drop(core);
                        self.state = State::Over;
                        return Poll::Ready(Err(CallError::NoProc));
                    }
                    if turn == Turn::Granted {
                        let State::NoRoom { message, sender, waiting, .. } =
                            mem::replace(&mut self.state, State::Over)
                        else {
                            unreachable!("matched above")
                        };
                        let envelope = Envelope::Call(message, Some(sender));
                        typed.cell().push(core, typed.process(), envelope);
                        self.state = State::Sent(waiting);
                        continue;
                    }
                    drop(core);
                    if waiting.is_late(typed.process(), cx) {
                        typed.cell().leave_line(*place);
                        self.state = State::Over;
                        return Poll::Ready(Err(CallError::Timeout));
                    }
                    return Poll::Pending;
                }
                State::Unsent(_) | State::Over => return Poll::Pending,
            }
        }
    }
}

impl<A: Actor, T> Drop for CallFuture<'_, A, T> {
    fn drop(&mut self) {
        if let State::NoRoom { place, .. } = self.state
            && let Some(typed) = self.role.typed()
        {
            typed.cell().leave_line(place);
        }
    }
}

impl<A: Actor, T> fmt::Debug for CallFuture<'_, A, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("CallFuture").field("actor", &self.role).finish_non_exhaustive()
    }
}
