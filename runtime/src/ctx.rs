//! What a handler can ask of the runtime.

use crate::{
    __private0::Deferred,
    Actor, ActorRef, Down, ExitReason, Handles, Init, Message, MonitorRef, Pid, ReplyTo, Role,
    Spawn, Start, Starting, TimerRef,
    actor_ref::Strong,
    attached::Attached,
    call::Answer,
    cell::{
        Process,
        caller::Caller,
        driver,
        envelope::Told,
        frame::{self, Deadline},
        shield::{reason, shielded},
        slot,
        typed::{Typed, WeakTyped},
    },
    link::{self, Signal},
    monitor::{self, ByActor, Monitors},
    stream::Opened,
    telemetry::Watched,
    timer::Timers,
};
use std::{
    collections::VecDeque,
    fmt, mem,
    panic::{AssertUnwindSafe, catch_unwind},
    sync::Arc,
    time::Duration,
};
use tokio::time::Instant;

/// The actor that a handler runs in: its own handle, its timers, its end.
///
/// A handler that needs it takes `ctx: &mut Ctx<Self>`, anywhere among its parameters.
pub struct Ctx<A: Actor> {
    typed: WeakTyped<A>,
    pid: Pid,
    caller: Caller<A>,
    /// One word in the many actors that never ask for anything.
    asked: Option<Box<Asked<A>>>,
    /// Which message was handled last, as an index into the actor's `MESSAGES`.
    handling: u16,
    /// Whether the end of the life has been asked for.
    stop: Stop,
    /// What telemetry wants to know of messages.
    watched: Watched,
}

/// Whether a handler has asked for the end of its life, and why: most reasons fit in a byte.
enum Stop {
    No,
    Normal,
    Shutdown,
    /// For what `Asked` has.
    Other,
}

/// What the handlers of a life have asked for.
struct Asked<A: Actor> {
    /// Why the life is to end, where that is no orderly end.
    stop: Option<ExitReason>,
    continues: VecDeque<A::Continue>,
    timers: Timers<A::Info>,
    attached: Option<Box<Attached<A::Info>>>,
    monitors: Monitors,
    /// How many have asked that messages wait.
    suspended: u32,
    /// What was handled last, where crash reports are to show it.
    shown: Option<String>,
}

impl<A: Actor> Asked<A> {
    fn has_streams(&self) -> bool {
        self.attached.as_ref().is_some_and(|attached| !attached.is_empty())
    }

    fn has_no_sources(&self) -> bool {
        self.timers.is_empty() && !self.has_streams()
    }
}

impl<A: Actor> Ctx<A> {
    pub(crate) fn new(typed: WeakTyped<A>, pid: Pid) -> Self {
        Self {
            typed,
            pid,
            caller: Caller::Nobody,
            asked: None,
            handling: u16::MAX,
            stop: Stop::No,
            watched: Watched::default(),
        }
    }

    /// The actor's own handle.
    ///
    /// It is a strong handle like any other: an actor that keeps it in its state keeps itself alive. For a callback,
    /// [`downgrade`](ActorRef::downgrade) it. As Erlang's `self()`.
    #[must_use]
    pub fn me(&self) -> A::Ref {
        ActorRef::from_strong(Strong::new(self.typed())).into()
    }

    fn typed(&self) -> Typed<A> {
        let Some(typed) = self.typed.upgrade() else {
            unreachable!("whoever runs an actor holds its cell")
        };
        typed
    }

    pub(crate) fn process(&self) -> Arc<dyn Process> {
        Arc::clone(self.typed().process())
    }

    /// The pid of this life.
    #[must_use]
    pub fn pid(&self) -> Pid {
        self.pid
    }

