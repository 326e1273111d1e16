//! Replies that are given later, from anywhere.

use crate::{
    Actor,
    call::{Answer, CallError},
    cell::{frame, port, slot},
};
use std::{fmt, mem};
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
        A: Deferred<INDEX, Value = T>,
        A::Reply: Send,
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

    /// Answers. If the caller has gone meanwhile, the value is dropped.
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
            frame::abandon(port.into_owed());
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

/// The call of `A` that is answered later, number `INDEX` of its block: what a handler with a `ReplyTo` implements.
pub trait Deferred<const INDEX: usize>: Actor {
    /// What the caller gets.
    type Value;

    /// The reply that carries it.
    fn wrap(value: Self::Value) -> Self::Reply;
}

struct Variant<A, const INDEX: usize>(std::marker::PhantomData<A>);

impl<A, const INDEX: usize> port::Wrap<A::Value> for Variant<A, INDEX>
where
    A: Deferred<INDEX>,
    A::Reply: Send,
{
    type Answer = Answer<A::Reply>;

    fn wrap(value: Result<A::Value, CallError>) -> Self::Answer {
        value.map(A::wrap)
    }
}
