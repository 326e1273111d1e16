//! xtra, with unbounded mailboxes, as in its examples.
//!
//! Messages of one priority that wait are handled in no particular order. So casts have a higher one than calls, for a call to come after
//! them, and what must be known before the first cast is called.

use crate::contender::{Bulk, Chance, Contender};
use std::time::Duration;
use tokio::{
    sync::mpsc::UnboundedSender,
    time::{sleep, timeout},
};
use xtra::{prelude::*, spawn_tokio};

pub(crate) enum Xtra {}

/// Does not wait until the message has been handled.
async fn cast<A: Handler<M>, M: Send + 'static>(to: &Address<A>, message: M) {
    drop(to.send(message).priority(1).detach().await.expect("the actor lives"));
}

impl Contender for Xtra {
    const NAME: &'static str = "xtra";
    const CRATE: &'static str = "xtra";

    type Counter = Address<Counter>;

    async fn counter() -> Self::Counter {
        spawn_tokio(Counter { count: 0 }, Mailbox::unbounded())
    }

    async fn add(counter: &Self::Counter, n: u64) {
        cast(counter, Add(n)).await;
    }

    async fn increment(counter: &Self::Counter) -> u64 {
        counter.send(Increment).await.expect("the counter replies")
    }

    async fn spawn_and_stop() {
        let counter = Self::counter().await;
        let ended = counter.join();
        drop(counter);
        ended.await;
    }

    type Queued = Self::Counter;

    async fn queued() -> Self::Queued {
        Self::counter().await
    }

    async fn increment_queued(counter: &Self::Queued) -> u64 {
        Self::increment(counter).await
    }

    type Driver = Address<Driver>;

    async fn driver(counter: Self::Queued) -> Self::Driver {
        spawn_tokio(Driver { counter }, Mailbox::unbounded())
    }

    async fn drive(driver: &Self::Driver, calls: u64) -> u64 {
        driver.send(Drive(calls)).await.expect("it drives")
    }

    type Store = Address<Store>;

    async fn store() -> Self::Store {
        spawn_tokio(Store { count: 0 }, Mailbox::unbounded())
    }

    async fn put(store: &Self::Store, bulk: Bulk) {
        cast(store, Put(bulk)).await;
    }

    async fn exchange(store: &Self::Store, bulk: Bulk) -> u64 {
        store.send(Exchange(bulk)).await.expect("the store replies")
    }

    type Node = Address<Node>;

    async fn node(index: u64, finished: UnboundedSender<u64>) -> Self::Node {
        spawn_tokio(Node { index, finished, next: None }, Mailbox::unbounded())
    }

    async fn set_next(node: &Self::Node, next: &Self::Node) {
        node.send(SetNext(next.clone())).await.expect("the node lives");
    }

    async fn hop(node: &Self::Node, hops: u64) {
        cast(node, Hop(hops)).await;
    }

    type Peer = Address<Peer>;

    async fn peer(chance: Chance, finished: UnboundedSender<u64>) -> Self::Peer {
        spawn_tokio(
            Peer { chance, finished, all: Vec::new(), pings: 0, pongs: 0 },
            Mailbox::unbounded(),
        )
    }

    async fn meet(peer: &Self::Peer, all: Vec<Self::Peer>) {
        peer.send(Meet(all)).await.expect("the peer lives");
    }

    async fn play(peer: &Self::Peer, pings: u64) {
        cast(peer, Play(pings)).await;
    }

    async fn fork(n: u64, finished: UnboundedSender<u64>) {
        let forked = spawn_tokio(Forked { finished }, Mailbox::unbounded());
        cast(&forked, Tell(n)).await;
    }

    type Account = Address<Account>;

    async fn account(balance: u64) -> Self::Account {
        spawn_tokio(Account { balance }, Mailbox::unbounded())
    }

    async fn transfer(from: &Self::Account, to: &Self::Account, amount: u64) {
        from.send(Transfer { to: to.clone(), amount }).await.expect("it is done");
    }

    async fn balance(account: &Self::Account) -> u64 {
        account.send(Balance).await.expect("the account replies")
    }

    type Worker = Address<Worker>;

    async fn worker() -> Self::Worker {
        spawn_tokio(Worker, Mailbox::unbounded())
    }

    async fn work(worker: &Self::Worker, time: Duration, limit: Duration) -> bool {
        timeout(limit, worker.send(Job(time))).await.is_ok_and(|answer| answer.is_ok())
    }
}

#[derive(xtra::Actor)]
pub(crate) struct Counter {
    count: u64,
}

struct Add(u64);

impl Handler<Add> for Counter {
    type Return = ();

    async fn handle(&mut self, Add(n): Add, _: &mut Context<Self>) {
        self.count += n;
    }
}

struct Increment;

impl Handler<Increment> for Counter {
    type Return = u64;

    async fn handle(&mut self, _: Increment, _: &mut Context<Self>) -> u64 {
        self.count += 1;
        self.count
    }
}

