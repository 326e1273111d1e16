//! The actors by hand, on whichever mailbox the module above has.

use super::{NAME, Receiver, Sender, mailbox, send, send_now};
use crate::contender::{Bulk, Chance, Contender};
use std::{
    panic::{AssertUnwindSafe, catch_unwind},
    time::{Duration, Instant},
};
use tokio::{
    sync::{mpsc::UnboundedSender, oneshot},
    task::JoinHandle,
    time::{sleep, timeout},
};

pub(crate) enum ByHand {}

type Reply<T> = oneshot::Sender<T>;

/// Sends what `message` makes of a reply, and waits for it.
async fn call<M, T>(to: &Sender<M>, message: impl FnOnce(Reply<T>) -> M) -> T {
    let (reply, answer) = oneshot::channel();
    send(to, message(reply)).await;
    answer.await.expect("the actor replies")
}

impl Contender for ByHand {
    const NAME: &'static str = NAME;
    const CRATE: &'static str = "tokio";

    type Counter = Sender<CounterMessage>;

    async fn counter() -> Self::Counter {
        spawn_counter().0
    }

    async fn add(counter: &Self::Counter, n: u64) {
        send(counter, CounterMessage::Add(n)).await;
    }

    async fn increment(counter: &Self::Counter) -> u64 {
        call(counter, CounterMessage::Increment).await
    }

    async fn spawn_and_stop() {
        let (counter, ended) = spawn_counter();
        drop(counter);
        ended.await.expect("it ends");
    }

    type Queued = Self::Counter;

    async fn queued() -> Self::Queued {
        spawn_counter().0
    }

    async fn increment_queued(counter: &Self::Queued) -> u64 {
        call(counter, CounterMessage::Increment).await
    }

    type Driver = Sender<Drive>;

    async fn driver(counter: Self::Queued) -> Self::Driver {
        let (sender, mut mailbox) = mailbox();
        tokio::spawn(async move {
            while let Some(Drive { calls, reply }) = mailbox.recv().await {
                let mut count = 0;
                for _ in 0..calls {
                    count = call(&counter, CounterMessage::Increment).await;
                }
                let _gone = reply.send(count);
            }
        });
        sender
    }

    async fn drive(driver: &Self::Driver, calls: u64) -> u64 {
        call(driver, |reply| Drive { calls, reply }).await
    }

    type Store = Sender<StoreMessage>;

    async fn store() -> Self::Store {
        let (sender, mut mailbox) = mailbox();
        tokio::spawn(async move {
            let mut count = 0;
            while let Some(message) = mailbox.recv().await {
                match message {
                    StoreMessage::Put(bulk) => count += bulk[0],
                    StoreMessage::Exchange(bulk, reply) => {
                        count += bulk[0];
                        let _gone = reply.send(count);
                    }
                }
            }
        });
        sender
    }

    async fn put(store: &Self::Store, bulk: Bulk) {
        send(store, StoreMessage::Put(bulk)).await;
    }

    async fn exchange(store: &Self::Store, bulk: Bulk) -> u64 {
        call(store, |reply| StoreMessage::Exchange(bulk, reply)).await
    }

    type Node = NodeHandle;

    async fn node(index: u64, finished: UnboundedSender<u64>) -> NodeHandle {
        let (sender, mailbox) = mailbox();
        tokio::spawn(Node { index, finished, next: None, mailbox }.run());
        NodeHandle(sender)
    }

    async fn set_next(node: &NodeHandle, next: &NodeHandle) {
        send(&node.0, NodeMessage::SetNext(next.clone())).await;
    }

    async fn hop(node: &NodeHandle, hops: u64) {
        send(&node.0, NodeMessage::Hop(hops)).await;
    }

    type Peer = PeerHandle;

    async fn peer(chance: Chance, finished: UnboundedSender<u64>) -> PeerHandle {
        let (sender, mailbox) = mailbox();
        let me = PeerHandle(sender);
        let peer =
            Peer { me: me.clone(), chance, finished, all: Vec::new(), pings: 0, pongs: 0, mailbox };
        tokio::spawn(peer.run());
        me
    }

    async fn meet(peer: &PeerHandle, all: Vec<PeerHandle>) {
        send(&peer.0, PeerMessage::Meet(all)).await;
    }

    async fn play(peer: &PeerHandle, pings: u64) {
        send(&peer.0, PeerMessage::Play(pings)).await;
    }

    async fn fork(n: u64, finished: UnboundedSender<u64>) {
        let (sender, mut mailbox) = mailbox();
        tokio::spawn(async move {
            let n = mailbox.recv().await.expect("somebody casts");
            finished.send(n).expect("somebody waits");
        });
        send(&sender, n).await;
    }

    type Account = AccountHandle;

    async fn account(balance: u64) -> AccountHandle {
        let (sender, mailbox) = mailbox();
        tokio::spawn(Account { balance, mailbox }.run());
        AccountHandle(sender)
    }

    async fn transfer(from: &AccountHandle, to: &AccountHandle, amount: u64) {
        call(&from.0, |reply| AccountMessage::Transfer { to: to.clone(), amount, reply }).await;
    }

    async fn balance(account: &AccountHandle) -> u64 {
        call(&account.0, AccountMessage::Balance).await
    }

    type Worker = Sender<Job>;

    async fn worker() -> Self::Worker {
        let (sender, mut mailbox) = mailbox();
        tokio::spawn(async move {
            while let Some(Job { time, reply }) = mailbox.recv().await {
                sleep(time).await;
                let _gone = reply.send(());
            }
        });
        sender
    }