    /// Ends the actor after this handler, for `reason`.
    ///
    /// `#[terminate]` runs; then a reply that this handler gives is sent; messages that wait are not handled. The first reason
    /// counts, unless the handler crashes. As returning `{stop, Reason, ..}` in a GenServer.
    ///
    /// # Examples
    /// ```
    /// use ghostlight::prelude::*;
    ///
    /// #[actor]
    /// struct Door;
    ///
    /// #[handlers]
    /// impl Door {
    ///     #[call]
    ///     fn close(&mut self, ctx: &mut Ctx<Self>) -> &'static str {
    ///         ctx.stop(ExitReason::Normal);
    ///         "closed"
    ///     }
    /// }
    ///
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// let door = ghostlight::spawn(Door)?;
    /// assert_eq!(door.close().await?, "closed");
    /// assert!(matches!(door.close().await, Err(CallError::NoProc)));
    /// # Ok(())
    /// # }
    /// ```
    pub fn stop(&mut self, reason: impl Into<ExitReason>) {
        if !self.is_stopping() {
            self.stop = match reason.into() {
                ExitReason::Normal => Stop::Normal,
                ExitReason::Shutdown => Stop::Shutdown,
                other => {
                    self.ask().stop = Some(other);
                    Stop::Other
                }
            };
        }
    }

    /// Runs a `#[handle_continue]` method after this handler and before any message, even one that waits already.
    ///
    /// Several run in the order in which they were asked for. After `start` it lets the starter go on first. As
    /// `{continue, Term}` in a GenServer.
    pub fn continue_with(&mut self, message: A::Continue) {
        self.ask().continues.push_back(message);
    }

    /// Sends `message` to this actor after `delay`, to be handled by its `#[info]` method.
    ///
    /// A timer ends with the life that made it, is never refused for lack of room in the mailbox, and keeps an actor alive that
    /// nobody has a handle to. As `Process.send_after/3`.
    pub fn send_after<M>(&mut self, delay: Duration, message: M) -> TimerRef
    where
        A: Handles<M>,
    {
        self.ask().timers.after(delay, A::info(message))
    }

    /// As [`send_after`](Self::send_after), with a timer that keeps nobody alive and cannot be cancelled.
    pub(crate) fn send_after_quietly<M>(&mut self, delay: Duration, message: M)
    where
        A: Handles<M>,
    {
        self.ask().timers.after_quietly(delay, A::info(message));
    }

    /// Sends `message` to this actor every `period` (at least 1 ms), for the first time after one period.
    ///
    /// When the actor is late, the messages that it missed are not made up for. The message is cloned each time; for one of the
    /// generated `VaultInfo` write `#[handlers(derive(Clone))]`. As `:timer.send_interval/2`.
    pub fn send_interval<M>(&mut self, period: Duration, message: M) -> TimerRef
    where
        A: Handles<M>,
        M: Clone + Send + 'static,
    {
        self.ask().timers.every(period, Box::new(move || A::info(message.clone())))
    }

    /// Sends `message` to this actor when it has been idle for `delay` after this handler: unless a message comes first, of any kind. Asked
    /// again, the later one counts.
    ///
    /// Without a delay it is handled before any message, even one that waits already. Like other timers it ends with the life, and
    /// keeps an actor alive. As the time-out that a GenServer's callback returns.
    pub fn idle_timeout<M>(&mut self, delay: Duration, message: M)
    where
        A: Handles<M>,
    {
        self.ask().timers.when_idle(delay, A::info(message));
    }

    /// Cancels a timer. Returns how long it still had to go, and `None` if it has fired or was cancelled before.
    ///
    /// Once this has returned, the message of that timer is not handled any more. As `Process.cancel_timer/1`.
    pub fn cancel_timer(&mut self, timer: TimerRef) -> Option<Duration> {
        self.asked.as_mut()?.timers.cancel(timer)
    }

