//! How an actor is started, by whom, and who is told of its end.

#![allow(clippy::unwrap_used, reason = "a test may fail in a helper, too")]

mod worker;

use ghostlight::{ActorRef, ExitReason, Supervisor, prelude::*};
use std::sync::Arc;
use tokio::sync::mpsc;
use worker::{ms, settle, soon};

/// Hires others, and hears of their ends.
#[actor]
struct Hirer {
    heard: mpsc::UnboundedSender<String>,
}

#[handlers]
impl Hirer {
    #[call]
    async fn hire(
        &mut self,
        name: &'static str,
        ctx: &mut Ctx<Self>,
    ) -> Result<HandRef, StartError> {
        ctx.start_link(Hand::start().name(name)).await
    }

    #[call]
    fn watch(&mut self, hand: HandRef, ctx: &mut Ctx<Self>) -> MonitorRef {
        ctx.monitor(&hand)
    }

    #[info]
    fn exit(&mut self, exit: Exit) {
        self.heard.send(format!("exit: {}", exit.reason)).unwrap();
    }

    #[info]
    fn down(&mut self, down: Down) {
        self.heard.send(format!("down: {}", down.reason)).unwrap();
    }
}

/// Does what it is told.
#[actor(restart = temporary, shutdown = "2s")]
struct Hand {
    told: Vec<u32>,
}

#[handlers]
impl Hand {
    #[init]
    fn begin() -> Self {
        Self { told: vec![] }
    }

    #[cast]
    fn tell(&mut self, n: u32) {
        self.told.push(n);
    }

    #[call]
    fn told(&self) -> Vec<u32> {
        self.told.clone()
    }

    #[cast]
    fn fail(&mut self) {
        panic!("tired");
    }

    #[call]
    async fn start_another(&mut self) -> HandRef {
        Self::start().await.unwrap()
    }
}

fn hirer() -> (HirerRef, mpsc::UnboundedReceiver<String>) {
    let (heard, told) = mpsc::unbounded_channel();
    (ghostlight::spawn(Hirer { heard }).unwrap(), told)
}

/// OTP: `gen_server_SUITE/start` (`start_link`, `start_monitor`; with and without names of any kind), `gen_server_test/start_link/3 with local`
#[tokio::test(start_paused = true)]
async fn whoever_is_linked_to_it_or_monitors_it_hears_of_its_end_once() {
    let (hirer, mut heard) = hirer();
    for reason in [ExitReason::Normal, ExitReason::Shutdown, ExitReason::crash("fired")] {
        let hand = hirer.hire("hand").await.unwrap().unwrap();
        hirer.watch(hand.clone()).await.unwrap();
        let end = hand.monitor();
        HandRef::named("hand").stop().reason(reason.clone()).await.unwrap();
        assert_eq!(end.await.reason.to_string(), reason.to_string());
        settle().await;
        let mut told: Vec<_> = std::iter::from_fn(|| heard.try_recv().ok()).collect();
        told.sort();
        assert_eq!(told, [format!("down: {reason}"), format!("exit: {reason}")]);
    }
}

/// OTP: `gen_server_SUITE/start` (`already_started`)
#[tokio::test(start_paused = true)]
async fn a_linked_start_under_a_name_that_is_taken_is_refused_and_tells_nobody_of_an_exit() {
    let (hirer, mut heard) = hirer();
    let hand = Hand::start().name("hand").await.unwrap();
    let taken = hirer.hire("hand").await.unwrap();
    assert!(matches!(taken, Err(StartError::NameTaken { by, .. }) if by == hand.pid()));
    settle().await;
    assert!(heard.try_recv().is_err() && hand.is_alive());
}

/// OTP: `gen_server_test/start/2`
#[tokio::test(start_paused = true)]
async fn to_start_is_not_to_link() {
    for first_crashes in [true, false] {
        let first = Hand::start().await.unwrap();
        let second = first.start_another().await.unwrap();
        let (crashes, lives) = if first_crashes { (first, second) } else { (second, first) };
        let end = crashes.monitor();
        crashes.fail().await.unwrap();
        end.await;
        settle().await;
        assert!(lives.told().await.unwrap().is_empty());
    }
}

