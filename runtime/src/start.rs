//! How an actor begins.

use crate::{
    Ctx, ExitReason, Init, Pid, Role, Spawn,
    actor_ref::{ActorRef, Strong},
    cell::{
        Cell, Process,
        core::NoBegin,
        frame::Frame,
        life::Life,
        seat::CatchUnwind,
        shield::{let_go, shielded},
        typed::{Typed, WeakTyped},
        waits::{self, Wait},
    },
    link::{Peer, Signal},
    node::Node,
    registry::Taken,
};
use pin_project_lite::pin_project;
use std::{
    any::{TypeId, type_name},
    borrow::Cow,
    error::Error,
    fmt,
    marker::PhantomData,
    mem,
    pin::{Pin, pin},
    sync::Arc,
    task::{Context, Poll},
    time::Duration,
};
use tokio::{task::yield_now, time::timeout};

/// Starts an actor whose state is there already.
///
/// It serves at once. For an actor with an `#[init]` use the generated `start`. As the `init/1` that returns its argument.
///
/// # Errors
/// [`StartError::NoRuntime`] outside of a tokio runtime.
///
/// # Panics
/// If the tokio runtime has no timers (`enable_time`).
///
/// # Examples
/// ```
/// use ghostlight::prelude::*;
///
/// #[actor]
/// struct Counter(u64);
///
/// #[handlers]
/// impl Counter {
///     #[call]
///     fn add(&mut self, n: u64) -> u64 {
///         self.0 += n;
///         self.0
///     }
/// }
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let counter = ghostlight::spawn(Counter(5))?;
/// assert_eq!(counter.add(2).await?, 7);
/// # Ok(())
/// # }
/// ```
pub fn spawn<A: Spawn>(state: A) -> Result<A::Ref, StartError> {
    let node = Node::current().map_err(|_| StartError::NoRuntime)?;
    let cell = Cell::<A>::starting(node);
    let life = cell.house(Life::new(state, ctx(&cell)));
    cell.open(life);
    Ok(ActorRef::from_strong(Strong::from_counted(Typed::new(cell))).into())
}

/// The cell of an actor without a supervisor, and its first handle.
fn new<A: Spawn>(node: Arc<Node>) -> (Arc<Cell<A>>, ActorRef<A>) {
    let cell = Cell::<A>::starting(node);
    let handle = ActorRef::from_strong(Strong::from_counted(Typed::new(Arc::clone(&cell))));
    (cell, handle)
}

fn ctx<A: Spawn>(cell: &Arc<Cell<A>>) -> Ctx<A> {
    let Some(pid) = cell.header().ties.pid() else {
        unreachable!("the life has begun, and nobody else ends it before it serves")
    };
    Ctx::new(WeakTyped::new(cell), pid)
}

/// An actor that is to be started: what the generated `start` returns.
///
/// Awaiting it runs the `#[init]` and gives the handle. The caller goes on when the actor is ready to serve, or could not start.
///
/// # Cancel safety
/// Dropping the future before it is ready ends the actor that is being started.
#[must_use = "an actor is not started until this is awaited"]
pub struct Start<R, Args> {
    args: Args,
    how: How,
    role: PhantomData<fn() -> R>,
}

/// What a life begins with, besides its state.
#[derive(Default)]
struct How {
    name: Option<Cow<'static, str>>,
    parent: Option<(Pid, Peer)>,
    /// How long an `async` init may take.
    limit: Option<Duration>,
}

impl<R, Args> Start<R, Args> {
    #[doc(hidden)]
    pub fn __new(args: Args) -> Self {
        Self { args, how: How::default(), role: PhantomData }
    }

    /// Gives the actor a name, under which [`ActorRef::named`] finds it: unique for each type of actor in each runtime.
    ///
    /// It has the name before its `#[init]` runs, and keeps it until it has ended. A name keeps an actor alive that nobody has a handle
    /// to. As the `name` option of `GenServer.start/3`.
    pub fn name(mut self, name: impl Into<Cow<'static, str>>) -> Self {
        self.how.name = Some(name.into());
        self
    }