    /// Monitors the present life of `other`: when it has ended, this actor's `#[info]` handler for [`Down`] is told, once.
    ///
    /// Between two lives of `other`, and where there is no such actor, it is told at once, with [`ExitReason::NoProc`]. Each call
    /// makes a monitor of its own. A monitor ends with the life that made it. As `Process.monitor/1`.
    pub fn monitor<B: 'static>(&mut self, other: &ActorRef<B>) -> MonitorRef
    where
        A: Handles<Down>,
    {
        let process = other.process();
        let monitor = MonitorRef::next();
        // Known before it can be told of.
        self.ask().monitors.add(monitor, process.clone());
        let watch = Box::new(ByActor::new(self.typed.clone(), self.pid));
        monitor::watch(process.as_deref(), monitor, watch);
        if let Some(process) = &process {
            monitor::hear_of_runtime(process);
        }
        monitor
    }

    /// Sends `message` to this life, behind all that waits, whether or not there is room.
    pub(crate) fn tell_me<M>(&self, message: M)
    where
        A: Handles<M> + Spawn,
    {
        let typed = self.typed();
        typed.cell().push_system(typed.process(), self.pid, Told::Info(A::info(message)));
    }

    /// Ends a monitor: once this has returned, its [`Down`] is not handled any more, though it may have arrived.
    ///
    /// Says whether there was something to end. As `Process.demonitor/2` with `:flush`.
    pub fn demonitor(&mut self, monitor: MonitorRef) -> bool {
        self.was_monitoring(monitor)
    }

    /// Whether this monitor was to be told of; it is not any more.
    pub(crate) fn was_monitoring(&mut self, monitor: MonitorRef) -> bool {
        self.asked.as_mut().is_some_and(|asked| asked.monitors.take(monitor))
    }

