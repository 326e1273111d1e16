//! Ghostlight, with its defaults.

use crate::contender::{Bulk, Chance, Contender};
use ghostlight::{DynamicSupervisor, Strategy, prelude::*};
use std::time::{Duration, Instant};
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

    async fn spawn_and_stop() {
        let counter = Self::counter().await;
        counter.stop().await.expect("it ends");
    }

    type Queued = QueuedRef;

    async fn queued() -> QueuedRef {
        ghostlight::spawn(Queued { count: 0 }).expect("a runtime runs")
    }

    async fn increment_queued(counter: &QueuedRef) -> u64 {
        counter.increment().await.expect("the counter replies")
    }

    type Driver = DriverRef;

    async fn driver(counter: QueuedRef) -> DriverRef {
        ghostlight::spawn(Driver { counter }).expect("a runtime runs")
    }

    async fn drive(driver: &DriverRef, calls: u64) -> u64 {
        driver.drive(calls).timeout(Duration::MAX).await.expect("it drives")
    }

    type Store = StoreRef;

    async fn store() -> StoreRef {
        ghostlight::spawn(Store { count: 0 }).expect("a runtime runs")
    }

    async fn put(store: &StoreRef, bulk: Bulk) {
        store.put(bulk).await.expect("the store lives");
    }

    async fn exchange(store: &StoreRef, bulk: Bulk) -> u64 {
        store.exchange(bulk).await.expect("the store replies")
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

    type Peer = PeerRef;

    async fn peer(chance: Chance, finished: UnboundedSender<u64>) -> PeerRef {
        ghostlight::spawn(Peer { chance, finished, all: Vec::new(), pings: 0, pongs: 0 })
            .expect("a runtime runs")
    }

    async fn meet(peer: &PeerRef, all: Vec<PeerRef>) {
        peer.meet(all).await.expect("the peer lives");
    }

    async fn play(peer: &PeerRef, pings: u64) {
        peer.play(pings).await.expect("the peer lives");
    }

    async fn fork(n: u64, finished: UnboundedSender<u64>) {
        let forked = ghostlight::spawn(Forked { finished }).expect("a runtime runs");
        forked.tell(n).await.expect("it lives");
    }

    type Account = AccountRef;

    async fn account(balance: u64) -> AccountRef {
        ghostlight::spawn(Account { balance }).expect("a runtime runs")
    }

    async fn transfer(from: &AccountRef, to: &AccountRef, amount: u64) {
        from.transfer(to.clone(), amount).await.expect("it is done");
    }

    async fn balance(account: &AccountRef) -> u64 {
        account.balance().await.expect("the account replies")
    }

    type Worker = WorkerRef;

    async fn worker() -> WorkerRef {
        ghostlight::spawn(Worker).expect("a runtime runs")
    }

    async fn work(worker: &WorkerRef, time: Duration, limit: Duration) -> bool {
        worker.work(time).timeout(limit).await.is_ok()
    }

    async fn crash(times: u64) -> Option<u64> {
        let troupe = Supervisor::builder(Strategy::OneForOne)
            .intensity(u32::MAX)
            .child("fragile", |_| Fragile::child_spec())
            .start()
            .await
            .expect("it starts");
        let fragile = troupe.child::<Fragile>("fragile").expect("it is there");
        let mut answers = 0;
        for _ in 0..times {
            fragile.crash().await.expect("it lives");
            answers += fragile.answer().await.expect("it lives again");
        }
        Some(answers)
    }

    async fn shut_down(counters: u64) -> Option<(Duration, Duration)> {
        let begun = Instant::now();
        let pool = DynamicSupervisor::<Counter>::new().start().await.expect("it starts");
        for _ in 0..counters {
            drop(pool.start_child(|| Counter::child_spec(0)).await.expect("it starts"));
        }
        let (spawned, begun) = (begun.elapsed(), Instant::now());
        pool.stop().await.expect("it ends");
        Some((spawned, begun.elapsed()))
    }
}

/// Counts.
#[actor]
pub(crate) struct Counter {
    count: u64,
}

#[handlers]
impl Counter {
    #[init]
    fn begin(count: u64) -> Self {
        Self { count }
    }

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

/// Calls a counter.
#[actor]
pub(crate) struct Driver {
    counter: QueuedRef,
}

#[handlers]
impl Driver {
    #[call]
    async fn drive(&mut self, calls: u64) -> u64 {
        let mut count = 0;
        for _ in 0..calls {
            count = self.counter.increment().await.expect("the counter replies");
        }
        count
    }
}

/// Counts, by large messages.
#[actor]
pub(crate) struct Store {
    count: u64,
}

#[handlers]
impl Store {
    #[cast]
    fn put(&mut self, bulk: Bulk) {
        self.count += bulk[0];
    }

    #[call]
    fn exchange(&mut self, bulk: Bulk) -> u64 {
        self.count += bulk[0];
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

/// Pings others.
#[actor]
pub(crate) struct Peer {
    chance: Chance,
    finished: UnboundedSender<u64>,
    all: Vec<PeerRef>,
    pings: u64,
    pongs: u64,
}

#[handlers]
impl Peer {
    #[cast]
    fn meet(&mut self, all: Vec<PeerRef>) {
        self.all = all;
    }

    #[cast]
    fn play(&mut self, pings: u64, ctx: &mut Ctx<Self>) {
        (self.pings, self.pongs) = (pings, 0);
        self.ping_another(ctx);
    }

    #[cast]
    fn ping(&mut self, from: PeerRef) {
        from.pong().try_send().expect("it has room");
    }

    #[cast]
    fn pong(&mut self, ctx: &mut Ctx<Self>) {
        self.pongs += 1;
        if self.pongs < self.pings {
            self.ping_another(ctx);
        } else {
            self.finished.send(self.pongs).expect("the game is watched");
        }
    }

    fn ping_another(&mut self, ctx: &Ctx<Self>) {
        let other = self.chance.below(self.all.len());
        let pinged = self.all[other].ping(ctx.me()).try_send();
        pinged.expect("it has room");
    }
}

/// Tells a number, and ends.
#[actor]
pub(crate) struct Forked {
    finished: UnboundedSender<u64>,
}

#[handlers]
impl Forked {
    #[cast]
    fn tell(&mut self, n: u64, ctx: &mut Ctx<Self>) {
        self.finished.send(n).expect("somebody waits");
        ctx.stop(ExitReason::Normal);
    }
}

/// Has a balance. Its `async` handler, too, begins on its caller's thread.
#[actor(inline = always)]
pub(crate) struct Account {
    balance: u64,
}

#[handlers]
impl Account {
    #[call]
    async fn transfer(&mut self, to: AccountRef, amount: u64) {
        self.balance -= amount;
        to.deposit(amount).await.expect("the other account replies");
    }

    #[call]
    fn deposit(&mut self, amount: u64) {
        self.balance += amount;
    }

    #[call]
    fn balance(&self) -> u64 {
        self.balance
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

/// Crashes.
#[actor]
pub(crate) struct Fragile;

#[handlers]
impl Fragile {
    #[init]
    fn begin() -> Self {
        Self
    }

    #[cast]
    fn crash(&mut self) {
        panic!("crash");
    }

    #[call]
    fn answer(&self) -> u64 {
        1
    }
}
