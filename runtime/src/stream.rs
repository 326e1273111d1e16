//! Streams out of actors: what a call answers many times with.

use crate::{
    CallError, Down, ExitReason, MonitorRef,
    cell::{
        Process, frame,
        shield::{shielded, wake},
    },
    monitor::{self, Watch},
    sync::lock,
};
use futures_core::Stream;
use std::{
    error::Error,
    fmt,
    future::poll_fn,
    hash::{Hash, Hasher},
    mem,
    pin::Pin,
    ptr,
    sync::{Arc, Mutex, Weak},
    task::{Context, Poll, Waker},
};
use tokio::sync::mpsc::{self, error::TrySendError};

/// How many items wait for a reader unless told otherwise.
const CAPACITY: usize = 16;

/// The sending end of a stream: a call that answers many times.
///
/// A `#[call]` handler that takes `out: StreamTo<T>` returns `()`, and its caller gets a [`Streaming<T>`]: `room.watch().await?` is a
/// [`Stream`]. What is sent here, by the handler itself, by a later one, or by a task that has a clone of it, is what the stream gives. Up to
/// 16 items wait for the reader, or as many as `#[call(capacity = 64)]` says.
///
/// The stream ends when the last `StreamTo` is dropped, and with the life of the actor that took the call: whoever holds a `StreamTo` then,
/// the next life or a task, finds it closed. What was sent before is read before the end. A crash of whoever drops the last one is a reason
/// for the end, which the reader [learns](Streaming::reason).
///
/// # Examples
/// ```
/// use ghostlight::prelude::*;
///
/// #[actor]
/// #[derive(Default)]
/// struct Room {
///     readers: Vec<StreamTo<String>>,
/// }
///
/// #[handlers]
/// impl Room {
///     #[call]
///     fn listen(&mut self, out: StreamTo<String>) {
///         self.readers.push(out);
///     }
///
///     #[cast]
///     fn say(&mut self, line: String) {
///         // A reader who has gone, or is too slow, is left behind.
///         self.readers.retain(|reader| reader.try_send(line.clone()).is_ok());
///     }
/// }
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let room = ghostlight::spawn(Room::default())?;
/// let mut lines = room.listen().await?; // a Streaming<String>
/// room.say("hello".into()).await?;
/// assert_eq!(lines.next().await.as_deref(), Some("hello"));
/// room.stop().await?;
/// assert_eq!(lines.next().await, None);
/// assert!(lines.reason().is_some_and(|reason| reason.is_orderly()));
/// # Ok(())
/// # }
/// ```
#[must_use = "a reader waits for these items"]
pub struct StreamTo<T> {
    out: Arc<Out<T>>,
}

/// What all clones of a [`StreamTo`] share: dropped with the last of them.
struct Out<T> {
    items: mpsc::Sender<T>,
    channel: Weak<dyn Ends>,
}

impl<T: Send + 'static> StreamTo<T> {
    /// A stream without an actor whose life it ends with: for a test that calls a handler as the plain method it is, and for a method that returns
    /// the reading end itself, as one of a protocol does.
    ///
    /// # Examples
    /// ```
    /// # use ghostlight::StreamTo;
    /// let (out, mut items) = StreamTo::pair();
    /// out.try_send(5).unwrap();
    /// assert_eq!(items.try_get(), Some(5));
    /// ```
    pub fn pair() -> (Self, Streaming<T>) {
        let (out, opened) = open(None, CAPACITY);
        (out, opened.into_streaming())
    }
}

impl<T> StreamTo<T> {
    /// Sends an item. While as many wait as there is room for, it waits for the reader.
    ///
    /// In a handler it makes the actor wait for somebody who may take any time, and who, if it is an actor, may itself be waiting for this one: no
    /// limit of a caller applies, and such a ring is not found out. So a handler uses [`try_send`](Self::try_send), or hands a clone to a
    /// task, unless it knows its reader.
    ///
    /// # Errors
    /// [`StreamError::Closed`] when the reader or the life of the actor has gone, also while this waits.
    ///
    /// # Cancel safety
    /// If the future is dropped while it waits, the item is not sent.
    pub async fn send(&self, item: T) -> Result<(), StreamError<T>> {
        // The reader may be an actor that this code activated.
        frame::flush();
        self.out.items.send(item).await.map_err(|error| StreamError::Closed(error.0))
    }