    /// Links this life and the present one of `other`: when one of them ends, the other gets an exit signal, and ends for the same
    /// reason, unless that is [`Normal`](ExitReason::Normal) or it traps exits (see [`Exit`](crate::Exit)).
    ///
    /// There is at most one link between two lives. Where `other` has no life this actor gets the signal at once, with
    /// [`ExitReason::NoProc`]. As `Process.link/1`.
    pub fn link<B: 'static>(&self, other: &ActorRef<B>) {
        let me = self.process();
        let is_linked = other.process().is_some_and(|other| {
            // One that lives in another runtime hears of the end of this one, and this one of that.
            if !Arc::ptr_eq(&me.header().node, &other.header().node) {
                driver::wake(&me);
                driver::wake(&other);
            }
            link::link(&me, &other)
        });
        if !is_linked {
            // From nobody, who has no pid: it is this life that reports.
            let exit = Signal::Exit(Some(self.pid), ExitReason::NoProc);
            me.signal(self.pid, exit);
        }
    }

    /// Undoes a link. A trapped [`Exit`](crate::Exit) of it may have arrived already. As `Process.unlink/1`.
    pub fn unlink<B: 'static>(&self, other: &ActorRef<B>) {
        if let Some(other) = other.process() {
            link::unlink(&self.process(), &other);
        }
    }

    /// Sends `other` an exit signal, which it may trap. As `Process.exit/2`; for `:kill` there is [`ActorRef::kill`].
    pub fn exit<B: 'static>(&self, other: &ActorRef<B>, reason: impl Into<ExitReason>) {
        if let Some(other) = other.process()
            && let Some(pid) = other.header().ties.pid()
        {
            other.signal(pid, Signal::Exit(Some(self.pid), reason.into()));
        }
    }

    /// Starts an actor that is linked to this one, its parent: when this one ends, so does that one, `#[terminate]` included where it
    /// has one. As `GenServer.start_link/3`.
    pub fn start_link<R, Args>(&self, start: Start<R, Args>) -> Starting<R, Args>
    where
        R: Role<Actor: Init<Args> + Spawn>,
        Args: Send + 'static,
    {
        start.linked_to(self.pid, Arc::downgrade(&self.process()))
    }

    fn ask(&mut self) -> &mut Asked<A> {
        self.asked.get_or_insert_with(|| {
            Box::new(Asked {
                stop: None,
                continues: VecDeque::new(),
                timers: Timers::new(),
                attached: None,
                monitors: Monitors::default(),
                suspended: 0,
                shown: None,
            })
        })
    }

    /// The streams that feed this life.
    pub(crate) fn attached(&mut self) -> &mut Attached<A::Info> {
        self.ask().attached.get_or_insert_with(|| Box::new(Attached::new()))
    }

    /// The message of a timer that is due, or the next item of a stream: in turn, where there are both.
    pub(crate) fn poll_sources(&mut self, cx: &mut std::task::Context<'_>) -> Option<A::Info> {
        let Asked { timers, attached, .. } = &mut **self.asked.as_mut()?;
        let Some(attached) = attached else { return timers.poll(cx) };
        let is_streams_turn = mem::take(&mut attached.is_next);
        if !is_streams_turn && let Some(message) = timers.poll(cx) {
            attached.is_next = true;
            return Some(message);
        }
        if let Some(message) = attached.poll(cx) {
            timers.disturb();
            return Some(message);
        }
        if is_streams_turn { timers.poll(cx) } else { None }
    }

    /// The message of a timer or a stream is being handled.
    pub(crate) fn set_source_was_last(&mut self) {
        if let Some(asked) = &mut self.asked {
            asked.timers.was_last = true;
        }
    }

    /// Whether what was handled last came from a timer or a stream; asked once.
    pub(crate) fn take_source_was_last(&mut self) -> bool {
        self.asked.as_mut().is_some_and(|asked| mem::take(&mut asked.timers.was_last))
    }

    /// A message is going to be handled.
    #[inline]
    pub(crate) fn disturb(&mut self) {
        if let Some(asked) = &mut self.asked {
            shielded(|| asked.timers.disturb());
        }
    }

    /// What is to be handled without delay if the actor is idle.
    pub(crate) fn idle_at_once(&mut self) -> Option<A::Info> {
        self.asked.as_mut()?.timers.idle_at_once()
    }

    /// The actor has nothing to do. Says whether there is a timer more than before.
    pub(crate) fn set_idle(&mut self) -> bool {
        self.asked.as_mut().is_some_and(|asked| asked.timers.set_idle())
    }

    /// Whether an actor without handles lives on for the sake of a timer or a stream.
    pub(crate) fn is_kept_by_sources(&self) -> bool {
        self.asked.as_ref().is_some_and(|asked| asked.timers.keep_alive() || asked.has_streams())
    }

    /// Whether there are neither timers nor streams.
    pub(crate) fn has_no_sources(&self) -> bool {
        self.asked.as_ref().is_none_or(|asked| asked.has_no_sources())
    }

    pub(crate) fn next_continue(&mut self) -> Option<A::Continue> {
        self.asked.as_mut()?.continues.pop_front()
    }

    /// Whether the actor has never asked for anything but messages.
    #[inline]
    pub(crate) fn asks_nothing(&self) -> bool {
        self.asked.is_none()
    }

    /// Whether there is nothing to do for this context before the next message comes.
    #[inline]
    pub(crate) fn is_at_rest(&self) -> bool {
        !self.is_stopping()
            && self.asked.as_ref().is_none_or(|asked| {
                asked.continues.is_empty()
                    && asked.timers.is_settled()
                    && asked.attached.as_ref().is_none_or(|attached| attached.is_settled())
            })
    }

    /// Whether there are neither continues nor timers nor streams to look at.
    #[inline]
    pub(crate) fn is_plain(&self) -> bool {
        self.asked.as_ref().is_none_or(|asked| {
            asked.continues.is_empty() && asked.has_no_sources() && asked.suspended == 0
        })
    }

    /// Messages are to wait.
    pub(crate) fn suspend(&mut self) {
        self.ask().suspended += 1;
    }

    /// One of those who asked that messages wait does not any more.
    pub(crate) fn resume(&mut self) {
        let asked = self.ask();
        asked.suspended = asked.suspended.saturating_sub(1);
    }

    /// Whether messages are to wait.
    pub(crate) fn is_suspended(&self) -> bool {
        self.asked.as_ref().is_some_and(|asked| asked.suspended > 0)
    }

    /// Whether the handler that has run was asked by nobody, and asked for no end.
    #[inline]
    pub(crate) fn owes_nothing(&self) -> bool {
        matches!(self.caller, Caller::Nobody) && !self.is_stopping()
    }

    #[inline]
    pub(crate) fn is_stopping(&self) -> bool {
        !matches!(self.stop, Stop::No)
    }

    #[inline]
    pub(crate) fn take_stop(&mut self) -> Option<ExitReason> {
        match mem::replace(&mut self.stop, Stop::No) {
            Stop::No => None,
            Stop::Normal => Some(ExitReason::Normal),
            Stop::Shutdown => Some(ExitReason::Shutdown),
            Stop::Other => self.asked.as_mut()?.stop.take(),
        }
    }

    #[inline]
    pub(crate) fn set_caller(&mut self, caller: Caller<A>) {
        self.caller = caller;
    }

    #[inline]
    pub(crate) fn take_caller(&mut self) -> Caller<A> {
        mem::replace(&mut self.caller, Caller::Nobody)
    }

    /// How long the call that is about to be handled has waited, where that is known.
    pub(crate) fn waited_until(&self, now: Instant) -> Option<Duration> {
        match &self.caller {
            Caller::Waits(sender) => Some(now - sender.request()?.sent?),
            Caller::Inline => Some(Duration::ZERO),
            Caller::Nobody | Caller::Deferred(_) | Caller::Lent(_) => None,
        }
    }

    /// The handler of the message with this index begins.
    #[doc(hidden)]
    #[inline]
    pub fn __handling(&mut self, message: u16) {
        self.handling = message;
    }

    /// The message that was handled last, by its handler's name.
    pub(crate) fn last_message(&self) -> Option<&'static str> {
        A::MESSAGES.get(usize::from(self.handling)).copied()
    }

    /// The same, as its `Debug` showed it before.
    pub(crate) fn take_shown(&mut self) -> Option<String> {
        self.asked.as_mut()?.shown.take()
    }

    /// A message is going to be handled, and crash reports are to show it.
    pub(crate) fn show(&mut self, message: &Message<A>) {
        let Some(show) = A::SHOW else { return };
        self.ask().shown = catch_unwind(AssertUnwindSafe(|| show(message)))
            .map_err(|payload| drop(reason(payload)))
            .ok();
    }

    #[inline]
    pub(crate) fn set_watched(&mut self, watched: Watched) {
        self.watched = watched;
    }

    #[inline]
    pub(crate) fn watched(&self) -> Watched {
        self.watched
    }

    /// The duty to answer the call that is being handled.
    #[doc(hidden)]
    pub fn __reply_to<const INDEX: usize, T>(&mut self) -> ReplyTo<T>
    where
        A: Actor<Reply: Send> + Deferred<INDEX, T, A::Reply>,
    {
        let sender = match self.take_caller() {
            Caller::Waits(sender) => {
                self.caller = Caller::Lent(sender.lend());
                sender.into_inner()
            }
            Caller::Inline => {
                let (sender, receiver) = slot::pair::<Answer<A::Reply>>(slot::Request::NONE);
                self.caller = Caller::Deferred(receiver);
                Some(sender)
            }
            Caller::Nobody | Caller::Deferred(_) | Caller::Lent(_) => None,
        };
        ReplyTo::new::<A, INDEX>(sender)
    }

    /// Answers the call that is being handled with a stream, before its `async` handler begins: that may wait for its reader, and does not
    /// hurry for its caller any more.
    #[doc(hidden)]
    pub fn __stream_now<const INDEX: usize, T>(&mut self, opened: Opened<T>)
    where
        A: Actor<Reply: Send> + Deferred<INDEX, Opened<T>, A::Reply>,
    {
        self.__reply_to().send(opened);
        frame::set_deadline(Deadline::NONE);
    }
}

impl<A: Actor> fmt::Debug for Ctx<A> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Ctx").field("pid", &self.pid).finish_non_exhaustive()
    }
}
