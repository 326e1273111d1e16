//! How an actor begins.

use crate::{
    Ctx, ExitReason, Init, Spawn,
    actor_ref::ActorRef,
    cell::{
        Cell, Process,
        frame::Frame,
        life::{CatchUnwind, Life},
        shield::shielded,
        typed::Typed,
    },
    node::Node,
};
use std::{
    error::Error,
    fmt,
    marker::PhantomData,
    mem,
    pin::{Pin, pin},
    sync::Arc,
    task::{Context, Poll},
};

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
    let (cell, handle, ctx) = begin::<A>(node);
    cell.open(Box::new(Life::new(state, ctx)));
    Ok(handle.into())
}

fn begin<A: Spawn>(node: Arc<Node>) -> (Arc<Cell<A>>, ActorRef<A>, Ctx<A>) {
    let cell = Cell::<A>::starting(node);
    let typed = Typed::new(Arc::clone(&cell));
    let ctx = Ctx::new(typed.downgrade(), cell.header().pid);
    (cell, ActorRef::from_counted(typed), ctx)
}

/// An actor that is to be started: what the generated `start` returns.
///
/// Awaiting it runs the `#[init]` and gives the handle. The caller goes on when the actor is ready to serve, or could not start.
///
/// # Cancel safety
/// Dropping the future before it is ready ends the actor that is being started.
#[must_use = "an actor is not started until this is awaited"]
pub struct Start<A, Args> {
    args: Args,
    actor: PhantomData<fn() -> A>,
}

impl<A: Init<Args>, Args> Start<A, Args> {
    #[doc(hidden)]
    pub fn __new(args: Args) -> Self {
        Self { args, actor: PhantomData }
    }
}

impl<A, Args> fmt::Debug for Start<A, Args> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Start").field("actor", &std::any::type_name::<A>()).finish_non_exhaustive()
    }
}

impl<A: Init<Args> + Spawn, Args: Send + 'static> IntoFuture for Start<A, Args> {
    type Output = Result<A::Ref, StartError>;
    type IntoFuture = Starting<A, Args>;

    fn into_future(self) -> Starting<A, Args> {
        Starting { state: State::Unstarted(self.args) }
    }
}

/// A [`Start`] under way.
#[must_use = "an actor is not started until this is awaited"]
pub struct Starting<A: Spawn, Args> {
    state: State<A, Args>,
}

type Built<A> = (Result<A, ExitReason>, Ctx<A>);

enum State<A: Spawn, Args> {
    Unstarted(Args),
    /// An `async` init that awaits something.
    Init(Arc<Cell<A>>, ActorRef<A>, Pin<Box<dyn Future<Output = Built<A>> + Send>>),
    Over,
}

impl<A: Spawn, Args> Unpin for Starting<A, Args> {}

impl<A: Init<Args> + Spawn, Args: Send + 'static> Future for Starting<A, Args> {
    type Output = Result<A::Ref, StartError>;

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        let this = self.get_mut();
        match mem::replace(&mut this.state, State::Over) {
            State::Unstarted(args) => {
                let Ok(node) = Node::current() else {
                    return Poll::Ready(Err(StartError::NoRuntime));
                };
                let (cell, handle, ctx) = begin::<A>(node);
                if A::ASYNC {
                    this.state = State::Init(cell, handle, Box::pin(init::<A, Args>(args, ctx)));
                    return Pin::new(this).poll(cx);
                }
                // A plain `fn` is ready at its first poll, so that its future need not outlive this one.
                let frame = Frame::enter(cell.header());
                let built = pin!(init::<A, Args>(args, ctx)).poll(cx);
                drop(frame);
                match built {
                    Poll::Ready(built) => Poll::Ready(finish(&cell, handle, built)),
                    Poll::Pending => unreachable!("an init that is not async does not await"),
                }
            }
            State::Init(cell, handle, mut future) => {
                let frame = Frame::enter(cell.header());
                let built = future.as_mut().poll(cx);
                drop(frame);
                match built {
                    Poll::Ready(built) => Poll::Ready(finish(&cell, handle, built)),
                    Poll::Pending => {
                        this.state = State::Init(cell, handle, future);
                        Poll::Pending
                    }
                }
            }
            State::Over => Poll::Pending,
        }
    }
}

async fn init<A: Init<Args> + Spawn, Args>(args: Args, mut ctx: Ctx<A>) -> Built<A> {
    let built = CatchUnwind { future: async { A::init(args, &mut ctx).await } }.await;
    (built.unwrap_or_else(Err), ctx)
}

fn finish<A: Spawn>(
    cell: &Arc<Cell<A>>,
    handle: ActorRef<A>,
    (built, mut ctx): Built<A>,
) -> Result<A::Ref, StartError> {
    let reason = match built {
        Ok(state) => {
            let mut life = Box::new(Life::new(state, ctx));
            life.heed_stop();
            cell.open(life);
            return Ok(handle.into());
        }
        Err(reason) => reason,
    };
    drop(ctx.take_stop());
    cell.never_open(&reason);
    Err(StartError::Init(reason))
}

impl<A: Spawn, Args> Drop for Starting<A, Args> {
    fn drop(&mut self) {
        if let State::Init(cell, _, future) = mem::replace(&mut self.state, State::Over) {
            shielded(|| drop(future));
            cell.never_open(&ExitReason::Killed);
        }
    }
}

impl<A: Spawn, Args> fmt::Debug for Starting<A, Args> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Starting")
            .field("actor", &std::any::type_name::<A>())
            .finish_non_exhaustive()
    }
}

/// Why an actor did not start.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub enum StartError {
    /// There is no tokio runtime here: start actors inside `#[tokio::main]`, `Runtime::block_on` or a task.
    NoRuntime,
    /// The `#[init]` failed, or panicked.
    Init(ExitReason),
}

impl fmt::Display for StartError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NoRuntime => f.write_str(
                "there is no tokio runtime here: start actors inside `#[tokio::main]` or a task",
            ),
            Self::Init(reason) => write!(f, "the actor's init failed: {reason}"),
        }
    }
}

impl Error for StartError {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        match self {
            Self::NoRuntime => None,
            Self::Init(reason) => reason.error().map(|error| error as _),
        }
    }
}