    /// How long an `async` `#[init]` may take: as long as it needs unless told otherwise.
    ///
    /// After that it is dropped where it awaits, and the start gives [`StartError::Timeout`]. One that is a plain `fn` is not cut off. As
    /// the `timeout` option of `GenServer.start/3`.
    pub fn timeout(mut self, limit: Duration) -> Self {
        self.how.limit = Some(limit);
        self
    }

    /// Makes the life `pid` the parent.
    pub(crate) fn linked_to(self, pid: Pid, process: Peer) -> Starting<R, Args>
    where
        R: Role<Actor: Spawn>,
    {
        let how = How { parent: Some((pid, process)), ..self.how };
        Starting { state: State::Unstarted(self.args, how), role: PhantomData }
    }
}

impl<R, Args> fmt::Debug for Start<R, Args> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Start").field("actor", &type_name::<R>()).finish_non_exhaustive()
    }
}

impl<R, Args> IntoFuture for Start<R, Args>
where
    R: Role<Actor: Init<Args> + Spawn>,
    Args: Send + 'static,
{
    type Output = Result<R::Ref, StartError>;
    type IntoFuture = Starting<R, Args>;

    fn into_future(self) -> Starting<R, Args> {
        Starting { state: State::Unstarted(self.args, self.how), role: PhantomData }
    }
}

/// A [`Start`] under way.
#[must_use = "an actor is not started until this is awaited"]
pub struct Starting<R: Role<Actor: Spawn>, Args> {
    state: State<R::Actor, Args>,
    role: PhantomData<fn() -> R>,
}

enum State<A: Spawn, Args> {
    Unstarted(Args, How),
    /// An `async` init that awaits something.
    Begun(ActorRef<A>, Pin<Box<dyn Future<Output = Result<(), StartError>> + Send>>, Option<Wait>),
    Over,
}

impl<R: Role<Actor: Spawn>, Args> Unpin for Starting<R, Args> {}

impl<R, Args> Future for Starting<R, Args>
where
    R: Role<Actor: Init<Args> + Spawn>,
    Args: Send + 'static,
{
    type Output = Result<R::Ref, StartError>;

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        let this = self.get_mut();
        loop {
            match mem::replace(&mut this.state, State::Over) {
                State::Unstarted(args, how) => {
                    let Ok(node) = Node::current() else {
                        return Poll::Ready(Err(StartError::NoRuntime));
                    };
                    let (cell, handle) = new::<R::Actor>(node);
                    if let (Some(pid), Some(_)) = (cell.header().ties.pid(), &how.parent) {
                        cell.header().ties.begin(pid, how.parent.clone());
                    }
                    let wait = if R::Actor::ASYNC {
                        Wait::certain(&(Arc::clone(&cell) as Arc<dyn Process>), false)
                    } else {
                        None
                    };
                    let serving = serve(cell, how, args);
                    if R::Actor::ASYNC {
                        this.state = State::Begun(handle, Box::pin(serving), wait);
                        continue;
                    }
                    // A plain `fn` is ready at its first poll, so that its future need not outlive this one.
                    return match pin!(serving).poll(cx) {
                        Poll::Ready(begun) => Poll::Ready(begun.map(|()| handle.into())),
                        Poll::Pending => unreachable!("an init that is not async does not await"),
                    };
                }
                State::Begun(handle, mut serving, wait) => {
                    return match serving.as_mut().poll(cx) {
                        Poll::Ready(begun) => Poll::Ready(begun.map(|()| handle.into())),
                        Poll::Pending => {
                            this.state = State::Begun(handle, serving, wait);
                            Poll::Pending
                        }
                    };
                }
                State::Over => return Poll::Pending,
            }
        }
    }
}

impl<R: Role<Actor: Spawn>, Args> fmt::Debug for Starting<R, Args> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Starting").field("actor", &type_name::<R>()).finish_non_exhaustive()
    }
}

