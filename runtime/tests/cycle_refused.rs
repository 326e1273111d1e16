//! A ring that closes with a wait which cannot be refused: who in it is told not to wait; and who is not, for it is no ring.

#![allow(clippy::unwrap_used, reason = "a test may fail in a helper, too")]

mod worker;

use ghostlight::{SupervisorRef, prelude::*};
use std::{
    future::{IntoFuture, ready},
    pin::Pin,
    task::{Context, Poll},
    time::Duration,
};
use tokio::{
    join,
    sync::mpsc::{UnboundedSender, unbounded_channel},
    task::yield_now,
    time::{sleep, timeout},
};
use worker::ms;

const FOR_EVER: Duration = Duration::from_secs(3_600);

type Heard = UnboundedSender<String>;

/// Has room for little, and takes its time. Some of its messages end it.
#[actor(mailbox = 4)]
struct Elder;

#[handlers]
impl Elder {
    #[init]
    fn open() -> Self {
        Self
    }

    #[cast]
    async fn work(&mut self, crashes: bool) {
        sleep(ms(50)).await;
        assert!(!crashes, "no ink");
    }

    #[call]
    async fn crash(&mut self) {
        sleep(ms(50)).await;
        panic!("no ink");
    }

    #[call]
    async fn bye(&mut self, ctx: &mut Ctx<Self>) -> u8 {
        sleep(ms(50)).await;
        ctx.stop(ExitReason::Normal);
        7
    }
}

/// Its start waits for room in the mailbox of a sibling.
#[actor]
struct Younger;

#[handlers]
impl Younger {
    #[init]
    async fn open(elder: ElderRef, heard: Heard) -> Self {
        for n in 0..10 {
            if let Err(error) = elder.work(n == 1).await {
                heard.send(format!("{error:?}")).unwrap();
            }
        }
        Self
    }

    #[call]
    fn ping(&self) {}
}

#[tokio::test(start_paused = true)]
async fn a_start_that_waits_for_room_in_a_sibling_that_crashes_does_not_keep_the_tree() {
    let (teller, mut hears) = unbounded_channel();
    let tree = Supervisor::builder(Strategy::OneForOne)
        .child("elder", |_| Elder::child_spec())
        .start()
        .await
        .unwrap();
    let elder = tree.child::<Elder>("elder").unwrap();
    let spec = move || Younger::child_spec(elder.clone(), teller.clone());
    let started = tree.start_child::<Younger>("younger", spec);
    let younger = timeout(FOR_EVER, started.into_future()).await.unwrap().unwrap();
    assert_eq!(hears.recv().await.unwrap(), "WouldDeadlock(..)");
    younger.ping().await.unwrap();
    timeout(FOR_EVER, tree.shutdown().into_future()).await.unwrap().unwrap();
}

/// Asks its supervisor, once or twice at once, or has it end it. It has all the time that it needs.
#[actor(shutdown = infinity)]
struct Child {
    parent: Option<SupervisorRef>,
    heard: Heard,
}

#[handlers]
impl Child {
    #[init]
    fn open(heard: Heard) -> Self {
        Self { parent: None, heard }
    }

    #[call]
    fn meet(&mut self, parent: SupervisorRef) {
        self.parent = Some(parent);
    }

    #[cast]
    async fn end_me(&mut self) {
        let ended = self.parent.as_ref().unwrap().terminate_child("child").await;
        self.heard.send(format!("{ended:?}")).unwrap();
    }

    #[cast]
    async fn end_all(&mut self) {
        let ended = self.parent.as_ref().unwrap().stop().await;
        self.heard.send(format!("{ended:?}")).unwrap();
    }

    #[cast]
    async fn ask(&mut self) {
        let asked = self.parent.as_ref().unwrap().count_children().await;
        self.heard.send(format!("{:?}", asked.map(drop))).unwrap();
    }

    #[cast]
    async fn ask_twice(&mut self) {
        let parent = self.parent.as_ref().unwrap();
        let (one, two) = join!(parent.count_children(), parent.which_children());
        self.heard.send(format!("{:?}", one.map(drop))).unwrap();
        self.heard.send(format!("{:?}", two.map(drop))).unwrap();
    }

    #[terminate]
    fn close(&mut self) {
        self.heard.send("closed".into()).unwrap();
    }
}

async fn family(heard: Heard) -> (SupervisorRef, ChildRef) {
    let tree = Supervisor::builder(Strategy::OneForOne)
        .child("child", move |_| Child::child_spec(heard.clone()))
        .start()
        .await
        .unwrap();
    let child = tree.child::<Child>("child").unwrap();
    child.meet(tree.clone()).await.unwrap();
    (tree, child)
}

#[tokio::test(start_paused = true)]
async fn a_child_that_has_its_supervisor_end_it_is_told_not_to_wait() {
    for ends_all in [false, true] {
        let (teller, mut hears) = unbounded_channel();
        let (tree, child) = family(teller).await;
        let end = child.monitor();
        if ends_all {
            child.end_all().await.unwrap();
        } else {
            child.end_me().await.unwrap();
        }
        assert!(hears.recv().await.unwrap().contains("WouldDeadlock"));
        assert_eq!(hears.recv().await.unwrap(), "closed");
        assert!(matches!(end.await.reason, ExitReason::Shutdown));
        drop(tree);
    }
}

