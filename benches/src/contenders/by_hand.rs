//! Actors written by hand on tokio: an enum of messages, an unbounded `mpsc`, a `oneshot` for each reply.

use crate::contender::Contender;
use std::time::Duration;
use tokio::{
    sync::{
        mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel},
        oneshot,
    },
    time::{sleep, timeout},
};

pub(crate) enum ByHand {}

impl Contender for ByHand {
    const NAME: &'static str = "by-hand";
    const CRATE: &'static str = "tokio";

    type Counter = CounterHandle;

    async fn counter() -> CounterHandle {
        let (sender, mailbox) = unbounded_channel();
        tokio::spawn(Counter { count: 0, mailbox }.run());
        CounterHandle(sender)
    }

    async fn add(counter: &CounterHandle, n: u64) {
        counter.0.send(CounterMessage::Add(n)).expect("the counter lives");
    }

    async fn increment(counter: &CounterHandle) -> u64 {
        let (reply, answer) = oneshot::channel();
        counter.0.send(CounterMessage::Increment(reply)).expect("the counter lives");
        answer.await.expect("the counter replies")
    }

    type Queued = CounterHandle;

    async fn queued() -> CounterHandle {
        Self::counter().await
    }

    async fn increment_queued(counter: &CounterHandle) -> u64 {
        Self::increment(counter).await
    }

    type Node = NodeHandle;

    async fn node(index: u64, finished: UnboundedSender<u64>) -> NodeHandle {
        let (sender, mailbox) = unbounded_channel();
        tokio::spawn(Node { index, finished, next: None, mailbox }.run());
        NodeHandle(sender)
    }

    async fn set_next(node: &NodeHandle, next: &NodeHandle) {
        node.0.send(NodeMessage::SetNext(next.clone())).expect("the node lives");
    }

    async fn hop(node: &NodeHandle, hops: u64) {
        node.0.send(NodeMessage::Hop(hops)).expect("the node lives");
    }

    type Worker = WorkerHandle;

    async fn worker() -> WorkerHandle {
        let (sender, mailbox) = unbounded_channel();
        tokio::spawn(Worker { mailbox }.run());
        WorkerHandle(sender)
    }

    async fn work(worker: &WorkerHandle, time: Duration, limit: Duration) -> bool {
        let (done, is_done) = oneshot::channel();
        let job = Job { time, done };
        let call = async {
            worker.0.send(job).expect("the worker lives");
            is_done.await.expect("the worker replies");
        };
        timeout(limit, call).await.is_ok()
    }
}

pub(crate) struct CounterHandle(UnboundedSender<CounterMessage>);

enum CounterMessage {
    Add(u64),
    Increment(oneshot::Sender<u64>),
}

struct Counter {
    count: u64,
    mailbox: UnboundedReceiver<CounterMessage>,
}

impl Counter {
    async fn run(mut self) {
        while let Some(message) = self.mailbox.recv().await {
            match message {
                CounterMessage::Add(n) => self.count += n,
                CounterMessage::Increment(reply) => {
                    self.count += 1;
                    let _gone = reply.send(self.count);
                }
            }
        }
    }
}

#[derive(Clone)]
pub(crate) struct NodeHandle(UnboundedSender<NodeMessage>);

enum NodeMessage {
    SetNext(NodeHandle),
    Hop(u64),
}

struct Node {
    index: u64,
    finished: UnboundedSender<u64>,
    next: Option<NodeHandle>,
    mailbox: UnboundedReceiver<NodeMessage>,
}

impl Node {
    async fn run(mut self) {
        while let Some(message) = self.mailbox.recv().await {
            match message {
                NodeMessage::SetNext(next) => self.next = Some(next),
                NodeMessage::Hop(0) => self.finished.send(self.index).expect("the ring is watched"),
                NodeMessage::Hop(hops) => {
                    let next = self.next.as_ref().expect("the ring is closed");
                    next.0.send(NodeMessage::Hop(hops - 1)).expect("the next node lives");
                }
            }
        }
    }
}

#[derive(Clone)]
pub(crate) struct WorkerHandle(UnboundedSender<Job>);

struct Job {
    time: Duration,
    done: oneshot::Sender<()>,
}

struct Worker {
    mailbox: UnboundedReceiver<Job>,
}

impl Worker {
    async fn run(mut self) {
        while let Some(Job { time, done }) = self.mailbox.recv().await {
            sleep(time).await;
            let _gone = done.send(());
        }
    }
}
