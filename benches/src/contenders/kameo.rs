//! kameo: mailboxes are bounded, 64 messages by default.

use crate::contender::{Bulk, Chance, Contender};
use kameo::{
    actor::{ActorRef, Spawn},
    error::Infallible,
    message::{Context, Message},
};
use std::time::{Duration, Instant};
use tokio::{
    sync::mpsc::UnboundedSender,
    task::yield_now,
    time::{sleep, timeout},
};

pub(crate) enum Kameo {}

impl Contender for Kameo {
    const NAME: &'static str = "kameo";
    const CRATE: &'static str = "kameo";

    type Counter = ActorRef<Counter>;

    async fn counter() -> Self::Counter {
        Counter::spawn(Counter { count: 0 })
    }

    async fn add(counter: &Self::Counter, n: u64) {
        counter.tell(Add(n)).await.expect("the counter lives");
    }

    async fn increment(counter: &Self::Counter) -> u64 {
        counter.ask(Increment).await.expect("the counter replies")
    }

    async fn spawn_and_stop() {
        let counter = Self::counter().await;
        counter.stop_gracefully().await.expect("it lives");
        counter.wait_for_shutdown().await;
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
        Driver::spawn(Driver { counter })
    }

    async fn drive(driver: &Self::Driver, calls: u64) -> u64 {
        driver.ask(Drive(calls)).await.expect("it drives")
    }

    type Store = ActorRef<Store>;

    async fn store() -> Self::Store {
        Store::spawn(Store { count: 0 })
    }

    async fn put(store: &Self::Store, bulk: Bulk) {
        store.tell(Put(bulk)).await.expect("the store lives");
    }

    async fn exchange(store: &Self::Store, bulk: Bulk) -> u64 {
        store.ask(Exchange(bulk)).await.expect("the store replies")
    }

    type Node = ActorRef<Node>;

    async fn node(index: u64, finished: UnboundedSender<u64>) -> Self::Node {
        Node::spawn(Node { index, finished, next: None })
    }

    async fn set_next(node: &Self::Node, next: &Self::Node) {
        node.tell(SetNext(next.clone())).await.expect("the node lives");
    }

    async fn hop(node: &Self::Node, hops: u64) {
        node.tell(Hop(hops)).await.expect("the node lives");
    }

    type Peer = ActorRef<Peer>;

    async fn peer(chance: Chance, finished: UnboundedSender<u64>) -> Self::Peer {
        Peer::spawn(Peer { chance, finished, all: Vec::new(), pings: 0, pongs: 0 })
    }

    async fn meet(peer: &Self::Peer, all: Vec<Self::Peer>) {
        peer.tell(Meet(all)).await.expect("the peer lives");
    }

    async fn play(peer: &Self::Peer, pings: u64) {
        peer.tell(Play(pings)).await.expect("the peer lives");
    }

    async fn fork(n: u64, finished: UnboundedSender<u64>) {
        let forked = Forked::spawn(Forked { finished });
        forked.tell(Tell(n)).await.expect("it lives");
    }

    type Account = ActorRef<Account>;

    async fn account(balance: u64) -> Self::Account {
        Account::spawn(Account { balance })
    }

    async fn transfer(from: &Self::Account, to: &Self::Account, amount: u64) {
        from.ask(Transfer { to: to.clone(), amount }).await.expect("it is done");
    }

    async fn balance(account: &Self::Account) -> u64 {
        account.ask(Balance).await.expect("the account replies")
    }

    type Worker = ActorRef<Worker>;

    async fn worker() -> Self::Worker {
        Worker::spawn(Worker)
    }

    async fn work(worker: &Self::Worker, time: Duration, limit: Duration) -> bool {
        timeout(limit, worker.ask(Job(time)).send()).await.is_ok_and(|answer| answer.is_ok())
    }

