//! spawned-concurrency, with tasks. Its mailboxes are unbounded.

use crate::contender::{Bulk, Chance, Contender};
use spawned_concurrency::{
    message::Message,
    tasks::{Actor, ActorRef, ActorStart, Context, Handler},
};
use std::time::Duration;
use tokio::{sync::mpsc::UnboundedSender, time::sleep};

pub(crate) enum Spawned {}

impl Contender for Spawned {
    const NAME: &'static str = "spawned-concurrency";
    const CRATE: &'static str = "spawned-concurrency";

    type Counter = ActorRef<Counter>;

    async fn counter() -> Self::Counter {
        Counter { count: 0 }.start()
    }

    async fn add(counter: &Self::Counter, n: u64) {
        counter.send(Add(n)).expect("the counter lives");
    }

    async fn increment(counter: &Self::Counter) -> u64 {
        counter.request(Increment).await.expect("the counter replies")
    }

    async fn spawn_and_stop() {
        let counter = Self::counter().await;
        counter.context().stop();
        counter.join().await;
    }

    type Queued = Self::Counter;

    async fn queued() -> Self::Queued {
        Self::counter().await
    }

    async fn increment_queued(counter: &Self::Queued) -> u64 {
        Self::increment(counter).await
    }

    type Driver = ActorRef<Driver>;

    async fn driver(counter: Self::Queued) -> Self::Driver {
        Driver { counter }.start()
    }

    async fn drive(driver: &Self::Driver, calls: u64) -> u64 {
        driver.request_with_timeout(Drive(calls), Duration::MAX).await.expect("it drives")
    }

    type Store = ActorRef<Store>;

    async fn store() -> Self::Store {
        Store { count: 0 }.start()
    }

    async fn put(store: &Self::Store, bulk: Bulk) {
        store.send(Put(bulk)).expect("the store lives");
    }

    async fn exchange(store: &Self::Store, bulk: Bulk) -> u64 {
        store.request(Exchange(bulk)).await.expect("the store replies")
    }

    type Node = ActorRef<Node>;

    async fn node(index: u64, finished: UnboundedSender<u64>) -> Self::Node {
        Node { index, finished, next: None }.start()
    }

    async fn set_next(node: &Self::Node, next: &Self::Node) {
        node.send(SetNext(next.clone())).expect("the node lives");
    }

    async fn hop(node: &Self::Node, hops: u64) {
        node.send(Hop(hops)).expect("the node lives");
    }

    type Peer = ActorRef<Peer>;

    async fn peer(chance: Chance, finished: UnboundedSender<u64>) -> Self::Peer {
        Peer { chance, finished, all: Vec::new(), pings: 0, pongs: 0 }.start()
    }

    async fn meet(peer: &Self::Peer, all: Vec<Self::Peer>) {
        peer.send(Meet(all)).expect("the peer lives");
    }

    async fn play(peer: &Self::Peer, pings: u64) {
        peer.send(Play(pings)).expect("the peer lives");
    }

    async fn fork(n: u64, finished: UnboundedSender<u64>) {
        let forked = Forked { finished }.start();
        forked.send(Tell(n)).expect("it lives");
    }

    type Account = ActorRef<Account>;

    async fn account(balance: u64) -> Self::Account {
        Account { balance }.start()
    }

    async fn transfer(from: &Self::Account, to: &Self::Account, amount: u64) {
        from.request(Transfer { to: to.clone(), amount }).await.expect("it is done");
    }

    async fn balance(account: &Self::Account) -> u64 {
        account.request(Balance).await.expect("the account replies")
    }

    type Worker = ActorRef<Worker>;

    async fn worker() -> Self::Worker {
        Worker.start()
    }

    async fn work(worker: &Self::Worker, time: Duration, limit: Duration) -> bool {
        worker.request_with_timeout(Job(time), limit).await.is_ok()
    }
}

pub(crate) struct Counter {
    count: u64,
}

impl Actor for Counter {}

struct Add(u64);

impl Message for Add {
    type Result = ();
}

impl Handler<Add> for Counter {
    async fn handle(&mut self, Add(n): Add, _: &Context<Self>) {
        self.count += n;
    }
}

struct Increment;

impl Message for Increment {
    type Result = u64;
}

impl Handler<Increment> for Counter {
    async fn handle(&mut self, _: Increment, _: &Context<Self>) -> u64 {
        self.count += 1;
        self.count
    }
}

pub(crate) struct Driver {
    counter: ActorRef<Counter>,
}

impl Actor for Driver {}

struct Drive(u64);

impl Message for Drive {
    type Result = u64;
}

impl Handler<Drive> for Driver {
    async fn handle(&mut self, Drive(calls): Drive, _: &Context<Self>) -> u64 {
        let mut count = 0;
        for _ in 0..calls {
            count = self.counter.request(Increment).await.expect("the counter replies");
        }
        count
    }
}