/// OTP: `gen_server_test/start_link/3 with local`, `gen_server_test/start_link/3 with via`, `gen_server_test/start_link/3 with global`.
/// There are three kinds of names; here there is one, and a name may be made at run time.
#[tokio::test(start_paused = true)]
async fn an_actor_is_called_by_its_name() {
    for name in ["hand".to_owned(), format!("hand of {}", "many names"), "手".to_owned()] {
        let hand = Hand::start().name(name.clone()).await.unwrap();
        let by_name = HandRef::named(name.leak());
        by_name.tell(1).await.unwrap();
        assert_eq!(by_name.told().await.unwrap(), [1]);
        assert_eq!(by_name.pid(), hand.pid());
        by_name.stop().await.unwrap();
        assert!(matches!(by_name.told().await, Err(CallError::NoProc)));
    }
}

/// OTP: `gen_server_SUITE/spec_init`. There a process that runs already turns into a server (`enter_loop`); here an actor may begin with a
/// state that is there already, and is one from its first instruction on.
#[tokio::test(start_paused = true)]
async fn an_actor_may_begin_with_a_state_that_is_there() {
    let hand = ghostlight::spawn(Hand { told: vec![7] }).unwrap();
    hand.tell(8).await.unwrap();
    assert_eq!(hand.told().await.unwrap(), [7, 8]);
    hand.stop().reason(ExitReason::Shutdown).await.unwrap();
}

/// OTP: `gen_server_test/start_link/2, call/2 and cast/2`
#[tokio::test(start_paused = true)]
async fn a_linked_actor_takes_calls_and_casts_and_stops() {
    let (hirer, mut heard) = hirer();
    let hand = hirer.hire("hand").await.unwrap().unwrap();
    for n in 0..3 {
        hand.tell(n).await.unwrap();
    }
    assert_eq!(hand.told().await.unwrap(), [0, 1, 2]);
    hand.stop().await.unwrap();
    settle().await;
    assert_eq!(heard.try_recv().unwrap(), "exit: normal");
}

/// Begins with what it is given.
#[actor(restart = temporary)]
struct Apprentice {
    master: Arc<str>,
}

#[handlers]
impl Apprentice {
    #[init]
    fn begin(master: Arc<str>) -> Self {
        Self { master }
    }

    #[call]
    fn master(&self) -> Arc<str> {
        self.master.clone()
    }
}

/// OTP: `gen_server_test/generates child_spec/1`
/// Also `supervisor_test/child_spec/2`
#[tokio::test(start_paused = true)]
async fn a_child_spec_is_generated_and_may_be_changed() {
    let supervisor = Supervisor::builder(Strategy::OneForOne)
        .child("plain", |_| Apprentice::child_spec(Arc::from("ann")))
        .child("kept", |_| Apprentice::child_spec(Arc::from("bob")).restart(Restart::Permanent))
        .child("given", |_| {
            ChildSpec::of(Apprentice { master: Arc::from("eve") }).name("apprentice")
        })
        .start()
        .await
        .unwrap();
    let ids: Vec<_> = supervisor.which_children().await.unwrap();
    let ids: Vec<_> = ids.iter().map(|child| child.id.to_string()).collect();
    assert_eq!(ids, ["plain", "kept", "given"]);
    let child = |id: &str| supervisor.child::<Apprentice>(id).unwrap();
    let (plain, kept) = (child("plain"), child("kept"));
    assert_eq!(&*plain.master().await.unwrap(), "ann", "it starts with what it takes");
    let given = ApprenticeRef::from(ActorRef::named("apprentice"));
    assert_eq!(&*given.master().await.unwrap(), "eve");

    plain.kill();
    kept.kill();
    assert_eq!(&*soon(kept.master()).await.unwrap(), "bob", "the changed one lives again");
    tokio::time::sleep(ms(10)).await;
    assert!(!plain.is_alive(), "`#[actor(restart = temporary)]`");
}
