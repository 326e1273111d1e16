//! What generated code names, and nobody else: anything in here may change in any release.

use crate::{Actor, Ctx, Exit, ExitReason, Message, Role, State, StreamTo, stream};
use std::{fmt::Debug, marker::PhantomData, time::Duration};

pub use crate::{
    protocol::{Errand, Held, Speaker, Speaks, any_ref, caught, start_speaker},
    reply::Deferred,
    stream::Opened,
    supervisor::{Plan, Planned, Siblings, may_be_significant, start_tree, tree_spec},
};

/// What a cast, info or continue handler may return.
#[diagnostic::on_unimplemented(
    message = "a handler that is no `#[call]` returns `()` or `Result<(), E>`, where `E` is an error, not `{Self}`",
    label = "neither `()` nor a result with an error type",
    note = "to answer the caller, mark the method `#[call]`",
    note = "`Err(e)` crashes the actor: `E` implements `std::error::Error + Send + Sync`, or converts into `ExitReason`",
    note = "a text or a boxed error is no error type: return `Result<(), ExitReason>`, with `.map_err(ExitReason::crash)`"
)]
pub trait IntoOutcome {
    /// Whether the actor goes on.
    ///
    /// # Errors
    /// The reason to crash for.
    fn into_outcome(self) -> Result<(), ExitReason>;
}

#[diagnostic::do_not_recommend]
impl IntoOutcome for () {
    #[inline]
    fn into_outcome(self) -> Result<(), ExitReason> {
        Ok(())
    }
}

#[diagnostic::do_not_recommend]
impl<E: Into<ExitReason>> IntoOutcome for Result<(), E> {
    #[inline]
    fn into_outcome(self) -> Result<(), ExitReason> {
        self.map_err(Into::into)
    }
}

/// What an `#[init]` may return.
#[diagnostic::on_unimplemented(
    message = "`#[init]` must return `{A}`, `Option<{A}>` or `Result<{A}, E>`, where `E` is an error, not `{Self}`",
    label = "this builds no `{A}`, or fails with what is no error",
    note = "after `None` or `Err(e)` the actor does not start: `E` implements `std::error::Error + Send + Sync`, or converts into `ExitReason`",
    note = "a text or a boxed error is no error type: return `Result<{A}, ExitReason>`, with `.map_err(ExitReason::crash)`"
)]
pub trait IntoInit<A> {
    /// The state; `None` if the actor is not to be started.
    ///
    /// # Errors
    /// The reason why the actor cannot start.
    fn into_init(self) -> Result<Option<A>, ExitReason>;
}

#[diagnostic::do_not_recommend]
impl<A> IntoInit<A> for A {
    fn into_init(self) -> Result<Option<A>, ExitReason> {
        Ok(Some(self))
    }
}

#[diagnostic::do_not_recommend]
impl<A> IntoInit<A> for Option<A> {
    fn into_init(self) -> Result<Option<A>, ExitReason> {
        Ok(self)
    }
}

#[diagnostic::do_not_recommend]
impl<A, E: Into<ExitReason>> IntoInit<A> for Result<A, E> {
    fn into_init(self) -> Result<Option<A>, ExitReason> {
        self.map(Some).map_err(Into::into)
    }
}

#[diagnostic::do_not_recommend]
impl<A, E: Into<ExitReason>> IntoInit<A> for Result<Option<A>, E> {
    fn into_init(self) -> Result<Option<A>, ExitReason> {
        self.map_err(Into::into)
    }
}

/// An actor with an `#[init]`. Nothing implements it: only where there is none is it asked for.
#[diagnostic::on_unimplemented(
    message = "`{Self}` has no `#[init]`",
    label = "nothing says how to build this actor",
    note = "mark its constructor with `#[init]`, or start a value with `ghostlight::spawn(..)`"
)]
pub trait HasInit {}