pub(crate) struct Store {
    count: u64,
}

impl Actor for Store {}

struct Put(Bulk);

impl Message for Put {
    type Result = ();
}

impl Handler<Put> for Store {
    async fn handle(&mut self, Put(bulk): Put, _: &Context<Self>) {
        self.count += bulk[0];
    }
}

struct Exchange(Bulk);

impl Message for Exchange {
    type Result = u64;
}

impl Handler<Exchange> for Store {
    async fn handle(&mut self, Exchange(bulk): Exchange, _: &Context<Self>) -> u64 {
        self.count += bulk[0];
        self.count
    }
}

pub(crate) struct Node {
    index: u64,
    finished: UnboundedSender<u64>,
    next: Option<ActorRef<Node>>,
}

impl Actor for Node {}

struct SetNext(ActorRef<Node>);

impl Message for SetNext {
    type Result = ();
}

impl Handler<SetNext> for Node {
    async fn handle(&mut self, SetNext(next): SetNext, _: &Context<Self>) {
        self.next = Some(next);
    }
}

struct Hop(u64);

impl Message for Hop {
    type Result = ();
}

impl Handler<Hop> for Node {
    async fn handle(&mut self, Hop(hops): Hop, _: &Context<Self>) {
        if hops == 0 {
            self.finished.send(self.index).expect("the ring is watched");
        } else {
            let next = self.next.as_ref().expect("the ring is closed");
            next.send(Hop(hops - 1)).expect("the next node has room");
        }
    }
}

pub(crate) struct Peer {
    chance: Chance,
    finished: UnboundedSender<u64>,
    all: Vec<ActorRef<Peer>>,
    pings: u64,
    pongs: u64,
}

impl Actor for Peer {}

impl Peer {
    fn ping_another(&mut self, me: ActorRef<Self>) {
        let other = self.chance.below(self.all.len());
        self.all[other].send(Ping(me)).expect("it has room");
    }
}

struct Meet(Vec<ActorRef<Peer>>);

impl Message for Meet {
    type Result = ();
}

impl Handler<Meet> for Peer {
    async fn handle(&mut self, Meet(all): Meet, _: &Context<Self>) {
        self.all = all;
    }
}

struct Play(u64);

impl Message for Play {
    type Result = ();
}

impl Handler<Play> for Peer {
    async fn handle(&mut self, Play(pings): Play, ctx: &Context<Self>) {
        (self.pings, self.pongs) = (pings, 0);
        self.ping_another(ctx.actor_ref());
    }
}

struct Ping(ActorRef<Peer>);

impl Message for Ping {
    type Result = ();
}

impl Handler<Ping> for Peer {
    async fn handle(&mut self, Ping(from): Ping, _: &Context<Self>) {
        from.send(Pong).expect("it has room");
    }
}

struct Pong;

impl Message for Pong {
    type Result = ();
}

impl Handler<Pong> for Peer {
    async fn handle(&mut self, _: Pong, ctx: &Context<Self>) {
        self.pongs += 1;
        if self.pongs < self.pings {
            self.ping_another(ctx.actor_ref());
        } else {
            self.finished.send(self.pongs).expect("the game is watched");
        }
    }
}

struct Forked {
    finished: UnboundedSender<u64>,
}

impl Actor for Forked {}

struct Tell(u64);

impl Message for Tell {
    type Result = ();
}

impl Handler<Tell> for Forked {
    async fn handle(&mut self, Tell(n): Tell, ctx: &Context<Self>) {
        self.finished.send(n).expect("somebody waits");
        ctx.stop();
    }
}

pub(crate) struct Account {
    balance: u64,
}

impl Actor for Account {}

struct Transfer {
    to: ActorRef<Account>,
    amount: u64,
}

impl Message for Transfer {
    type Result = ();
}

impl Handler<Transfer> for Account {
    async fn handle(&mut self, Transfer { to, amount }: Transfer, _: &Context<Self>) {
        self.balance -= amount;
        to.request(Deposit(amount)).await.expect("the other account replies");
    }
}

struct Deposit(u64);

impl Message for Deposit {
    type Result = ();
}

impl Handler<Deposit> for Account {
    async fn handle(&mut self, Deposit(amount): Deposit, _: &Context<Self>) {
        self.balance += amount;
    }
}

struct Balance;

impl Message for Balance {
    type Result = u64;
}

impl Handler<Balance> for Account {
    async fn handle(&mut self, _: Balance, _: &Context<Self>) -> u64 {
        self.balance
    }
}

pub(crate) struct Worker;

impl Actor for Worker {}

struct Job(Duration);

impl Message for Job {
    type Result = ();
}

impl Handler<Job> for Worker {
    async fn handle(&mut self, Job(time): Job, _: &Context<Self>) {
        sleep(time).await;
    }
}
