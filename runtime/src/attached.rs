//! The streams that feed an actor: they live in its context, and end with its life.

use crate::{Actor, Ctx, Handles, sync::lock};
use futures_core::Stream;
use pin_project_lite::pin_project;
use std::{
    collections::{HashMap, VecDeque},
    future::poll_fn,
    marker::PhantomData,
    mem,
    pin::{Pin, pin},
    sync::{
        Arc, Mutex,
        atomic::{AtomicBool, AtomicU64, Ordering},
    },
    task::{Context, Poll, Wake, Waker},
};
use tokio::task::coop;

/// Names a stream that feeds an actor, to end it with [`Ctx::detach`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct StreamRef(u64);

impl StreamRef {
    fn next() -> Self {
        static NEXT: AtomicU64 = AtomicU64::new(1);
        Self(NEXT.fetch_add(1, Ordering::Relaxed))
    }
}

/// A stream that feeds an actor has ended, and its items have been handled.
///
/// An actor that called [`Ctx::attach_with_end`] gets it in its `#[info]` handler for `StreamEnd`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub struct StreamEnd {
    /// Which stream.
    pub stream: StreamRef,
}

impl<A: Actor> Ctx<A> {
    /// Feeds this actor from `stream`: its `#[info]` handler for the items takes them one by one, in order, in turn with other messages.
    ///
    /// The next item is asked for when the last has been handled, and does not go through the mailbox: a stream never fills it, and is
    /// made to wait by an actor that is busy. The actor itself polls the stream. A stream that panics crashes the actor.
    ///
    /// Like a timer it ends with the life that attached it, and keeps an actor alive that nobody has a handle to. When it ends, the actor is not
    /// told; for that there is [`attach_with_end`](Self::attach_with_end). As subscribing a consumer of `GenStage`, with a demand of one.
    ///
    /// # Examples
    /// ```
    /// use ghostlight::prelude::*;
    ///
    /// #[actor]
    /// struct Sensor;
    ///
    /// #[handlers]
    /// impl Sensor {
    ///     #[call]
    ///     fn measure(&self, out: StreamTo<u32>) {
    ///         for degrees in [19, 20, 21] {
    ///             out.try_send(degrees).ok();
    ///         }
    ///     }
    /// }
    ///
    /// #[actor]
    /// struct Mean {
    ///     sum: u32,
    ///     count: u32,
    ///     asked: Vec<ReplyTo<u32>>,
    /// }
    ///
    /// #[handlers]
    /// impl Mean {
    ///     #[init]
    ///     async fn of(sensor: SensorRef, ctx: &mut Ctx<Self>) -> Result<Self, CallError> {
    ///         ctx.attach_with_end(sensor.measure().await?);
    ///         Ok(Self { sum: 0, count: 0, asked: Vec::new() })
    ///     }
    ///
    ///     #[call]
    ///     fn get(&mut self, reply: ReplyTo<u32>) {
    ///         self.asked.push(reply);
    ///     }
    ///
    ///     #[info]
    ///     fn measured(&mut self, degrees: u32) {
    ///         self.sum += degrees;
    ///         self.count += 1;
    ///     }
    ///
    ///     #[info]
    ///     fn ended(&mut self, _: StreamEnd) {
    ///         for reply in self.asked.drain(..) {
    ///             reply.send(self.sum / self.count);
    ///         }
    ///     }
    /// }
    ///
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// let sensor = ghostlight::spawn(Sensor)?;
    /// let mean = Mean::start(sensor).await?;
    /// assert_eq!(mean.get().await?, 20);
    /// # Ok(())
    /// # }
    /// ```
    pub fn attach<S>(&mut self, stream: S) -> StreamRef
    where
        A: Handles<S::Item>,
        S: Stream + Send + 'static,
    {
        let items = Box::pin(Messages { items: stream, actor: PhantomData::<fn(A)> });
        self.attached().add(StreamRef::next(), items, None)
    }

    /// As [`attach`](Self::attach); and when the stream has ended, the `#[info]` handler for [`StreamEnd`] is told.
    pub fn attach_with_end<S>(&mut self, stream: S) -> StreamRef
    where
        A: Handles<S::Item> + Handles<StreamEnd>,
        S: Stream + Send + 'static,
    {
        let stream_ref = StreamRef::next();
        let end = A::info(StreamEnd { stream: stream_ref });
        let items = Box::pin(Messages { items: stream, actor: PhantomData::<fn(A)> });
        self.attached().add(stream_ref, items, Some(end))
    }

    /// Ends a stream that feeds this actor, and drops it: once this has returned, none of its items is handled any more, nor its end.
    ///
    /// Says whether there was something to end.
    pub fn detach(&mut self, stream: StreamRef) -> bool {
        self.attached().remove(stream)
    }
}

