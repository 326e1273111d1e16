//! Ghostlight, with its defaults.

use crate::contender::Contender;
use ghostlight::prelude::*;
use std::time::Duration;
use tokio::sync::mpsc::UnboundedSender;

pub(crate) enum Ghostlight {}

impl Contender for Ghostlight {
    const NAME: &'static str = "ghostlight";
    const CRATE: &'static str = "ghostlight";

    type Counter = CounterRef;

    async fn counter() -> CounterRef {
        ghostlight::spawn(Counter { count: 0 }).expect("a runtime runs")
    }

    async fn add(counter: &CounterRef, n: u64) {
        counter.add(n).await.expect("the counter lives");
    }

    async fn increment(counter: &CounterRef) -> u64 {
        counter.increment().await.expect("the counter replies")
    }

    type Queued = QueuedRef;

    async fn queued() -> QueuedRef {
        ghostlight::spawn(Queued { count: 0 }).expect("a runtime runs")
    }

    async fn increment_queued(counter: &QueuedRef) -> u64 {
        counter.increment().await.expect("the counter replies")
    }

    type Node = NodeRef;

    async fn node(index: u64, finished: UnboundedSender<u64>) -> NodeRef {
        ghostlight::spawn(Node { index, finished, next: None }).expect("a runtime runs")
    }

    async fn set_next(node: &NodeRef, next: &NodeRef) {
        node.set_next(next.clone()).await.expect("the node lives");
    }

    async fn hop(node: &NodeRef, hops: u64) {
        node.hop(hops).await.expect("the node lives");
    }

    type Worker = WorkerRef;

    async fn worker() -> WorkerRef {
        ghostlight::spawn(Worker).expect("a runtime runs")
    }

    async fn work(worker: &WorkerRef, time: Duration, limit: Duration) -> bool {
        worker.work(time).timeout(limit).await.is_ok()
    }
}

/// Counts.
#[actor]
pub(crate) struct Counter {
    count: u64,
}

#[handlers]
impl Counter {
    #[cast]
    fn add(&mut self, n: u64) {
        self.count += n;
    }

    #[call]
    fn increment(&mut self) -> u64 {
        self.count += 1;
        self.count
    }
}

/// Counts, always by way of its mailbox.
#[actor(inline = never)]
pub(crate) struct Queued {
    count: u64,
}

#[handlers]
impl Queued {
    #[call]
    fn increment(&mut self) -> u64 {
        self.count += 1;
        self.count
    }
}

/// Passes a token on.
#[actor]
pub(crate) struct Node {
    index: u64,
    finished: UnboundedSender<u64>,
    next: Option<NodeRef>,
}

#[handlers]
impl Node {
    #[cast]
    fn set_next(&mut self, next: NodeRef) {
        self.next = Some(next);
    }

    #[cast]
    fn hop(&mut self, hops: u64) {
        if hops == 0 {
            self.finished.send(self.index).expect("the ring is watched");
        } else {
            let next = self.next.as_ref().expect("the ring is closed");
            next.hop(hops - 1).try_send().expect("the next node has room");
        }
    }
}

/// Works.
#[actor]
pub(crate) struct Worker;

#[handlers]
impl Worker {
    #[call]
    async fn work(&mut self, time: Duration) {
        tokio::time::sleep(time).await;
    }
}