    /// Sends an item if there is room for it.
    ///
    /// # Errors
    /// [`StreamError::Full`] while as many items wait as there is room for; [`StreamError::Closed`] when the reader or the life of the actor
    /// has gone. Both give the item back.
    pub fn try_send(&self, item: T) -> Result<(), StreamError<T>> {
        self.out.items.try_send(item).map_err(|error| match error {
            TrySendError::Full(item) => StreamError::Full(item),
            TrySendError::Closed(item) => StreamError::Closed(item),
        })
    }

    /// Whether nothing can be sent any more: the reader or the life of the actor has gone.
    #[must_use]
    pub fn is_closed(&self) -> bool {
        self.out.items.is_closed()
    }

    /// Waits until nothing can be sent any more.
    ///
    /// # Cancel safety
    /// It may be polled and dropped at any time.
    pub async fn closed(&self) {
        frame::flush();
        self.out.items.closed().await;
    }
}

impl<T> Clone for StreamTo<T> {
    fn clone(&self) -> Self {
        Self { out: Arc::clone(&self.out) }
    }
}

impl<T> fmt::Debug for StreamTo<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("StreamTo").field("is_closed", &self.is_closed()).finish_non_exhaustive()
    }
}

impl<T> Drop for Out<T> {
    fn drop(&mut self) {
        if let Some(channel) = self.channel.upgrade() {
            // Where a crash drops it, the reader is told why: that may be known only later.
            frame::abandon(move |error| {
                channel.end(match error {
                    CallError::Died(reason) => Some(reason),
                    CallError::NoProc => Some(ExitReason::NoProc),
                    _ => None,
                });
                shielded(|| drop(channel));
            });
        }
    }
}

/// Why an item was not sent. It is given back.
#[derive(Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum StreamError<T> {
    /// The reader has gone, or the life of the actor that took the call.
    Closed(T),
    /// As many items wait for the reader as there is room for.
    Full(T),
}

impl<T> StreamError<T> {
    /// The item.
    pub fn into_item(self) -> T {
        match self {
            Self::Closed(item) | Self::Full(item) => item,
        }
    }
}

impl<T> fmt::Debug for StreamError<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Closed(_) => "Closed(..)",
            Self::Full(_) => "Full(..)",
        })
    }
}

impl<T> fmt::Display for StreamError<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Closed(_) => "the stream is closed",
            Self::Full(_) => "the reader of the stream has no room",
        })
    }
}

impl<T> Error for StreamError<T> {}

/// The items that an actor sends to a [`StreamTo`]: what a call with such a parameter is answered with.
///
/// It is a [`Stream`], and has a [`next`](Self::next) of its own for those who need no more. It keeps nobody alive: an actor without handles
/// stops, and the stream ends. Dropping it closes the stream for those who send.
#[must_use = "a stream does nothing unless it is read"]
pub struct Streaming<T> {
    source: Arc<dyn Source<T>>,
}

impl<T> Streaming<T> {
    /// The next item; `None` after the last.
    ///
    /// # Cancel safety
    /// No item is lost if this is dropped.
    pub async fn next(&mut self) -> Option<T> {
        poll_fn(|cx| self.source.poll(cx)).await
    }

    /// An item that is there already.
    pub fn try_get(&mut self) -> Option<T> {
        self.source.try_get()
    }

    /// Why the stream has ended, if it was not meant to: the reason for which the actor ended, or whoever else had the last [`StreamTo`].
    ///
    /// `None` while it goes on, and where the last `StreamTo` was simply dropped. The reason is known as soon as there is one: items that were sent
    /// before may still wait to be read.
    #[must_use]
    pub fn reason(&self) -> Option<ExitReason> {
        self.source.reason()
    }
}

impl<T> Stream for Streaming<T> {
    type Item = T;

    fn poll_next(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<T>> {
        self.source.poll(cx)
    }
}

impl<T> fmt::Debug for Streaming<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Streaming").field("is_over", &self.source.is_over()).finish_non_exhaustive()
    }
}

/// A stream on its way to its reader, inside of a reply: generated code turns it into a [`Streaming`]. It is plain enough for what is
/// derived for replies.
pub struct Opened<T>(Arc<dyn Source<T>>);

impl<T> Opened<T> {
    /// The stream. Clones of this share its items.
    pub fn into_streaming(self) -> Streaming<T> {
        Streaming { source: self.0 }
    }
}

impl<T> Clone for Opened<T> {
    fn clone(&self) -> Self {
        Self(Arc::clone(&self.0))
    }
}

impl<T> PartialEq for Opened<T> {
    fn eq(&self, other: &Self) -> bool {
        ptr::addr_eq(Arc::as_ptr(&self.0), Arc::as_ptr(&other.0))
    }
}

