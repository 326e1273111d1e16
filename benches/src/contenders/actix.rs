//! actix, in a `System` of its own. Casts are `do_send`, which does not mind how full a mailbox is.
//!
//! An actor stays on the thread that it was started on. Where there are two threads, the second is another `Arbiter`, and actors are
//! started on both by turns: the first on the thread that the work is not on.

use crate::{
    contender::{Bulk, Chance, Contender},
    runtime::{LONGEST, Runtime},
};
use actix::prelude::*;
use actix_rt::ArbiterHandle;
use std::{
    cell::{Cell, RefCell},
    time::Duration,
};
use tokio::{
    sync::{mpsc::UnboundedSender, oneshot},
    time::{sleep, timeout},
};

pub(crate) enum Actix {}

thread_local! {
    /// Of the second thread.
    static OTHER: RefCell<Option<ArbiterHandle>> = const { RefCell::new(None) };
    /// Where the last actor was started.
    static ON_OTHER: Cell<bool> = const { Cell::new(false) };
}

fn start<A: Actor<Context = Context<A>> + Send>(actor: A) -> Addr<A> {
    OTHER.with_borrow(|other| match other {
        Some(other) if !ON_OTHER.replace(!ON_OTHER.get()) => A::start_in_arbiter(other, |_| actor),
        _ => actor.start(),
    })
}

impl Contender for Actix {
    const NAME: &'static str = "actix";
    const CRATE: &'static str = "actix";

    type Counter = Addr<Counter>;

    async fn counter() -> Self::Counter {
        start(Counter { count: 0 })
    }

    async fn add(counter: &Self::Counter, n: u64) {
        counter.do_send(Add(n));
    }

    async fn increment(counter: &Self::Counter) -> u64 {
        counter.send(Increment).await.expect("the counter replies")
    }

    async fn spawn_and_stop() {
        let (sender, ended) = oneshot::channel();
        start(Mortal { ended: Some(sender) }).do_send(Stop);
        ended.await.expect("it ends");
    }

    type Queued = Self::Counter;

    async fn queued() -> Self::Queued {
        Self::counter().await
    }

    async fn increment_queued(counter: &Self::Queued) -> u64 {
        Self::increment(counter).await
    }

    type Driver = Addr<Driver>;

    async fn driver(counter: Self::Queued) -> Self::Driver {
        start(Driver { counter })
    }

    async fn drive(driver: &Self::Driver, calls: u64) -> u64 {
        driver.send(Drive(calls)).await.expect("it drives")
    }

    type Store = Addr<Store>;

    async fn store() -> Self::Store {
        start(Store { count: 0 })
    }

    async fn put(store: &Self::Store, bulk: Bulk) {
        store.do_send(Put(bulk));
    }

    async fn exchange(store: &Self::Store, bulk: Bulk) -> u64 {
        store.send(Exchange(bulk)).await.expect("the store replies")
    }

    type Node = Addr<Node>;

    async fn node(index: u64, finished: UnboundedSender<u64>) -> Self::Node {
        start(Node { index, finished, next: None })
    }

    async fn set_next(node: &Self::Node, next: &Self::Node) {
        node.do_send(SetNext(next.clone()));
    }

    async fn hop(node: &Self::Node, hops: u64) {
        node.do_send(Hop(hops));
    }

    type Peer = Addr<Peer>;

    async fn peer(chance: Chance, finished: UnboundedSender<u64>) -> Self::Peer {
        start(Peer { chance, finished, all: Vec::new(), pings: 0, pongs: 0 })
    }

    async fn meet(peer: &Self::Peer, all: Vec<Self::Peer>) {
        peer.do_send(Meet(all));
    }

    async fn play(peer: &Self::Peer, pings: u64) {
        peer.do_send(Play(pings));
    }

    async fn fork(n: u64, finished: UnboundedSender<u64>) {
        let forked = start(Forked { finished });
        forked.do_send(Tell(n));
    }

    type Account = Addr<Account>;

    async fn account(balance: u64) -> Self::Account {
        start(Account { balance })
    }

    async fn transfer(from: &Self::Account, to: &Self::Account, amount: u64) {
        from.send(Transfer { to: to.clone(), amount }).await.expect("it is done");
    }