    async fn crash(times: u64) -> Option<u64> {
        let troupe = Troupe::spawn(Troupe);
        let fragile = Fragile::supervise(&troupe, Fragile)
            .restart_limit(u32::MAX, Duration::from_secs(1))
            .spawn()
            .await;
        let mut answers = 0;
        for _ in 0..times {
            fragile.tell(Crash).await.expect("it lives");
            // An ask during the restart is refused, and to be tried again.
            answers += loop {
                match fragile.ask(Answer).await {
                    Ok(answer) => break answer,
                    Err(_) => yield_now().await,
                }
            };
        }
        Some(answers)
    }

    async fn shut_down(counters: u64) -> Option<(Duration, Duration)> {
        let begun = Instant::now();
        let troupe = Troupe::spawn(Troupe);
        let mut last = None;
        for _ in 0..counters {
            last = Some(Counter::supervise(&troupe, Counter { count: 0 }).spawn().await);
        }
        let (spawned, begun) = (begun.elapsed(), Instant::now());
        troupe.stop_gracefully().await.expect("it lives");
        troupe.wait_for_shutdown().await;
        assert!(last.is_some_and(|counter| !counter.is_alive()), "all have ended");
        Some((spawned, begun.elapsed()))
    }
}

#[derive(Clone, kameo::Actor)]
pub(crate) struct Counter {
    count: u64,
}

struct Add(u64);

impl Message<Add> for Counter {
    type Reply = ();

    async fn handle(&mut self, Add(n): Add, _: &mut Context<Self, ()>) {
        self.count += n;
    }
}

struct Increment;

impl Message<Increment> for Counter {
    type Reply = u64;

    async fn handle(&mut self, _: Increment, _: &mut Context<Self, u64>) -> u64 {
        self.count += 1;
        self.count
    }
}

#[derive(kameo::Actor)]
pub(crate) struct Driver {
    counter: ActorRef<Counter>,
}

struct Drive(u64);

impl Message<Drive> for Driver {
    type Reply = u64;

    async fn handle(&mut self, Drive(calls): Drive, _: &mut Context<Self, u64>) -> u64 {
        let mut count = 0;
        for _ in 0..calls {
            count = self.counter.ask(Increment).await.expect("the counter replies");
        }
        count
    }
}

#[derive(kameo::Actor)]
pub(crate) struct Store {
    count: u64,
}

struct Put(Bulk);

impl Message<Put> for Store {
    type Reply = ();

    async fn handle(&mut self, Put(bulk): Put, _: &mut Context<Self, ()>) {
        self.count += bulk[0];
    }
}

struct Exchange(Bulk);

impl Message<Exchange> for Store {
    type Reply = u64;

    async fn handle(&mut self, Exchange(bulk): Exchange, _: &mut Context<Self, u64>) -> u64 {
        self.count += bulk[0];
        self.count
    }
}

#[derive(kameo::Actor)]
pub(crate) struct Node {
    index: u64,
    finished: UnboundedSender<u64>,
    next: Option<ActorRef<Node>>,
}

struct SetNext(ActorRef<Node>);

impl Message<SetNext> for Node {
    type Reply = ();

    async fn handle(&mut self, SetNext(next): SetNext, _: &mut Context<Self, ()>) {
        self.next = Some(next);
    }
}

struct Hop(u64);

impl Message<Hop> for Node {
    type Reply = ();

    async fn handle(&mut self, Hop(hops): Hop, _: &mut Context<Self, ()>) {
        if hops == 0 {
            self.finished.send(self.index).expect("the ring is watched");
        } else {
            let next = self.next.as_ref().expect("the ring is closed");
            next.tell(Hop(hops - 1)).try_send().expect("the next node has room");
        }
    }
}

#[derive(kameo::Actor)]
pub(crate) struct Peer {
    chance: Chance,
    finished: UnboundedSender<u64>,
    all: Vec<ActorRef<Peer>>,
    pings: u64,
    pongs: u64,
}