/// A parameter of a handler.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot travel in a message",
    label = "not `Send + 'static`",
    note = "a message moves to the actor's task: `Rc` becomes `Arc`, `dyn Trait` becomes `dyn Trait + Send`, and what is borrowed becomes owned"
)]
pub trait MessageField {}

#[diagnostic::do_not_recommend]
impl<T: Send + 'static> MessageField for T {}

/// Asserts that a parameter can travel in a message.
pub const fn assert_message<T: MessageField>() {}

/// The result of a call handler.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot travel in a reply",
    label = "not `Send + 'static`",
    note = "a reply moves to its caller's task: `Rc` becomes `Arc`, `dyn Trait` becomes `dyn Trait + Send`, and what is borrowed becomes owned"
)]
pub trait ReplyValue {}

#[diagnostic::do_not_recommend]
impl<T: Send + 'static> ReplyValue for T {}

/// Asserts that a result can travel in a reply.
pub const fn assert_reply<T: ReplyValue>() {}

/// What a [`StreamTo`](crate::StreamTo) carries.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot travel in a stream",
    label = "not `Send + 'static`",
    note = "an item moves to its reader's task: `Rc` becomes `Arc`, `dyn Trait` becomes `dyn Trait + Send`, and what is borrowed becomes owned"
)]
pub trait StreamItem {}

#[diagnostic::do_not_recommend]
impl<T: Send + 'static> StreamItem for T {}

/// Asserts that an item can travel in a stream.
pub const fn assert_item<T: StreamItem>() {}

/// Opens the streams of `T` that an actor is asked for. Where `T` is not `Send` that is reported by [`assert_item`] already: there [`NoStreams`]
/// stands in, and keeps silent.
#[derive(Debug)]
pub struct Streams<T>(PhantomData<T>);

impl<T: Send + 'static> Streams<T> {
    /// Opens a stream in which so many items wait for the reader.
    pub fn open<A: Actor>(ctx: &Ctx<A>, capacity: usize) -> (StreamTo<T>, Opened<T>) {
        stream::open(Some(ctx.process()), capacity)
    }
}

/// There are no streams of these items.
pub trait NoStreams {
    /// The items.
    type Item;

    /// Stands in for [`Streams::open`], in code that does not compile.
    fn open<A: Actor>(_: &Ctx<A>, _: usize) -> (StreamTo<Self::Item>, Opened<Self::Item>) {
        unreachable!("the items are not `Send`")
    }
}

impl<T> NoStreams for Streams<T> {
    type Item = T;
}

/// The state of an actor.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be an actor's state: it is not `Send`",
    label = "not `Send`",
    note = "an actor may run on any thread: `Rc` becomes `Arc`, `dyn Trait` becomes `dyn Trait + Send`, `RefCell` is not needed (handlers take `&mut self`)"
)]
pub trait SendState {}

#[diagnostic::do_not_recommend]
impl<T: Send + 'static> SendState for T {}

/// Asserts that a state may run on any thread.
pub const fn assert_state<T: SendState>() {}

/// The state of an actor with an `async` handler that takes `&self`.
#[diagnostic::on_unimplemented(
    message = "an `async` handler that takes `&self` needs the state to be `Sync`, and `{Self}` is not",
    label = "take `&mut self`",
    note = "an actor runs one handler at a time, so nothing is lost with `&mut self`"
)]
pub trait SyncState {}

#[diagnostic::do_not_recommend]
impl<T: Sync> SyncState for T {}

/// Asserts that an `async` handler may hold `&self`.
pub const fn assert_sync_state<T: SyncState>() {}

/// The marker of an actor whose `#[handlers]` block exists.
#[diagnostic::on_unimplemented(
    message = "an `#[actor]` without `#[handlers]` handles nothing",
    label = "this actor has no `#[handlers]` block",
    note = "put `#[handlers]` on its impl block, and `#[call]`, `#[cast]` or `#[info]` on methods there",
    note = "where that block is in another module, it names the actor by its path: `impl super::Vault`",
    note = "what only speaks a protocol needs no `#[actor]`: `StoreRef::spawn(value)` starts it"
)]
pub trait HasHandlers {}