    async fn balance(account: &Self::Account) -> u64 {
        account.send(Balance).await.expect("the account replies")
    }

    type Worker = Addr<Worker>;

    async fn worker() -> Self::Worker {
        start(Worker)
    }

    async fn work(worker: &Self::Worker, time: Duration, limit: Duration) -> bool {
        worker.send(Job(time)).timeout(limit).await.is_ok()
    }

    fn run<T: Send + 'static>(
        runtime: Runtime,
        work: impl Future<Output = T> + Send + 'static,
    ) -> T {
        System::new().block_on(async move {
            let other = (runtime == Runtime::Two).then(Arbiter::new);
            OTHER.set(other.as_ref().map(Arbiter::handle));
            ON_OTHER.set(false);
            let done = timeout(LONGEST, actix::spawn(work)).await;
            if let Some(other) = other {
                other.stop();
                other.join().expect("the other thread ends");
            }
            done.expect("the work ends in time").expect("the work does not panic")
        })
    }
}

pub(crate) struct Counter {
    count: u64,
}

impl Actor for Counter {
    type Context = Context<Self>;
}

#[derive(Message)]
#[rtype(result = "()")]
struct Add(u64);

impl Handler<Add> for Counter {
    type Result = ();

    fn handle(&mut self, Add(n): Add, _: &mut Context<Self>) {
        self.count += n;
    }
}

#[derive(Message)]
#[rtype(result = "u64")]
struct Increment;

impl Handler<Increment> for Counter {
    type Result = u64;

    fn handle(&mut self, _: Increment, _: &mut Context<Self>) -> u64 {
        self.count += 1;
        self.count
    }
}

pub(crate) struct Driver {
    counter: Addr<Counter>,
}

impl Actor for Driver {
    type Context = Context<Self>;
}

#[derive(Message)]
#[rtype(result = "u64")]
struct Drive(u64);

impl Handler<Drive> for Driver {
    type Result = AtomicResponse<Self, u64>;

    fn handle(&mut self, Drive(calls): Drive, _: &mut Context<Self>) -> Self::Result {
        let counter = self.counter.clone();
        let driving = async move {
            let mut count = 0;
            for _ in 0..calls {
                count = counter.send(Increment).await.expect("the counter replies");
            }
            count
        };
        AtomicResponse::new(Box::pin(driving.into_actor(self)))
    }
}

pub(crate) struct Store {
    count: u64,
}

impl Actor for Store {
    type Context = Context<Self>;
}

#[derive(Message)]
#[rtype(result = "()")]
struct Put(Bulk);

impl Handler<Put> for Store {
    type Result = ();

    fn handle(&mut self, Put(bulk): Put, _: &mut Context<Self>) {
        self.count += bulk[0];
    }
}

#[derive(Message)]
#[rtype(result = "u64")]
struct Exchange(Bulk);

impl Handler<Exchange> for Store {
    type Result = u64;

    fn handle(&mut self, Exchange(bulk): Exchange, _: &mut Context<Self>) -> u64 {
        self.count += bulk[0];
        self.count
    }
}

pub(crate) struct Node {
    index: u64,
    finished: UnboundedSender<u64>,
    next: Option<Addr<Node>>,
}

impl Actor for Node {
    type Context = Context<Self>;
}

#[derive(Message)]
#[rtype(result = "()")]
struct SetNext(Addr<Node>);

impl Handler<SetNext> for Node {
    type Result = ();

    fn handle(&mut self, SetNext(next): SetNext, _: &mut Context<Self>) {
        self.next = Some(next);
    }
}

#[derive(Message)]
#[rtype(result = "()")]
struct Hop(u64);

impl Handler<Hop> for Node {
    type Result = ();

    fn handle(&mut self, Hop(hops): Hop, _: &mut Context<Self>) {
        if hops == 0 {
            self.finished.send(self.index).expect("the ring is watched");
        } else {
            let next = self.next.as_ref().expect("the ring is closed");
            next.do_send(Hop(hops - 1));
        }
    }
}

pub(crate) struct Peer {
    chance: Chance,
    finished: UnboundedSender<u64>,
    all: Vec<Addr<Peer>>,
    pings: u64,
    pongs: u64,
}

impl Actor for Peer {
    type Context = Context<Self>;
}