pin_project! {
    /// The items of a stream as messages for an actor.
    struct Messages<A, S> {
        #[pin]
        items: S,
        actor: PhantomData<fn(A)>,
    }
}

impl<A: Handles<S::Item>, S: Stream> Stream for Messages<A, S> {
    type Item = A::Info;

    fn poll_next(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<A::Info>> {
        self.project().items.poll_next(cx).map(|item| item.map(A::info))
    }
}

/// The streams of a life. Only those that have something to say are polled.
pub(crate) struct Attached<M> {
    streams: HashMap<StreamRef, Source<M>>,
    ready: Arc<Ready>,
    /// Of timers and streams it was a timer's turn last.
    pub(crate) is_next: bool,
}

struct Source<M> {
    items: Pin<Box<dyn Stream<Item = M> + Send>>,
    /// What the actor is told after the last item.
    end: Option<M>,
    call: Arc<Call>,
}

/// Which streams are to be polled.
struct Ready {
    queue: Mutex<VecDeque<StreamRef>>,
    /// Wakes the actor.
    actor: Mutex<Option<Waker>>,
}

/// The waker of one stream.
struct Call {
    stream: StreamRef,
    ready: Arc<Ready>,
    /// It is in the queue already.
    is_queued: AtomicBool,
}

impl Call {
    fn queue(&self) {
        if !self.is_queued.swap(true, Ordering::AcqRel) {
            lock(&self.ready.queue).push_back(self.stream);
        }
    }
}

impl Wake for Call {
    fn wake(self: Arc<Self>) {
        self.wake_by_ref();
    }

    fn wake_by_ref(self: &Arc<Self>) {
        self.queue();
        let actor = lock(&self.ready.actor).clone();
        if let Some(actor) = actor {
            actor.wake();
        }
    }
}

impl<M> Attached<M> {
    pub(crate) fn new() -> Self {
        let ready = Ready { queue: Mutex::default(), actor: Mutex::default() };
        Self { streams: HashMap::new(), ready: Arc::new(ready), is_next: false }
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.streams.is_empty()
    }

    /// Whether no stream is to be polled.
    pub(crate) fn is_settled(&self) -> bool {
        lock(&self.ready.queue).is_empty()
    }

    fn add(
        &mut self,
        stream: StreamRef,
        items: Pin<Box<dyn Stream<Item = M> + Send>>,
        end: Option<M>,
    ) -> StreamRef {
        let (ready, is_queued) = (Arc::clone(&self.ready), AtomicBool::new(false));
        let call = Arc::new(Call { stream, ready, is_queued });
        call.queue();
        self.streams.insert(stream, Source { items, end, call });
        stream
    }

    fn remove(&mut self, stream: StreamRef) -> bool {
        self.streams.remove(&stream).is_some()
    }

    /// The next item of a stream; or a promise to wake `cx` when there may be one.
    pub(crate) fn poll(&mut self, cx: &mut Context<'_>) -> Option<M> {
        // No more than there are now: one that wakes itself has its turn when others have had theirs.
        let ready = self.wake_by(cx.waker());
        for _ in 0..ready {
            let next = lock(&self.ready.queue).pop_front()?;
            let Some(source) = self.streams.get_mut(&next) else { continue };
            source.call.is_queued.store(false, Ordering::Release);
            match source.poll() {
                Poll::Pending => {}
                Poll::Ready(Some(message)) => {
                    source.call.queue(); // there may be more
                    return Some(message);
                }
                Poll::Ready(None) => {
                    if let Some(end) = self.streams.remove(&next).and_then(|source| source.end) {
                        return Some(end);
                    }
                }
            }
        }
        None
    }

    /// From now on a stream that has something to say wakes this. Says how many have already.
    fn wake_by(&self, waker: &Waker) -> usize {
        let mut actor = lock(&self.ready.actor);
        match &mut *actor {
            Some(known) => known.clone_from(waker),
            none => *none = Some(waker.clone()),
        }
        drop(actor);
        lock(&self.ready.queue).len()
    }
}

impl<M> Source<M> {
    fn poll(&mut self) -> Poll<Option<M>> {
        let waker = Waker::from(Arc::clone(&self.call));
        let items = &mut self.items;
        // Not out of the task's budget: without one it would be woken at once, for nothing, again and again.
        let next = pin!(coop::unconstrained(poll_fn(|cx| items.as_mut().poll_next(cx))));
        next.poll(&mut Context::from_waker(&waker))
    }
}

impl<M> Drop for Attached<M> {
    fn drop(&mut self) {
        // Those who have a stream's waker keep nothing of the actor.
        let actor = mem::take(&mut *lock(&self.ready.actor));
        drop(actor);
    }
}