/// Begins a life in the role `cell`, for the supervisor `parent`. Gives its pid.
pub(crate) async fn begin_in<A, Args>(
    cell: Arc<Cell<A>>,
    name: Option<Cow<'static, str>>,
    parent: (Pid, Peer),
    args: Args,
) -> Result<Pid, StartError>
where
    A: Init<Args> + Spawn,
    Args: Send + 'static,
{
    match begin_life(&cell, &parent).await {
        Ok(pid) => {
            let how = How { name, parent: Some(parent), limit: None };
            serve(cell, how, args).await.map(|()| pid)
        }
        Err(error) => {
            let_go(args);
            Err(error)
        }
    }
}

/// As [`begin_in`], with a state that is there already.
pub(crate) async fn open_in<A: Spawn>(
    cell: Arc<Cell<A>>,
    name: Option<Cow<'static, str>>,
    parent: (Pid, Peer),
    state: A,
) -> Result<Pid, StartError> {
    let begun = begin_life(&cell, &parent).await.and_then(|pid| {
        let how = How { name, parent: Some(parent), limit: None };
        let unborn = Unborn(Some(cell));
        unborn.register(&how).map(|ctx| (pid, unborn, ctx))
    });
    match begun {
        Ok((pid, unborn, ctx)) => {
            unborn.open(Life::new(state, ctx));
            Ok(pid)
        }
        Err(error) => {
            let_go(state);
            Err(error)
        }
    }
}

async fn begin_life<A: Spawn>(cell: &Cell<A>, parent: &(Pid, Peer)) -> Result<Pid, StartError> {
    loop {
        match cell.begin_life(parent.clone()) {
            Ok(pid) => return Ok(pid),
            Err(NoBegin::Never) => return Err(StartError::NoRuntime),
            Err(NoBegin::NotYet) if cell.header().ties.pid().is_some() => {
                return Err(StartError::Running);
            }
            // The last life is gone but for a few instructions, on another thread.
            Err(NoBegin::NotYet) => yield_now().await,
        }
    }
}

/// Registers, runs the init, and opens.
async fn serve<A: Init<Args> + Spawn, Args>(
    cell: Arc<Cell<A>>,
    how: How,
    args: Args,
) -> Result<(), StartError> {
    let header = Arc::clone(&cell);
    let unborn = Unborn(Some(cell));
    let ctx = match unborn.register(&how) {
        Ok(ctx) => ctx,
        Err(error) => {
            let_go(args);
            return Err(error);
        }
    };
    let init = InFrame { cell: header, future: Some(init(args, ctx)) };
    let built = match how.limit {
        None => Ok(init.await),
        Some(limit) => timeout(limit, init).await,
    };
    let Ok(built) = built else {
        unborn.never_open(&ExitReason::Killed);
        return Err(StartError::Timeout);
    };
    let (built, ctx) = match built {
        Ok((built, ctx)) => (built, Some(ctx)),
        Err(sentence) => (Err(sentence), None),
    };
    match (built, ctx) {
        (Ok(Some(state)), Some(ctx)) => {
            let mut life = Life::new(state, ctx);
            life.heed_stop();
            unborn.open(life);
            Ok(())
        }
        (Ok(_), ctx) => {
            let_go(ctx);
            unborn.never_open(&ExitReason::Normal);
            Err(StartError::Ignored)
        }
        (Err(reason), ctx) => {
            let_go(ctx);
            unborn.never_open(&reason);
            Err(StartError::Init(reason))
        }
    }
}

async fn init<A: Init<Args> + Spawn, Args>(
    args: Args,
    mut ctx: Ctx<A>,
) -> (Result<Option<A>, ExitReason>, Ctx<A>) {
    let built = CatchUnwind { future: async { A::init(args, &mut ctx).await } }.await;
    (built.unwrap_or_else(Err), ctx)
}

/// A life that has begun and does not serve yet. Dropped, it never will.
struct Unborn<A: Spawn>(Option<Arc<Cell<A>>>);

