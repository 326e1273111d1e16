//! What a module with actors in it needs: `use ghostlight::prelude::*`.

pub use crate::{
    CallError, CastError, ChildSpec, Ctx, Down, DynamicSupervisor, Exit, ExitReason, MonitorRef,
    PartitionSupervisor, ReplyTo, Restart, Shutdown, StartError, Strategy, StreamEnd, StreamError,
    StreamRef, StreamTo, Streaming, Supervisor, Task, TaskError, TaskSupervisor, TimerRef, WeakRef,
    actor, call, cast, child, handle_continue, handlers, info, init, protocol, supervisor,
    terminate,
};
