//! Actors with Erlang/OTP's guarantees, checked by the compiler.

#![doc(test(attr(deny(warnings))))]

#[doc(hidden)]
#[path = "private.rs"]
pub mod __private0;
mod actor;
mod actor_ref;
mod blocking;
mod call;
mod cast;
mod cell;
mod ctx;
mod exit;
mod limits;
mod node;
mod options;
mod pid;
pub mod prelude;
mod reply;
mod start;
mod sync;
mod target;
mod timer;

pub use crate::{
    actor::{Actor, Handled, Handles, Init, Message, Outcome, Spawn, State},
    actor_ref::{ActorRef, WeakRef},
    call::{Call, CallError, CallFuture},
    cast::{Calls, Cast, CastError, CastFuture, Casts, Infos, Kind},
    ctx::Ctx,
    exit::{ExitError, ExitReason, PanicMessage},
    options::{Inline, OnRestart, Options, Restart, Shutdown},
    pid::Pid,
    reply::{Answered, ReplyTo},
    start::{Start, StartError, Starting, spawn},
    timer::TimerRef,
};
pub use ghostlight_macros::{actor, call, cast, handle_continue, handlers, info, init, terminate};
