//! Which of the public types may go to another thread, and stay there.

#![allow(clippy::unwrap_used, reason = "a test may fail in a helper, too")]

use ghostlight::{
    ActorRef, AsyncStream, CallError, CallFuture, CastError, CastFuture, ChildError, Ctx, Drained,
    ExitReason, Options, PartitionSupervisorRef, Pid, Requests, StartError, Starting, TaskError,
    TaskSupervisorRef, TimerRef, WeakRef, prelude::*,
};
use std::time::Duration;

/// Its state is not `Sync`, and need not be.
#[actor]
struct Cell(std::cell::Cell<u8>);

#[handlers]
impl Cell {
    #[init]
    fn new(n: u8) -> Self {
        Self(n.into())
    }

    #[call]
    fn get(&self) -> u8 {
        self.0.get()
    }

    #[cast]
    fn set(&self, n: u8) {
        self.0.set(n);
    }
}

const fn send<T: Send>() {}
const fn send_sync<T: Send + Sync>() {}
const fn unpin<T: Unpin>() {}

const _: () = {
    send_sync::<CellRef>();
    send_sync::<ActorRef<Cell>>();
    send_sync::<ActorRef<*const u8>>(); // no bound on the actor
    send_sync::<WeakRef<Cell>>();
    send::<CallFuture<'static, Cell, u8>>();
    unpin::<CallFuture<'static, Cell, u8>>();
    send::<CastFuture<'static, Cell>>();
    unpin::<CastFuture<'static, Cell>>();
    send::<Starting<Cell, (u8,)>>();
    send::<Ctx<Cell>>();
    send_sync::<Pid>();
    send_sync::<TimerRef>();
    send_sync::<Options>();
    send_sync::<ExitReason>();
    send_sync::<CallError>();
    send_sync::<StartError>();
    send_sync::<CastError<u8>>();
    send::<ReplyTo<u8>>();
    send_sync::<StreamTo<std::cell::Cell<u8>>>();
    send_sync::<Streaming<std::cell::Cell<u8>>>();
    unpin::<Streaming<std::marker::PhantomPinned>>();
    send_sync::<StreamError<u8>>();
    send_sync::<StreamRef>();
    send_sync::<Task<std::cell::Cell<u8>>>();
    unpin::<Task<std::marker::PhantomPinned>>();
    send_sync::<TaskError>();
    send_sync::<TaskSupervisor>();
    send_sync::<TaskSupervisorRef>();
    send::<AsyncStream<'static, std::cell::Cell<u8>>>();
    send_sync::<PartitionSupervisorRef<Cell>>();
    send::<PartitionSupervisor<Cell>>();
    send_sync::<Drained>();
    send_sync::<ChildError>();
    send::<Requests<u8, u8>>();
    unpin::<Requests<u8, u8>>();
};

#[tokio::test]
async fn a_state_need_not_be_sync() {
    let cell = Cell::start(1).await.unwrap();
    cell.set(2).await.unwrap();
    assert_eq!(tokio::spawn(async move { cell.get().await }).await.unwrap().unwrap(), 2);
}

#[tokio::test]
async fn a_result_of_a_task_need_not_be_sync() {
    let task = || Task::spawn(async { std::cell::Cell::new(5) }).unwrap();
    let waiting = tokio::spawn(async move {
        assert_eq!(task().timeout(Duration::MAX).await.unwrap().get(), 5);
        assert!(task().yield_for(Duration::MAX).await.is_some());
        assert!(task().shutdown(Shutdown::Infinity).await.is_none());
        assert_eq!(Task::await_many([task(), task()]).await.unwrap().len(), 2);
        assert!(Task::yield_many(&mut [task()], Duration::MAX).await[0].is_some());
        let one = |n: u8| async move { std::cell::Cell::new(n) };
        assert!(Task::async_stream([5], one).next().await.is_some());
        let tasks = TaskSupervisor::new().start().await.unwrap();
        assert!(tasks.spawn(one(5)).await.unwrap().await.is_ok());
        tasks.start_child(one(5)).await.unwrap();
        assert!(tasks.async_stream([5], one).next().await.is_some());
    });
    waiting.await.unwrap();
}
