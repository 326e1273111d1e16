//! ractor. Its mailboxes are unbounded.

use crate::contender::{Bulk, Chance, Contender};
use ractor::{Actor, ActorProcessingErr, ActorRef, RpcReplyPort, call, rpc::CallResult};
use std::time::{Duration, Instant};
use tokio::{sync::mpsc::UnboundedSender, time::sleep};

pub(crate) enum Ractor {}

type Handled = Result<(), ActorProcessingErr>;

async fn spawn<A: Actor>(actor: A, arguments: A::Arguments) -> ActorRef<A::Msg> {
    Actor::spawn(None, actor, arguments).await.expect("it starts").0
}

impl Contender for Ractor {
    const NAME: &'static str = "ractor";
    const CRATE: &'static str = "ractor";

    type Counter = ActorRef<CounterMessage>;

    async fn counter() -> Self::Counter {
        spawn(Counter, ()).await
    }

    async fn add(counter: &Self::Counter, n: u64) {
        counter.cast(CounterMessage::Add(n)).expect("the counter lives");
    }

    async fn increment(counter: &Self::Counter) -> u64 {
        call!(counter, CounterMessage::Increment).expect("the counter replies")
    }

    async fn spawn_and_stop() {
        let (counter, ended) = Actor::spawn(None, Counter, ()).await.expect("it starts");
        counter.stop(None);
        ended.await.expect("it ends");
    }

    type Queued = Self::Counter;

    async fn queued() -> Self::Queued {
        Self::counter().await
    }

    async fn increment_queued(counter: &Self::Queued) -> u64 {
        Self::increment(counter).await
    }

    type Driver = ActorRef<Drive>;

    async fn driver(counter: Self::Queued) -> Self::Driver {
        spawn(Driver, counter).await
    }

    async fn drive(driver: &Self::Driver, calls: u64) -> u64 {
        call!(driver, |reply| Drive { calls, reply }).expect("it drives")
    }

    type Store = ActorRef<StoreMessage>;

    async fn store() -> Self::Store {
        spawn(Store, ()).await
    }

    async fn put(store: &Self::Store, bulk: Bulk) {
        store.cast(StoreMessage::Put(bulk)).expect("the store lives");
    }

    async fn exchange(store: &Self::Store, bulk: Bulk) -> u64 {
        call!(store, |reply| StoreMessage::Exchange(bulk, reply)).expect("the store replies")
    }

    type Node = ActorRef<NodeMessage>;

    async fn node(index: u64, finished: UnboundedSender<u64>) -> Self::Node {
        spawn(Node, NodeState { index, finished, next: None }).await
    }

    async fn set_next(node: &Self::Node, next: &Self::Node) {
        node.cast(NodeMessage::SetNext(next.clone())).expect("the node lives");
    }

    async fn hop(node: &Self::Node, hops: u64) {
        node.cast(NodeMessage::Hop(hops)).expect("the node lives");
    }

    type Peer = ActorRef<PeerMessage>;

    async fn peer(chance: Chance, finished: UnboundedSender<u64>) -> Self::Peer {
        spawn(Peer, PeerState { chance, finished, all: Vec::new(), pings: 0, pongs: 0 }).await
    }

    async fn meet(peer: &Self::Peer, all: Vec<Self::Peer>) {
        peer.cast(PeerMessage::Meet(all)).expect("the peer lives");
    }

    async fn play(peer: &Self::Peer, pings: u64) {
        peer.cast(PeerMessage::Play(pings)).expect("the peer lives");
    }

    async fn fork(n: u64, finished: UnboundedSender<u64>) {
        spawn(Forked, finished).await.cast(Tell(n)).expect("it lives");
    }

    type Account = ActorRef<AccountMessage>;

    async fn account(balance: u64) -> Self::Account {
        spawn(Account, balance).await
    }

    async fn transfer(from: &Self::Account, to: &Self::Account, amount: u64) {
        let to = to.clone();
        call!(from, |reply| AccountMessage::Transfer { to, amount, reply }).expect("it is done");
    }

    async fn balance(account: &Self::Account) -> u64 {
        call!(account, AccountMessage::Balance).expect("the account replies")
    }

    type Worker = ActorRef<Job>;

    async fn worker() -> Self::Worker {
        spawn(Worker, ()).await
    }

