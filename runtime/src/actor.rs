//! What an actor is: state, handlers, a way to begin.

use crate::{__private0::Show, ActorRef, Ctx, Exit, ExitReason, Options};
use std::{fmt, ops::Deref};

/// A struct or enum that is an actor's state: what `#[actor]` implements.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not an actor: its struct lacks `#[actor]`",
    label = "this type lacks `#[actor]`",
    note = "put `#[actor]` on the struct or enum, above its other attributes"
)]
pub trait State: Sized + 'static {
    /// The handle: `VaultRef` for a `Vault`.
    type Ref: From<ActorRef<Self>> + Deref<Target = ActorRef<Self>> + Clone + Send + Sync + 'static;

    /// What the attribute said.
    const OPTIONS: Options;
}

/// A state with handlers: what `#[handlers]` implements.
///
/// The associated types are the generated enums, each a plain value without a channel in it; where a block has no
/// handler of a kind, the type of that kind has no values.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not an actor",
    label = "not an actor",
    note = "put `#[actor]` on the struct and `#[handlers]` on its impl block"
)]
pub trait Actor: State {
    /// The calls: `VaultCall`.
    type Call;
    /// What calls are answered with: `VaultReply`.
    type Reply;
    /// The casts: `VaultCast`.
    type Cast;
    /// The infos: `VaultInfo`.
    type Info;
    /// The continues: `VaultContinue`.
    type Continue;

    /// The handlers of messages, by name.
    const MESSAGES: &'static [&'static str];

    /// Whether there is a `#[terminate]`.
    const TERMINATES: bool;

    /// How the actor's `#[info]` handler for [`Exit`] takes a trapped exit signal; `None` where there is no such handler.
    const EXIT: Option<fn(Exit) -> Self::Info> = None;

    /// Shows a message, where all the enums are `Debug`.
    const SHOW: Option<Show<Self>> = None;

    /// Which of [`MESSAGES`](Self::MESSAGES) handles `message`.
    fn message_index(message: &Message<Self>) -> u16;

    /// Runs the handlers that are a plain `fn`; hands a message with an `async` handler back.
    fn handle(&mut self, message: Message<Self>, ctx: &mut Ctx<Self>) -> Handled<Self>;

    /// Runs the `async` handlers.
    fn handle_async(
        &mut self,
        message: Message<Self>,
        ctx: &mut Ctx<Self>,
    ) -> impl Future<Output = Outcome<Self>> + Send;

    /// Runs the `#[terminate]` method.
    fn terminate(
        &mut self,
        reason: &ExitReason,
        ctx: &mut Ctx<Self>,
    ) -> impl Future<Output = ()> + Send;
}

/// An actor with an `#[init]`: one that `start` can start, with these arguments.
///
/// `Args` is the tuple of the `#[init]`'s parameters: `()`, `(A,)`, `(A, B)`.
#[diagnostic::on_unimplemented(
    message = "`{Self}` has no `#[init]`",
    label = "nothing says how to build this actor",
    note = "mark its constructor with `#[init]`, or start a value with `ghostlight::spawn(..)`"
)]
pub trait Init<Args>: Actor {
    /// Whether the `#[init]` is an `async fn`.
    const ASYNC: bool;

    /// Builds the state; `None` if the actor is not to be started after all.
    fn init(
        args: Args,
        ctx: &mut Ctx<Self>,
    ) -> impl Future<Output = Result<Option<Self>, ExitReason>> + Send;
}

/// An actor that may run on any thread: every actor whose state and messages are `Send`.
///
/// Generic code that starts actors asks for `A: Spawn`; code that only talks to them asks for [`Actor`].
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be started: it is not an actor whose state and messages are `Send`",
    label = "cannot be started",
    note = "an actor has `#[actor]` on its struct and `#[handlers]` on its impl block; \
            in its state and messages `Rc` becomes `Arc`, and what is borrowed becomes owned"
)]
pub trait Spawn:
    Actor<
        Call: Send + 'static,
        Reply: Send + 'static,
        Cast: Send + 'static,
        Info: Send + 'static,
        Continue: Send + 'static,
    > + Send
{
}

#[diagnostic::do_not_recommend]
impl<A> Spawn for A where
    A: Actor<
            Call: Send + 'static,
            Reply: Send + 'static,
            Cast: Send + 'static,
            Info: Send + 'static,
            Continue: Send + 'static,
        > + Send
{
}

/// An actor that has an `#[info]` handler for messages of type `M`.
#[diagnostic::on_unimplemented(
    message = "`{Self}` does not handle `{M}`",
    label = "nobody would see this message",
    note = "add a handler: `#[info] fn name(&mut self, message: {M}) {{ .. }}`",
    note = "a handler without a parameter has a message of its own: `VaultInfo::Tick` is that of `#[info] fn tick(&mut self)`"
)]
pub trait Handles<M>: Actor {
    /// The info that carries `message`.
    fn info(message: M) -> Self::Info;
}

#[diagnostic::do_not_recommend]
impl<A: Actor, M> Handles<M> for A
where
    A::Info: From<M>,
{
    fn info(message: M) -> Self::Info {
        message.into()
    }
}

/// One message on its way into a handler.
pub enum Message<A: Actor> {
    /// Expects a reply.
    Call(A::Call),
    /// Expects none.
    Cast(A::Cast),
    /// A timer, or what another part of the runtime has to say.
    Info(A::Info),
    /// What a handler asked to be done next, before any message.
    Continue(A::Continue),
}

/// What became of a message that was given to [`Actor::handle`].
pub enum Handled<A: Actor> {
    /// Its handler has run.
    Now(Outcome<A>),
    /// Its handler is `async`: for [`Actor::handle_async`].
    Later(Message<A>),
}

/// What a handler that has run leaves to be done.
pub enum Outcome<A: Actor> {
    /// Answer the caller.
    Reply(A::Reply),
    /// Nothing.
    Done,
    /// Crash, for this reason.
    Crash(ExitReason),
}

impl<A: Actor> From<Result<(), ExitReason>> for Outcome<A> {
    fn from(result: Result<(), ExitReason>) -> Self {
        match result {
            Ok(()) => Self::Done,
            Err(reason) => Self::Crash(reason),
        }
    }
}

/// The kinds of message are shown; their content is the user's, and may not be `Debug`.
impl<A: Actor> fmt::Debug for Message<A> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Call(_) => "Call(..)",
            Self::Cast(_) => "Cast(..)",
            Self::Info(_) => "Info(..)",
            Self::Continue(_) => "Continue(..)",
        })
    }
}

impl<A: Actor> fmt::Debug for Handled<A> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Now(outcome) => f.debug_tuple("Now").field(outcome).finish(),
            Self::Later(message) => f.debug_tuple("Later").field(message).finish(),
        }
    }
}

impl<A: Actor> fmt::Debug for Outcome<A> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Reply(_) => f.write_str("Reply(..)"),
            Self::Done => f.write_str("Done"),
            Self::Crash(reason) => f.debug_tuple("Crash").field(reason).finish(),
        }
    }
}
