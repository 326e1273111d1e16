//! Replies that are given later, from anywhere.

use crate::{
    Actor,
    call::{Answer, CallError},
    cell::{frame, port, slot},
};
use std::{fmt, marker::PhantomData, mem};
use tokio::sync::oneshot;

/// The duty to answer a call, kept for later or handed to somebody else.
///
/// A `#[call]` handler that takes `reply: ReplyTo<T>` returns `()`, and its caller gets what is sent here: from the
/// handler itself, from a later one, or from another task. As `GenServer.reply/2`.
///
/// A `ReplyTo` that is dropped without an answer tells its caller: [`CallError::NoReply`] while the actor lives,
/// [`CallError::Died`] when it goes down with the actor. One that is in another task outlives a crash of its actor.
///
/// # Examples
/// ```
/// use ghostlight::prelude::*;
///
/// #[actor]
/// #[derive(Default)]
/// struct Gate {
///     waiting: Vec<ReplyTo<&'static str>>,
/// }
///
/// #[handlers]
/// impl Gate {
///     #[call]
///     fn pass(&mut self, reply: ReplyTo<&'static str>) {
///         self.waiting.push(reply);
///     }
///
///     #[cast]
///     fn open(&mut self) {
///         for reply in self.waiting.drain(..) {
///             reply.send("go");
///         }
///     }
/// }
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let gate = ghostlight::spawn(Gate::default())?;
/// let passing = tokio::spawn(gate.pass().owned().into_future());
/// tokio::task::yield_now().await;
/// gate.open().await?;
/// assert_eq!(passing.await??, "go");
/// # Ok(())
/// # }
/// ```
#[must_use = "a caller waits for this reply"]
pub struct ReplyTo<T> {
    port: Port<T>,
}

enum Port<T> {
    /// Nobody waits: the call was forgotten, or has been answered.
    Nobody,
    /// A caller waits.
    Caller(port::Port<T>),
    /// A test waits.
    Test(oneshot::Sender<T>),
}

impl<T> ReplyTo<T> {
    pub(crate) fn new<A, const INDEX: usize>(sender: Option<slot::Sender<Answer<A::Reply>>>) -> Self
    where
        A: Actor<Reply: Send> + Deferred<INDEX, T, A::Reply>,
    {
        let port = sender.map_or(Port::Nobody, |sender| {
            Port::Caller(port::Port::new::<Variant<A, INDEX>>(sender))
        });
        Self { port }
    }

    /// A reply without an actor, for a test that calls a handler as the plain method it is.
    ///
    /// # Examples
    /// ```
    /// # use ghostlight::ReplyTo;
    /// let (reply, answer) = ReplyTo::pair();
    /// reply.send(5);
    /// assert_eq!(answer.try_get(), Some(5));
    /// ```
    pub fn pair() -> (Self, Answered<T>) {
        let (sender, receiver) = oneshot::channel();
        (Self { port: Port::Test(sender) }, Answered(receiver))
    }

    /// Whether the caller has gone: it was dropped, or its time has passed. An answer would be dropped.
    ///
    /// For a value that must not be lost, look before sending, and keep the value if the caller has gone. One that goes at
    /// that very moment loses it all the same, as one does that goes with the answer in its hands.
    #[must_use]
    pub fn is_closed(&self) -> bool {
        match &self.port {
            Port::Nobody => true,
            Port::Caller(port) => port.is_abandoned(),
            Port::Test(sender) => sender.is_closed(),
        }
    }

    /// Answers. If the caller has gone meanwhile, the value is dropped; [`is_closed`](Self::is_closed) tells before.
    pub fn send(mut self, value: T) {
        match mem::replace(&mut self.port, Port::Nobody) {
            Port::Nobody => {}
            Port::Caller(port) => port.send(value),
            Port::Test(sender) => drop(sender.send(value)),
        }
    }
}

impl<T> Drop for ReplyTo<T> {
    fn drop(&mut self) {
        if let Port::Caller(port) = mem::replace(&mut self.port, Port::Nobody) {
            let owed = port.into_owed();
            frame::abandon(move |error| owed.fail(error));
        }
    }
}

impl<T> fmt::Debug for ReplyTo<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ReplyTo").finish_non_exhaustive()
    }
}

/// What a handler under test answered: the other half of [`ReplyTo::pair`].
#[derive(Debug)]
pub struct Answered<T>(oneshot::Receiver<T>);

impl<T> Answered<T> {
    /// The answer, once it has been given.
    #[must_use]
    pub fn try_get(mut self) -> Option<T> {
        self.0.try_recv().ok()
    }
}

/// The call that is answered later, number `INDEX` of its block: what an actor with a `ReplyTo<T>` in a handler implements. `R`
/// is its reply enum.
pub trait Deferred<const INDEX: usize, T, R> {
    /// The reply that carries it.
    fn wrap(value: T) -> R;
}

struct Variant<A, const INDEX: usize>(PhantomData<A>);

impl<A, const INDEX: usize, T> port::Wrap<T> for Variant<A, INDEX>
where
    A: Actor<Reply: Send> + Deferred<INDEX, T, A::Reply>,
{
    type Answer = Answer<A::Reply>;

    fn wrap(value: Result<T, CallError>) -> Self::Answer {
        value.map(A::wrap)
    }
}