impl<A: Spawn> Unborn<A> {
    /// Binds it to its parent, and takes the name, if one is wanted.
    fn register(&self, how: &How) -> Result<Ctx<A>, StartError> {
        let Some(cell) = &self.0 else { unreachable!("it is used up by what ends it only") };
        if let (Some((parent, process)), Some(pid)) = (&how.parent, cell.header().ties.pid()) {
            let child: Arc<dyn Process> = Arc::clone(cell) as _;
            let is_linked = process.upgrade().is_some_and(|process| {
                process.header().ties.adopt(*parent, pid, Arc::downgrade(&child))
            });
            if !is_linked {
                child.signal(pid, Signal::Link(*parent, ExitReason::NoProc));
            }
        }
        if let Some(name) = &how.name {
            let process: Arc<dyn Process> = Arc::clone(cell) as _;
            let name = (TypeId::of::<A>(), name.clone());
            let added = cell.header().node.names.add(name.clone(), &process);
            added.map_err(|Taken { by }| StartError::NameTaken { name: name.1, by })?;
        }
        Ok(ctx(cell))
    }

    fn open(mut self, life: Life<A>) {
        if let Some(cell) = self.0.take() {
            let life = cell.house(life);
            cell.open(life);
        }
    }

    fn never_open(mut self, reason: &ExitReason) {
        if let Some(cell) = self.0.take() {
            cell.never_open(reason);
        }
    }
}

impl<A: Spawn> Drop for Unborn<A> {
    fn drop(&mut self) {
        if let Some(cell) = self.0.take() {
            shielded(|| cell.never_open(&ExitReason::Killed));
        }
    }
}

pin_project! {
    /// An init, which runs as the actor of `cell`, and ends where it awaits if the actor is to end at once.
    struct InFrame<A: Spawn, F> {
        cell: Arc<Cell<A>>,
        #[pin]
        future: Option<F>,
    }

    impl<A: Spawn, F> PinnedDrop for InFrame<A, F> {
        fn drop(this: Pin<&mut Self>) {
            this.drop_future();
        }
    }
}

impl<A: Spawn, F> InFrame<A, F> {
    fn drop_future(self: Pin<&mut Self>) {
        let mut this = self.project();
        let _frame = Frame::enter(this.cell.header());
        shielded(|| this.future.set(None));
    }
}

impl<A: Spawn, F: Future> Future for InFrame<A, F> {
    /// What the init gives; or why the life is over before it began.
    type Output = Result<F::Output, ExitReason>;

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        let this = self.as_mut().project();
        if !this.cell.header().is_sentenced()
            && let Some(future) = this.future.as_pin_mut()
        {
            let _frame = Frame::enter(this.cell.header());
            if let Poll::Ready(built) = future.poll(cx) {
                waits::end(this.cell.header());
                return Poll::Ready(Ok(built));
            }
        }
        let sentence = this.cell.lock().watch_start(cx.waker());
        match sentence {
            None => Poll::Pending,
            Some(reason) => {
                self.drop_future();
                Poll::Ready(Err(reason))
            }
        }
    }
}

/// Why an actor did not start.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub enum StartError {
    /// There is no tokio runtime here: start actors inside `#[tokio::main]`, `Runtime::block_on` or a task.
    NoRuntime,
    /// The `#[init]` failed, or panicked, or the actor was to end before it was done.
    Init(ExitReason),
    /// The `#[init]` gave `None`: the actor is not to be started. OTP's `ignore`.
    Ignored,
    /// The `#[init]` took longer than it may.
    Timeout,
    /// Another actor of the same type has the name. OTP's `already_started`.
    NameTaken {
        /// The name.
        name: Cow<'static, str>,
        /// The life that has it; `None` if it is between two lives.
        by: Option<Pid>,
    },
    /// The child lives already.
    Running,
}

impl fmt::Display for StartError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NoRuntime => f.write_str(
                "there is no tokio runtime here: start actors inside `#[tokio::main]` or a task",
            ),
            Self::Init(reason) => write!(f, "the actor's init failed: {reason}"),
            Self::Ignored => f.write_str("the actor's init chose not to start it"),
            Self::Timeout => f.write_str("the actor's init was not done in time"),
            Self::NameTaken { name, by: Some(pid) } => {
                write!(f, "the name `{name}` is taken by {pid}")
            }
            Self::NameTaken { name, by: None } => write!(f, "the name `{name}` is taken"),
            Self::Running => f.write_str("the child lives already"),
        }
    }
}

impl Error for StartError {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        match self {
            Self::Init(reason) => reason.error().map(|error| error as _),
            _ => None,
        }
    }
}