    async fn work(worker: &Self::Worker, time: Duration, limit: Duration) -> bool {
        let answer = worker.call(|reply| Job { time, reply }, Some(limit)).await;
        matches!(answer, Ok(CallResult::Success(())))
    }

    /// By one whose children all are.
    async fn shut_down(counters: u64) -> Option<(Duration, Duration)> {
        let begun = Instant::now();
        let parent = Self::counter().await;
        for _ in 0..counters {
            Actor::spawn_linked(None, Counter, (), parent.get_cell()).await.expect("it starts");
        }
        let (spawned, begun) = (begun.elapsed(), Instant::now());
        parent.stop_children_and_wait(None, None).await;
        Some((spawned, begun.elapsed()))
    }
}

pub(crate) struct Counter;

pub(crate) enum CounterMessage {
    Add(u64),
    Increment(RpcReplyPort<u64>),
}

impl Actor for Counter {
    type Msg = CounterMessage;
    type State = u64;
    type Arguments = ();

    async fn pre_start(
        &self,
        _: ActorRef<CounterMessage>,
        (): (),
    ) -> Result<u64, ActorProcessingErr> {
        Ok(0)
    }

    async fn handle(
        &self,
        _: ActorRef<CounterMessage>,
        message: CounterMessage,
        count: &mut u64,
    ) -> Handled {
        match message {
            CounterMessage::Add(n) => *count += n,
            CounterMessage::Increment(reply) => {
                *count += 1;
                reply.send(*count)?;
            }
        }
        Ok(())
    }
}

pub(crate) struct Driver;

pub(crate) struct Drive {
    calls: u64,
    reply: RpcReplyPort<u64>,
}

impl Actor for Driver {
    type Msg = Drive;
    type State = ActorRef<CounterMessage>;
    type Arguments = ActorRef<CounterMessage>;

    async fn pre_start(
        &self,
        _: ActorRef<Drive>,
        arguments: ActorRef<CounterMessage>,
    ) -> Result<ActorRef<CounterMessage>, ActorProcessingErr> {
        Ok(arguments)
    }

    async fn handle(
        &self,
        _: ActorRef<Drive>,
        drive: Drive,
        counter: &mut ActorRef<CounterMessage>,
    ) -> Handled {
        let mut count = 0;
        for _ in 0..drive.calls {
            count = call!(counter, CounterMessage::Increment)?;
        }
        Ok(drive.reply.send(count)?)
    }
}

pub(crate) struct Store;

pub(crate) enum StoreMessage {
    Put(Bulk),
    Exchange(Bulk, RpcReplyPort<u64>),
}

impl Actor for Store {
    type Msg = StoreMessage;
    type State = u64;
    type Arguments = ();

    async fn pre_start(
        &self,
        _: ActorRef<StoreMessage>,
        (): (),
    ) -> Result<u64, ActorProcessingErr> {
        Ok(0)
    }

    async fn handle(
        &self,
        _: ActorRef<StoreMessage>,
        message: StoreMessage,
        count: &mut u64,
    ) -> Handled {
        match message {
            StoreMessage::Put(bulk) => *count += bulk[0],
            StoreMessage::Exchange(bulk, reply) => {
                *count += bulk[0];
                reply.send(*count)?;
            }
        }
        Ok(())
    }
}

pub(crate) struct Node;

pub(crate) enum NodeMessage {
    SetNext(ActorRef<NodeMessage>),
    Hop(u64),
}

pub(crate) struct NodeState {
    index: u64,
    finished: UnboundedSender<u64>,
    next: Option<ActorRef<NodeMessage>>,
}

impl Actor for Node {
    type Msg = NodeMessage;
    type State = NodeState;
    type Arguments = NodeState;

    async fn pre_start(
        &self,
        _: ActorRef<NodeMessage>,
        arguments: NodeState,
    ) -> Result<NodeState, ActorProcessingErr> {
        Ok(arguments)
    }

    async fn handle(
        &self,
        _: ActorRef<NodeMessage>,
        message: NodeMessage,
        node: &mut NodeState,
    ) -> Handled {
        match message {
            NodeMessage::SetNext(next) => node.next = Some(next),
            NodeMessage::Hop(0) => node.finished.send(node.index)?,
            NodeMessage::Hop(hops) => {
                let next = node.next.as_ref().expect("the ring is closed");
                next.cast(NodeMessage::Hop(hops - 1))?;
            }
        }
        Ok(())
    }
}