#[derive(xtra::Actor)]
pub(crate) struct Driver {
    counter: Address<Counter>,
}

struct Drive(u64);

impl Handler<Drive> for Driver {
    type Return = u64;

    async fn handle(&mut self, Drive(calls): Drive, _: &mut Context<Self>) -> u64 {
        let mut count = 0;
        for _ in 0..calls {
            count = self.counter.send(Increment).await.expect("the counter replies");
        }
        count
    }
}

#[derive(xtra::Actor)]
pub(crate) struct Store {
    count: u64,
}

struct Put(Bulk);

impl Handler<Put> for Store {
    type Return = ();

    async fn handle(&mut self, Put(bulk): Put, _: &mut Context<Self>) {
        self.count += bulk[0];
    }
}

struct Exchange(Bulk);

impl Handler<Exchange> for Store {
    type Return = u64;

    async fn handle(&mut self, Exchange(bulk): Exchange, _: &mut Context<Self>) -> u64 {
        self.count += bulk[0];
        self.count
    }
}

#[derive(xtra::Actor)]
pub(crate) struct Node {
    index: u64,
    finished: UnboundedSender<u64>,
    next: Option<Address<Node>>,
}

struct SetNext(Address<Node>);

impl Handler<SetNext> for Node {
    type Return = ();

    async fn handle(&mut self, SetNext(next): SetNext, _: &mut Context<Self>) {
        self.next = Some(next);
    }
}

struct Hop(u64);

impl Handler<Hop> for Node {
    type Return = ();

    async fn handle(&mut self, Hop(hops): Hop, _: &mut Context<Self>) {
        if hops == 0 {
            self.finished.send(self.index).expect("the ring is watched");
        } else {
            let next = self.next.as_ref().expect("the ring is closed");
            cast(next, Hop(hops - 1)).await;
        }
    }
}

#[derive(xtra::Actor)]
pub(crate) struct Peer {
    chance: Chance,
    finished: UnboundedSender<u64>,
    all: Vec<Address<Peer>>,
    pings: u64,
    pongs: u64,
}

impl Peer {
    async fn ping_another(&mut self, me: Address<Self>) {
        let other = self.chance.below(self.all.len());
        cast(&self.all[other], Ping(me)).await;
    }
}

fn me(ctx: &Context<Peer>) -> Address<Peer> {
    ctx.mailbox().address().try_upgrade().expect("others know it")
}

struct Meet(Vec<Address<Peer>>);

impl Handler<Meet> for Peer {
    type Return = ();

    async fn handle(&mut self, Meet(all): Meet, _: &mut Context<Self>) {
        self.all = all;
    }
}

struct Play(u64);

impl Handler<Play> for Peer {
    type Return = ();

    async fn handle(&mut self, Play(pings): Play, ctx: &mut Context<Self>) {
        (self.pings, self.pongs) = (pings, 0);
        self.ping_another(me(ctx)).await;
    }
}

struct Ping(Address<Peer>);

impl Handler<Ping> for Peer {
    type Return = ();

    async fn handle(&mut self, Ping(from): Ping, _: &mut Context<Self>) {
        cast(&from, Pong).await;
    }
}

struct Pong;

impl Handler<Pong> for Peer {
    type Return = ();

    async fn handle(&mut self, _: Pong, ctx: &mut Context<Self>) {
        self.pongs += 1;
        if self.pongs < self.pings {
            self.ping_another(me(ctx)).await;
        } else {
            self.finished.send(self.pongs).expect("the game is watched");
        }
    }
}

#[derive(xtra::Actor)]
struct Forked {
    finished: UnboundedSender<u64>,
}

struct Tell(u64);

impl Handler<Tell> for Forked {
    type Return = ();

    async fn handle(&mut self, Tell(n): Tell, ctx: &mut Context<Self>) {
        self.finished.send(n).expect("somebody waits");
        ctx.stop_self();
    }
}

#[derive(xtra::Actor)]
pub(crate) struct Account {
    balance: u64,
}

struct Transfer {
    to: Address<Account>,
    amount: u64,
}

impl Handler<Transfer> for Account {
    type Return = ();

    async fn handle(&mut self, Transfer { to, amount }: Transfer, _: &mut Context<Self>) {
        self.balance -= amount;
        to.send(Deposit(amount)).await.expect("the other account replies");
    }
}

struct Deposit(u64);

impl Handler<Deposit> for Account {
    type Return = ();

    async fn handle(&mut self, Deposit(amount): Deposit, _: &mut Context<Self>) {
        self.balance += amount;
    }
}

struct Balance;

impl Handler<Balance> for Account {
    type Return = u64;

    async fn handle(&mut self, _: Balance, _: &mut Context<Self>) -> u64 {
        self.balance
    }
}

#[derive(xtra::Actor)]
pub(crate) struct Worker;

struct Job(Duration);

impl Handler<Job> for Worker {
    type Return = ();

    async fn handle(&mut self, Job(time): Job, _: &mut Context<Self>) {
        sleep(time).await;
    }
}