impl Peer {
    fn ping_another(&mut self, me: &ActorRef<Self>) {
        let other = self.chance.below(self.all.len());
        self.all[other].tell(Ping(me.clone())).try_send().expect("it has room");
    }
}

struct Meet(Vec<ActorRef<Peer>>);

impl Message<Meet> for Peer {
    type Reply = ();

    async fn handle(&mut self, Meet(all): Meet, _: &mut Context<Self, ()>) {
        self.all = all;
    }
}

struct Play(u64);

impl Message<Play> for Peer {
    type Reply = ();

    async fn handle(&mut self, Play(pings): Play, ctx: &mut Context<Self, ()>) {
        (self.pings, self.pongs) = (pings, 0);
        self.ping_another(ctx.actor_ref());
    }
}

struct Ping(ActorRef<Peer>);

impl Message<Ping> for Peer {
    type Reply = ();

    async fn handle(&mut self, Ping(from): Ping, _: &mut Context<Self, ()>) {
        from.tell(Pong).try_send().expect("it has room");
    }
}

struct Pong;

impl Message<Pong> for Peer {
    type Reply = ();

    async fn handle(&mut self, _: Pong, ctx: &mut Context<Self, ()>) {
        self.pongs += 1;
        if self.pongs < self.pings {
            self.ping_another(ctx.actor_ref());
        } else {
            self.finished.send(self.pongs).expect("the game is watched");
        }
    }
}

#[derive(kameo::Actor)]
struct Forked {
    finished: UnboundedSender<u64>,
}

struct Tell(u64);

impl Message<Tell> for Forked {
    type Reply = ();

    async fn handle(&mut self, Tell(n): Tell, ctx: &mut Context<Self, ()>) {
        self.finished.send(n).expect("somebody waits");
        ctx.stop();
    }
}

#[derive(kameo::Actor)]
pub(crate) struct Account {
    balance: u64,
}

struct Transfer {
    to: ActorRef<Account>,
    amount: u64,
}

impl Message<Transfer> for Account {
    type Reply = ();

    async fn handle(&mut self, Transfer { to, amount }: Transfer, _: &mut Context<Self, ()>) {
        self.balance -= amount;
        to.ask(Deposit(amount)).await.expect("the other account replies");
    }
}

struct Deposit(u64);

impl Message<Deposit> for Account {
    type Reply = ();

    async fn handle(&mut self, Deposit(amount): Deposit, _: &mut Context<Self, ()>) {
        self.balance += amount;
    }
}

struct Balance;

impl Message<Balance> for Account {
    type Reply = u64;

    async fn handle(&mut self, _: Balance, _: &mut Context<Self, u64>) -> u64 {
        self.balance
    }
}

#[derive(kameo::Actor)]
pub(crate) struct Worker;

struct Job(Duration);

impl Message<Job> for Worker {
    type Reply = ();

    async fn handle(&mut self, Job(time): Job, _: &mut Context<Self, ()>) {
        sleep(time).await;
    }
}

struct Troupe;

impl kameo::Actor for Troupe {
    type Args = Self;
    type Error = Infallible;

    async fn on_start(troupe: Self, _: ActorRef<Self>) -> Result<Self, Infallible> {
        Ok(troupe)
    }
}

#[derive(Clone)]
struct Fragile;

impl kameo::Actor for Fragile {
    type Args = Self;
    type Error = Infallible;

    async fn on_start(fragile: Self, _: ActorRef<Self>) -> Result<Self, Infallible> {
        Ok(fragile)
    }
}

struct Crash;

impl Message<Crash> for Fragile {
    type Reply = ();

    async fn handle(&mut self, _: Crash, _: &mut Context<Self, ()>) {
        panic!("crash");
    }
}

struct Answer;

impl Message<Answer> for Fragile {
    type Reply = u64;

    async fn handle(&mut self, _: Answer, _: &mut Context<Self, u64>) -> u64 {
        1
    }
}
