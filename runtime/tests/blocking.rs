//! Handlers that block their thread, on a runtime that has others.

#![allow(clippy::unwrap_used, reason = "a test may fail in a helper, too")]

use ghostlight::{SupervisorRef, block_in_place, debug, prelude::*};
use std::{future::IntoFuture, sync::OnceLock, time::Duration};
use tokio::{
    sync::mpsc::{UnboundedSender, unbounded_channel},
    task::yield_now,
    time::timeout,
};

type Answer = Result<u8, CallError>;

/// Longer than anything here takes.
const LONG: Duration = Duration::from_secs(60);

fn is_ring<T>(answer: &Result<T, CallError>) -> bool {
    matches!(answer, Err(CallError::WouldDeadlock { .. }))
}

/// Answers.
#[actor]
struct Store;

#[handlers]
impl Store {
    #[init]
    fn open() -> Self {
        Self
    }

    #[call(timeout = infinity)]
    async fn get(&self) -> u8 {
        yield_now().await;
        1
    }

    #[cast]
    fn crash(&mut self) {
        panic!("no ink");
    }
}

/// Asks a store, and then blocks until it has answered once more.
#[actor]
struct User {
    store: StoreRef,
}

#[handlers]
impl User {
    #[call(timeout = infinity)]
    async fn get_twice(&mut self) -> Answer {
        self.store.get().await?;
        block_in_place(|| self.store.get().blocking())
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn an_actor_that_blocks_does_not_hold_up_the_idle_one_on_whose_driver_it_runs() {
    for _ in 0..20 {
        let store = ghostlight::spawn(Store).unwrap();
        let user = ghostlight::spawn(User { store: store.clone() }).unwrap();
        let answer = tokio::spawn(timeout(LONG, user.get_twice().owned().into_future()));
        assert!(matches!(answer.await.unwrap(), Ok(Ok(Ok(1)))));
        assert_eq!(store.get().await.unwrap(), 1, "it goes on");
    }
}

/// Answers, and then blocks in a call to the one who asked.
#[actor]
struct Debtor {
    asker: OnceLock<AskerRef>,
    heard: UnboundedSender<Answer>,
}

#[handlers]
impl Debtor {
    #[call]
    fn ask(&mut self, reply: ReplyTo<u8>, ctx: &mut Ctx<Self>) {
        ctx.continue_with(DebtorContinue::AskBack);
        reply.send(1);
    }

    #[handle_continue]
    fn ask_back(&mut self) {
        let asker = self.asker.get().unwrap();
        self.heard.send(block_in_place(|| asker.one().blocking())).unwrap();
    }
}

#[actor]
struct Asker {
    debtor: DebtorRef,
}

#[handlers]
impl Asker {
    #[call]
    async fn go(&mut self) -> Answer {
        self.debtor.ask().await
    }

    #[call(timeout = infinity)]
    async fn one(&self) -> u8 {
        yield_now().await;
        1
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn what_follows_an_early_answer_may_block_until_the_caller_goes_on() {
    let (heard, mut answers) = unbounded_channel();
    let debtor = ghostlight::spawn(Debtor { asker: OnceLock::new(), heard }).unwrap();
    let its = ghostlight::spawn(Asker { debtor: debtor.clone() }).unwrap();
    let asker = its.clone();
    let met = debug::get_state(&debtor, |debtor: &Debtor| debtor.asker.set(asker).is_ok()).await;
    assert!(met.unwrap());
    let go = tokio::spawn(its.go().owned().into_future());
    assert!(matches!(timeout(LONG, answers.recv()).await.unwrap(), Some(Ok(1))));
    assert!(matches!(go.await.unwrap(), Ok(Ok(1))));
}

/// Passes a call on, blocking or not.
#[actor]
struct Hop;

enum Step {
    Blocks(HopRef),
    Waits(HopRef),
}

#[handlers]
impl Hop {
    #[call(timeout = infinity)]
    fn block(&mut self, way: Vec<Step>) -> Answer {
        block_in_place(|| match next(way) {
            (Step::Blocks(next), way) => next.block(way).blocking()?,
            (Step::Waits(next), way) => next.wait(way).blocking()?,
        })
    }

    #[call(timeout = infinity)]
    async fn wait(&mut self, way: Vec<Step>) -> Answer {
        match next(way) {
            (Step::Blocks(next), way) => next.block(way).await?,
            (Step::Waits(next), way) => next.wait(way).await?,
        }
    }
}

fn next(mut way: Vec<Step>) -> (Step, Vec<Step>) {
    (way.pop().unwrap(), way)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn an_actor_that_runs_around_one_that_blocks_is_part_of_a_ring() {
    let [a, b, c] = [(); 3].map(|()| ghostlight::spawn(Hop).unwrap());
    let way = vec![Step::Waits(a.clone()), Step::Waits(c), Step::Blocks(b)];
    let call = tokio::spawn(timeout(LONG, a.block(way).owned().into_future()));
    let answer = call.await.unwrap().unwrap().unwrap();
    assert!(is_ring(&answer), "{answer:?}");
}

/// Calls its supervisor until that does not answer any more. Ends at once where it awaits, as it has no `#[terminate]`.
#[actor(shutdown = infinity)]
struct Child {
    heard: UnboundedSender<CallError>,
}

#[handlers]
impl Child {
    #[init]
    fn open(heard: UnboundedSender<CallError>) -> Self {
        Self { heard }
    }

    #[cast]
    fn call_on(&mut self, supervisor: SupervisorRef) {
        let count = || supervisor.count_children().into_future();
        let error = block_in_place(|| {
            loop {
                if let Err(error) = tokio::runtime::Handle::current().block_on(count()) {
                    break error;
                }
            }
        });
        self.heard.send(error).unwrap();
    }

    #[cast]
    fn wait_for_next_life(&mut self, store: StoreRef) {
        let answer = block_in_place(|| {
            store.crash().blocking().unwrap();
            loop {
                if let Err(error) = store.get().blocking() {
                    break error;
                }
            }
        });
        self.heard.send(answer).unwrap();
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_child_that_blocks_in_a_call_to_the_supervisor_that_ends_it_is_told() {
    let (heard, mut errors) = unbounded_channel();
    let supervisor = Supervisor::builder(Strategy::OneForOne)
        .child("child", move |_| Child::child_spec(heard.clone()))
        .start()
        .await
        .unwrap();
    supervisor.child::<Child>("child").unwrap().call_on(supervisor.clone()).await.unwrap();
    let ended = timeout(LONG, supervisor.terminate_child("child").into_future()).await.unwrap();
    assert!(ended.is_ok());
    let error = errors.recv().await.unwrap();
    assert!(matches!(error, CallError::WouldDeadlock { .. }), "{error:?}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_child_that_blocks_until_a_sibling_of_its_group_lives_again_is_told() {
    let (heard, mut errors) = unbounded_channel();
    let supervisor = Supervisor::builder(Strategy::OneForAll)
        .child("store", |_| Store::child_spec())
        .child("child", move |_| Child::child_spec(heard.clone()))
        .start()
        .await
        .unwrap();
    let store = supervisor.child::<Store>("store").unwrap();
    let child = supervisor.child::<Child>("child").unwrap();
    child.wait_for_next_life(store.clone()).await.unwrap();
    let error = timeout(LONG, errors.recv()).await.unwrap().unwrap();
    assert!(matches!(error, CallError::WouldDeadlock { .. }), "{error:?}");
    assert_eq!(store.get().await.unwrap(), 1);
}