impl<T> Eq for Opened<T> {}

impl<T> Hash for Opened<T> {
    fn hash<H: Hasher>(&self, state: &mut H) {
        Arc::as_ptr(&self.0).cast::<()>().hash(state);
    }
}

impl<T> fmt::Debug for Opened<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Opened").finish_non_exhaustive()
    }
}

/// The reading end, with what ends it. Those who send do not keep it.
struct Channel<T> {
    reading: Mutex<Reading<T>>,
    /// The actor whose life it ends with.
    process: Option<Arc<dyn Process>>,
    monitor: MonitorRef,
}

struct Reading<T> {
    items: mpsc::Receiver<T>,
    /// So that `items` does not end by itself: when the last `StreamTo` is dropped, the reason may not be known yet.
    _sender: mpsc::Sender<T>,
    /// Woken by the end: by an item it is `items` that wakes the reader.
    waker: Option<Waker>,
    /// Nothing more is sent.
    is_over: bool,
    reason: Option<ExitReason>,
    /// Whether the reader has begun to wait.
    has_waited: bool,
}

/// A stream, for those who do not care for its items.
trait Ends: Send + Sync {
    /// Nothing can be sent any more. What was sent is read first; the first reason counts.
    fn end(&self, reason: Option<ExitReason>);
}

/// A stream, for its reader: `Send` whatever the items are, so that those that are not are reported once.
trait Source<T>: Ends {
    fn poll(&self, cx: &mut Context<'_>) -> Poll<Option<T>>;
    fn try_get(&self) -> Option<T>;
    fn is_over(&self) -> bool;
    fn reason(&self) -> Option<ExitReason>;
}

impl<T: Send> Ends for Channel<T> {
    fn end(&self, reason: Option<ExitReason>) {
        let mut reading = lock(&self.reading);
        if mem::replace(&mut reading.is_over, true) {
            return;
        }
        reading.reason = reason;
        reading.items.close();
        let waker = reading.waker.take();
        drop(reading);
        if let Some(waker) = waker {
            wake(waker);
        }
    }
}

impl<T: Send> Source<T> for Channel<T> {
    fn poll(&self, cx: &mut Context<'_>) -> Poll<Option<T>> {
        // An actor that this code activated may be the one that is to send.
        frame::flush();
        let mut reading = lock(&self.reading);
        let polled = reading.items.poll_recv(cx);
        if polled.is_pending() {
            match &mut reading.waker {
                Some(waker) => waker.clone_from(cx.waker()),
                none => *none = Some(cx.waker().clone()),
            }
            if !mem::replace(&mut reading.has_waited, true)
                && let Some(process) = &self.process
            {
                drop(reading);
                monitor::hear_of_runtime(process);
            }
        }
        polled
    }

    fn try_get(&self) -> Option<T> {
        lock(&self.reading).items.try_recv().ok()
    }

    fn is_over(&self) -> bool {
        lock(&self.reading).is_over
    }

    fn reason(&self) -> Option<ExitReason> {
        lock(&self.reading).reason.clone()
    }
}

impl<T> Drop for Channel<T> {
    fn drop(&mut self) {
        if let Some(process) = &self.process {
            drop(process.header().ties.unwatch(self.monitor));
        }
    }
}

/// The life of an actor ends: so do the streams that it has opened.
struct WithLife(Weak<dyn Ends>);

impl Watch for WithLife {
    fn down(self: Box<Self>, down: Down) {
        if let Some(channel) = self.0.upgrade() {
            channel.end(Some(down.reason));
        }
    }

    fn is_gone(&self) -> bool {
        self.0.strong_count() == 0
    }
}

/// Opens a stream that ends with the present life of `process`.
pub(crate) fn open<T: Send + 'static>(
    process: Option<Arc<dyn Process>>,
    capacity: usize,
) -> (StreamTo<T>, Opened<T>) {
    let (sender, items) = mpsc::channel(capacity);
    let reading = Reading {
        items,
        _sender: sender.clone(),
        waker: None,
        is_over: false,
        reason: None,
        has_waited: false,
    };
    let monitor = MonitorRef::next();
    let channel = Arc::new(Channel { reading: Mutex::new(reading), process, monitor });
    let ends: Arc<dyn Ends> = channel.clone();
    let ends = Arc::downgrade(&ends);
    if let Some(process) = &channel.process {
        monitor::watch(Some(&**process), monitor, Box::new(WithLife(Weak::clone(&ends))));
    }
    (StreamTo { out: Arc::new(Out { items: sender, channel: ends }) }, Opened(channel))
}