    async fn work(worker: &Self::Worker, time: Duration, limit: Duration) -> bool {
        timeout(limit, call(worker, |reply| Job { time, reply })).await.is_ok()
    }

    /// One that crashed ends, and a fresh one is started by who waits for that.
    async fn crash(times: u64) -> Option<u64> {
        let (mut fragile, mut ended) = spawn_fragile();
        let mut answers = 0;
        for _ in 0..times {
            send(&fragile, FragileMessage::Crash).await;
            ended.await.expect("its panic is caught");
            (fragile, ended) = spawn_fragile();
            answers += call(&fragile, FragileMessage::Answer).await;
        }
        Some(answers)
    }

    async fn shut_down(counters: u64) -> Option<(Duration, Duration)> {
        let begun = Instant::now();
        let (senders, tasks): (Vec<_>, Vec<_>) = (0..counters).map(|_| spawn_counter()).unzip();
        let (spawned, begun) = (begun.elapsed(), Instant::now());
        drop(senders);
        for task in tasks {
            task.await.expect("it ends");
        }
        Some((spawned, begun.elapsed()))
    }
}

pub(crate) enum CounterMessage {
    Add(u64),
    Increment(Reply<u64>),
}

struct Counter {
    count: u64,
    mailbox: Receiver<CounterMessage>,
}

fn spawn_counter() -> (Sender<CounterMessage>, JoinHandle<()>) {
    let (sender, mailbox) = mailbox();
    (sender, tokio::spawn(Counter { count: 0, mailbox }.run()))
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

pub(crate) struct Drive {
    calls: u64,
    reply: Reply<u64>,
}

pub(crate) enum StoreMessage {
    Put(Bulk),
    Exchange(Bulk, Reply<u64>),
}

#[derive(Clone)]
pub(crate) struct NodeHandle(Sender<NodeMessage>);

enum NodeMessage {
    SetNext(NodeHandle),
    Hop(u64),
}

struct Node {
    index: u64,
    finished: UnboundedSender<u64>,
    next: Option<NodeHandle>,
    mailbox: Receiver<NodeMessage>,
}

impl Node {
    async fn run(mut self) {
        while let Some(message) = self.mailbox.recv().await {
            match message {
                NodeMessage::SetNext(next) => self.next = Some(next),
                NodeMessage::Hop(0) => self.finished.send(self.index).expect("the ring is watched"),
                NodeMessage::Hop(hops) => {
                    let next = self.next.as_ref().expect("the ring is closed");
                    send_now(&next.0, NodeMessage::Hop(hops - 1));
                }
            }
        }
    }
}

#[derive(Clone)]
pub(crate) struct PeerHandle(Sender<PeerMessage>);

enum PeerMessage {
    Meet(Vec<PeerHandle>),
    Play(u64),
    Ping(PeerHandle),
    Pong,
}

struct Peer {
    me: PeerHandle,
    chance: Chance,
    finished: UnboundedSender<u64>,
    all: Vec<PeerHandle>,
    pings: u64,
    pongs: u64,
    mailbox: Receiver<PeerMessage>,
}

impl Peer {
    async fn run(mut self) {
        while let Some(message) = self.mailbox.recv().await {
            match message {
                PeerMessage::Meet(all) => self.all = all,
                PeerMessage::Play(pings) => {
                    (self.pings, self.pongs) = (pings, 0);
                    self.ping_another();
                }
                PeerMessage::Ping(from) => send_now(&from.0, PeerMessage::Pong),
                PeerMessage::Pong => {
                    self.pongs += 1;
                    if self.pongs < self.pings {
                        self.ping_another();
                    } else {
                        self.finished.send(self.pongs).expect("the game is watched");
                    }
                }
            }
        }
    }

    fn ping_another(&mut self) {
        let other = self.chance.below(self.all.len());
        send_now(&self.all[other].0, PeerMessage::Ping(self.me.clone()));
    }
}

#[derive(Clone)]
pub(crate) struct AccountHandle(Sender<AccountMessage>);

enum AccountMessage {
    Transfer { to: AccountHandle, amount: u64, reply: Reply<()> },
    Deposit(u64, Reply<()>),
    Balance(Reply<u64>),
}

struct Account {
    balance: u64,
    mailbox: Receiver<AccountMessage>,
}

impl Account {
    async fn run(mut self) {
        while let Some(message) = self.mailbox.recv().await {
            match message {
                AccountMessage::Transfer { to, amount, reply } => {
                    self.balance -= amount;
                    call(&to.0, |reply| AccountMessage::Deposit(amount, reply)).await;
                    let _gone = reply.send(());
                }
                AccountMessage::Deposit(amount, reply) => {
                    self.balance += amount;
                    let _gone = reply.send(());
                }
                AccountMessage::Balance(reply) => _ = reply.send(self.balance),
            }
        }
    }
}

pub(crate) struct Job {
    time: Duration,
    reply: Reply<()>,
}

enum FragileMessage {
    Crash,
    Answer(Reply<u64>),
}

impl FragileMessage {
    fn handle(self) {
        match self {
            Self::Crash => panic!("crash"),
            Self::Answer(reply) => _ = reply.send(1),
        }
    }
}

fn spawn_fragile() -> (Sender<FragileMessage>, JoinHandle<()>) {
    let (sender, mut mailbox) = mailbox::<FragileMessage>();
    let task = tokio::spawn(async move {
        while let Some(message) = mailbox.recv().await {
            if catch_unwind(AssertUnwindSafe(|| message.handle())).is_err() {
                return;
            }
        }
    });
    (sender, task)
}
