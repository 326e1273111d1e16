//! What a module with actors in it needs: `use ghostlight::prelude::*`.

pub use crate::{
    CallError, CastError, Ctx, ExitReason, ReplyTo, StartError, actor, call, cast, handle_continue,
    handlers, info, init, terminate,
};