impl Peer {
    fn ping_another(&mut self, me: Addr<Self>) {
        let other = self.chance.below(self.all.len());
        self.all[other].do_send(Ping(me));
    }
}

#[derive(Message)]
#[rtype(result = "()")]
struct Meet(Vec<Addr<Peer>>);

impl Handler<Meet> for Peer {
    type Result = ();

    fn handle(&mut self, Meet(all): Meet, _: &mut Context<Self>) {
        self.all = all;
    }
}

#[derive(Message)]
#[rtype(result = "()")]
struct Play(u64);

impl Handler<Play> for Peer {
    type Result = ();

    fn handle(&mut self, Play(pings): Play, ctx: &mut Context<Self>) {
        (self.pings, self.pongs) = (pings, 0);
        self.ping_another(ctx.address());
    }
}

#[derive(Message)]
#[rtype(result = "()")]
struct Ping(Addr<Peer>);

impl Handler<Ping> for Peer {
    type Result = ();

    fn handle(&mut self, Ping(from): Ping, _: &mut Context<Self>) {
        from.do_send(Pong);
    }
}

#[derive(Message)]
#[rtype(result = "()")]
struct Pong;

impl Handler<Pong> for Peer {
    type Result = ();

    fn handle(&mut self, _: Pong, ctx: &mut Context<Self>) {
        self.pongs += 1;
        if self.pongs < self.pings {
            self.ping_another(ctx.address());
        } else {
            self.finished.send(self.pongs).expect("the game is watched");
        }
    }
}

struct Forked {
    finished: UnboundedSender<u64>,
}

impl Actor for Forked {
    type Context = Context<Self>;
}

#[derive(Message)]
#[rtype(result = "()")]
struct Tell(u64);

impl Handler<Tell> for Forked {
    type Result = ();

    fn handle(&mut self, Tell(n): Tell, ctx: &mut Context<Self>) {
        self.finished.send(n).expect("somebody waits");
        ctx.stop();
    }
}

pub(crate) struct Account {
    balance: u64,
}

impl Actor for Account {
    type Context = Context<Self>;
}

#[derive(Message)]
#[rtype(result = "()")]
struct Transfer {
    to: Addr<Account>,
    amount: u64,
}

impl Handler<Transfer> for Account {
    type Result = AtomicResponse<Self, ()>;

    fn handle(&mut self, Transfer { to, amount }: Transfer, _: &mut Context<Self>) -> Self::Result {
        self.balance -= amount;
        let deposit = async move {
            to.send(Deposit(amount)).await.expect("the other account replies");
        };
        AtomicResponse::new(Box::pin(deposit.into_actor(self)))
    }
}

#[derive(Message)]
#[rtype(result = "()")]
struct Deposit(u64);

impl Handler<Deposit> for Account {
    type Result = ();

    fn handle(&mut self, Deposit(amount): Deposit, _: &mut Context<Self>) {
        self.balance += amount;
    }
}

#[derive(Message)]
#[rtype(result = "u64")]
struct Balance;

impl Handler<Balance> for Account {
    type Result = u64;

    fn handle(&mut self, _: Balance, _: &mut Context<Self>) -> u64 {
        self.balance
    }
}

pub(crate) struct Worker;

impl Actor for Worker {
    type Context = Context<Self>;
}

#[derive(Message)]
#[rtype(result = "()")]
struct Job(Duration);

impl Handler<Job> for Worker {
    type Result = AtomicResponse<Self, ()>;

    fn handle(&mut self, Job(time): Job, _: &mut Context<Self>) -> Self::Result {
        AtomicResponse::new(Box::pin(sleep(time).into_actor(self)))
    }
}

/// Tells when it has ended: 8 bytes of state, as a counter has.
struct Mortal {
    ended: Option<oneshot::Sender<()>>,
}

impl Actor for Mortal {
    type Context = Context<Self>;

    fn stopped(&mut self, _: &mut Context<Self>) {
        let _gone = self.ended.take().map(|ended| ended.send(()));
    }
}

#[derive(Message)]
#[rtype(result = "()")]
struct Stop;

impl Handler<Stop> for Mortal {
    type Result = ();

    fn handle(&mut self, _: Stop, ctx: &mut Context<Self>) {
        ctx.stop();
    }
}