/// Asserts that an actor has its `#[handlers]` block.
pub const fn assert_handlers<T: HasHandlers>() {}

/// A message of a kind that an actor has no handler for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Never {}

/// With a second way to make one, the compiler does not take an actor without infos for one that handles `Never`, and says
/// what is missing instead.
impl From<std::convert::Infallible> for Never {
    fn from(never: std::convert::Infallible) -> Self {
        match never {}
    }
}

/// What `#[call(..)]` said about a call.
#[derive(Debug, Clone, Copy)]
pub struct CallOptions {
    /// Its handler is a plain `fn`.
    pub inline: bool,
    /// Its answer comes through a `ReplyTo` or a `StreamTo`.
    pub later: bool,
    /// It is to run even when its caller has gone.
    pub always: bool,
    /// How long its caller waits.
    pub limit: Limit,
}

/// How long the caller of a call waits.
#[derive(Debug, Clone, Copy)]
pub enum Limit {
    /// 5 s.
    Default,
    /// This long.
    After(Duration),
    /// Until then.
    Until(tokio::time::Instant),
    /// As long as it takes.
    Infinite,
}

/// Finds out whether an actor's infos take an [`Exit`]: where they do, this constant hides the one of [`NoExit`].
#[derive(Debug)]
pub struct TrapsExit<I>(PhantomData<I>);

impl<I: From<Exit>> TrapsExit<I> {
    /// How they do.
    pub const EXIT: Option<fn(Exit) -> I> = Some(I::from);
}

/// The infos take no [`Exit`].
pub trait NoExit {
    /// The infos.
    type Info;
    /// They do not.
    const EXIT: Option<fn(Exit) -> Self::Info> = None;
}

impl<I> NoExit for TrapsExit<I> {
    type Info = I;
}

/// How the messages of an actor are shown.
pub type Show<A> = fn(&Message<A>) -> String;

/// Finds out whether an actor's messages are [`Debug`], as [`TrapsExit`] does for infos and [`Exit`].
#[derive(Debug)]
pub struct Shows<A>(PhantomData<A>);

impl<A> Shows<A>
where
    A: Actor<Call: Debug, Cast: Debug, Info: Debug, Continue: Debug>,
{
    /// How they are shown.
    pub const SHOW: Option<Show<A>> = Some(|message| match message {
        Message::Call(message) => format!("{message:?}"),
        Message::Cast(message) => format!("{message:?}"),
        Message::Info(message) => format!("{message:?}"),
        Message::Continue(message) => format!("{message:?}"),
    });
}

/// The messages are not all [`Debug`].
pub trait NoShow {
    /// The actor.
    type Actor: Actor;
    /// They are not shown.
    const SHOW: Option<Show<Self::Actor>> = None;
}

impl<A: Actor> NoShow for Shows<A> {
    type Actor = A;
}

/// A child that may be told how long it has to end: an actor.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is a supervisor: it has as long to end as its children need",
    label = "this would cut off its children",
    note = "leave it out, and give each child a time: `#[actor(shutdown = \"10s\")]`"
)]
pub trait ShutdownTime {}

#[diagnostic::do_not_recommend]
impl<A: State> ShutdownTime for A {}

/// A parameter of a `#[child]` method: the handle of an earlier child.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not the handle of a `{R}`",
    label = "the child of this name is a `{R}`",
    note = "take the handle that belongs to the child: for a `Vault`, a `VaultRef`"
)]
pub trait DependencyOn<R: Role> {
    /// The handle as the parameter.
    fn from_handle(handle: R::Ref) -> Self;
}

#[diagnostic::do_not_recommend]
impl<R: Role<Ref = T>, T> DependencyOn<R> for T {
    fn from_handle(handle: T) -> Self {
        handle
    }
}