/// Takes its time to start.
#[actor]
struct Slow;

#[handlers]
impl Slow {
    #[init]
    async fn open() -> Self {
        sleep(ms(50)).await;
        Self
    }

    #[call]
    fn ping(&self) {}
}

/// What the child asks waits behind the request that ends it.
#[tokio::test(start_paused = true)]
async fn a_child_that_asks_its_supervisor_before_that_ends_it_is_told_not_to_wait() {
    for calls in [1, 2] {
        let (teller, mut hears) = unbounded_channel();
        let (tree, child) = family(teller).await;
        let (busy, ending) = (tree.clone(), tree.clone());
        let _started = tokio::spawn(async move {
            busy.start_child::<Slow>("slow", Slow::child_spec).await.map(drop)
        });
        yield_now().await;
        let ended = tokio::spawn(async move { ending.terminate_child("child").await });
        yield_now().await;
        if calls == 1 {
            child.ask().await.unwrap();
        } else {
            child.ask_twice().await.unwrap();
        }
        timeout(FOR_EVER, ended).await.unwrap().unwrap().unwrap();
        for _ in 0..calls {
            assert!(hears.recv().await.unwrap().contains("WouldDeadlock"));
        }
        assert_eq!(tree.count_children().await.unwrap().active, 1);
    }
}

/// Asks an elder, and is asked by one that is ending.
#[actor]
struct Asker {
    elder: ElderRef,
}

#[handlers]
impl Asker {
    #[call]
    fn ping(&self) {}

    #[cast]
    async fn ask(&mut self, bye: bool) {
        if bye {
            assert_eq!(self.elder.bye().await.unwrap(), 7);
        } else {
            assert!(matches!(self.elder.crash().await, Err(CallError::Died(_))));
        }
    }
}

/// Its end waits for an asker.
#[actor]
struct Ending {
    asker: AskerRef,
    heard: Heard,
}

#[handlers]
impl Ending {
    #[init]
    fn open(asker: AskerRef, heard: Heard) -> Self {
        Self { asker, heard }
    }

    #[call]
    fn ping(&self) {}

    #[terminate]
    async fn close(&mut self, _: &ExitReason) {
        self.heard.send(format!("{:?}", self.asker.ping().await)).unwrap();
    }
}

/// What the asker waits for is answered by the very end that might have closed a ring.
#[tokio::test(start_paused = true)]
async fn who_is_answered_by_an_end_is_not_waited_for_in_vain() {
    for bye in [false, true] {
        let (teller, mut hears) = unbounded_channel();
        let tree = Supervisor::builder(Strategy::OneForOne)
            .child("elder", |_| Elder::child_spec())
            .start()
            .await
            .unwrap();
        let elder = tree.child::<Elder>("elder").unwrap();
        let asker = ghostlight::spawn(Asker { elder }).unwrap();
        let known = asker.clone();
        let spec = move || Ending::child_spec(known.clone(), teller.clone());
        tree.start_child::<Ending>("ending", spec).await.unwrap().ping().await.unwrap();
        asker.ask(bye).await.unwrap();
        sleep(ms(10)).await;
        tree.terminate_child("ending").await.unwrap();
        assert_eq!(hears.recv().await.unwrap(), "Ok(())");
    }
}

/// Is fed by a stream that asks another actor, and serves meanwhile.
#[actor]
struct Fed {
    other: OtherRef,
    heard: Heard,
}

/// What the other answered.
#[derive(Debug)]
struct Answer(Result<u8, CallError>);

/// A stream of one answer.
struct Asking(Option<Pin<Box<dyn Future<Output = Answer> + Send>>>);

impl futures_core::Stream for Asking {
    type Item = Answer;

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Answer>> {
        let Some(asking) = &mut self.0 else { return Poll::Ready(None) };
        let answer = std::task::ready!(asking.as_mut().poll(cx));
        self.0 = None;
        Poll::Ready(Some(answer))
    }
}

#[handlers]
impl Fed {
    #[cast]
    fn ask(&mut self, me: FedRef, ctx: &mut Ctx<Self>) {
        let other = self.other.clone();
        let asking = async move { Answer(other.ask_back(me).await) };
        ctx.attach(Asking(Some(Box::pin(asking))));
    }

    #[info]
    fn answer(&mut self, answer: Answer) {
        self.heard.send(format!("{:?}", answer.0)).unwrap();
    }

    #[call]
    async fn get(&mut self) -> u8 {
        ready(1).await
    }
}

#[actor]
struct Other;

#[handlers]
impl Other {
    #[call]
    async fn ask_back(&mut self, fed: FedRef) -> u8 {
        sleep(ms(10)).await;
        fed.get().await.unwrap()
    }
}

#[tokio::test(start_paused = true)]
async fn an_actor_does_not_wait_for_what_a_stream_that_feeds_it_waits_for() {
    let (teller, mut hears) = unbounded_channel();
    let other = ghostlight::spawn(Other).unwrap();
    let fed = ghostlight::spawn(Fed { other, heard: teller }).unwrap();
    fed.ask(fed.clone()).await.unwrap();
    assert_eq!(hears.recv().await.unwrap(), "Ok(1)");
}