pub(crate) struct Peer;

pub(crate) enum PeerMessage {
    Meet(Vec<ActorRef<PeerMessage>>),
    Play(u64),
    Ping(ActorRef<PeerMessage>),
    Pong,
}

pub(crate) struct PeerState {
    chance: Chance,
    finished: UnboundedSender<u64>,
    all: Vec<ActorRef<PeerMessage>>,
    pings: u64,
    pongs: u64,
}

impl PeerState {
    fn ping_another(&mut self, me: ActorRef<PeerMessage>) -> Handled {
        let other = self.chance.below(self.all.len());
        Ok(self.all[other].cast(PeerMessage::Ping(me))?)
    }
}

impl Actor for Peer {
    type Msg = PeerMessage;
    type State = PeerState;
    type Arguments = PeerState;

    async fn pre_start(
        &self,
        _: ActorRef<PeerMessage>,
        arguments: PeerState,
    ) -> Result<PeerState, ActorProcessingErr> {
        Ok(arguments)
    }

    async fn handle(
        &self,
        me: ActorRef<PeerMessage>,
        message: PeerMessage,
        peer: &mut PeerState,
    ) -> Handled {
        match message {
            PeerMessage::Meet(all) => peer.all = all,
            PeerMessage::Play(pings) => {
                (peer.pings, peer.pongs) = (pings, 0);
                peer.ping_another(me)?;
            }
            PeerMessage::Ping(from) => from.cast(PeerMessage::Pong)?,
            PeerMessage::Pong => {
                peer.pongs += 1;
                if peer.pongs < peer.pings {
                    peer.ping_another(me)?;
                } else {
                    peer.finished.send(peer.pongs)?;
                }
            }
        }
        Ok(())
    }
}

struct Forked;

struct Tell(u64);

impl Actor for Forked {
    type Msg = Tell;
    type State = UnboundedSender<u64>;
    type Arguments = UnboundedSender<u64>;

    async fn pre_start(
        &self,
        _: ActorRef<Tell>,
        arguments: UnboundedSender<u64>,
    ) -> Result<UnboundedSender<u64>, ActorProcessingErr> {
        Ok(arguments)
    }

    async fn handle(
        &self,
        me: ActorRef<Tell>,
        Tell(n): Tell,
        finished: &mut UnboundedSender<u64>,
    ) -> Handled {
        finished.send(n)?;
        me.stop(None);
        Ok(())
    }
}

pub(crate) struct Account;

pub(crate) enum AccountMessage {
    Transfer { to: ActorRef<AccountMessage>, amount: u64, reply: RpcReplyPort<()> },
    Deposit(u64, RpcReplyPort<()>),
    Balance(RpcReplyPort<u64>),
}

impl Actor for Account {
    type Msg = AccountMessage;
    type State = u64;
    type Arguments = u64;

    async fn pre_start(
        &self,
        _: ActorRef<AccountMessage>,
        arguments: u64,
    ) -> Result<u64, ActorProcessingErr> {
        Ok(arguments)
    }

    async fn handle(
        &self,
        _: ActorRef<AccountMessage>,
        message: AccountMessage,
        balance: &mut u64,
    ) -> Handled {
        match message {
            AccountMessage::Transfer { to, amount, reply } => {
                *balance -= amount;
                call!(to, |reply| AccountMessage::Deposit(amount, reply))?;
                reply.send(())?;
            }
            AccountMessage::Deposit(amount, reply) => {
                *balance += amount;
                reply.send(())?;
            }
            AccountMessage::Balance(reply) => reply.send(*balance)?,
        }
        Ok(())
    }
}

pub(crate) struct Worker;

pub(crate) struct Job {
    time: Duration,
    reply: RpcReplyPort<()>,
}

impl Actor for Worker {
    type Msg = Job;
    type State = ();
    type Arguments = ();

    async fn pre_start(&self, _: ActorRef<Job>, (): ()) -> Result<(), ActorProcessingErr> {
        Ok(())
    }

    async fn handle(&self, _: ActorRef<Job>, job: Job, (): &mut ()) -> Handled {
        sleep(job.time).await;
        if !job.reply.is_closed() {
            job.reply.send(())?;
        }
        Ok(())
    }
}
