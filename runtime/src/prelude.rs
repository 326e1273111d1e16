//! What a module with actors in it needs: `use ghostlight::prelude::*`.

pub use crate::{
    CallError, CastError, Ctx, ExitReason, ReplyTo, StartError, TimerRef, WeakRef, actor, call,
    cast, handle_continue, handlers, info, init, terminate,
};
