//! Calls that are made together, and whose replies are taken as they come.

#![allow(clippy::unwrap_used, reason = "a test may fail in a helper, too")]

use ghostlight::{Requests, prelude::*};
use proptest::{
    collection::vec,
    prelude::{ProptestConfig, any, prop_oneof},
    sample::Index,
    strategy::Strategy,
    test_runner::TestCaseError,
    {prop_assert, prop_assert_eq, proptest},
};
use std::{
    collections::{BTreeMap, HashSet, VecDeque},
    time::Duration,
};
use tokio::{
    sync::mpsc,
    time::{Instant, timeout},
};

fn ms(ms: u64) -> Duration {
    Duration::from_millis(ms)
}

/// Answers when it is told to.
#[actor(mailbox = unbounded)]
#[derive(Default)]
struct Desk {
    kept: BTreeMap<u32, ReplyTo<u32>>,
    served: Vec<u32>,
}

#[handlers]
impl Desk {
    #[call(timeout = "1h")]
    fn keep(&mut self, n: u32, reply: ReplyTo<u32>) {
        self.kept.insert(n, reply);
    }

    #[call]
    fn serve(&mut self, n: u32) -> u32 {
        self.served.push(n);
        n
    }

    #[call(timeout = "1h")]
    async fn serve_in(&mut self, time: Duration, n: u32) -> u32 {
        tokio::time::sleep(time).await;
        self.served.push(n);
        n
    }

    #[cast]
    fn answer(&mut self, n: u32) {
        self.kept.remove(&n).unwrap().send(n);
    }

    #[cast]
    fn answer_all_but_last_first(&mut self) {
        while let Some((n, reply)) = self.kept.pop_last() {
            reply.send(n);
        }
    }

    #[cast]
    fn lose(&mut self, n: u32) {
        drop(self.kept.remove(&n).unwrap());
    }

    #[cast]
    fn stop_with(&mut self, reason: ExitReason, ctx: &mut Ctx<Self>) {
        ctx.stop(reason);
    }

    #[call]
    fn served(&self) -> Vec<u32> {
        self.served.clone()
    }

    #[call]
    fn abandoned(&self) -> usize {
        self.kept.values().filter(|reply| reply.is_closed()).count()
    }
}

fn desk() -> DeskRef {
    ghostlight::spawn(Desk::default()).unwrap()
}

/// OTP: `gen_server_SUITE/send_request`
#[tokio::test(start_paused = true)]
async fn a_request_is_sent_at_once_and_answered_later() {
    let desk = desk();
    let mut requests = Requests::new();
    requests.add("now", desk.serve(1).owned());
    assert_eq!(desk.served().await.unwrap(), [1], "nobody has waited yet");
    requests.add("later", desk.serve_in(ms(500), 2).owned());
    assert!(matches!(requests.next().await, Some(("now", Ok(1)))));
    assert!(matches!(requests.next().await, Some(("later", Ok(2)))));
    assert!(requests.next().await.is_none());
}

/// OTP: `gen_server_SUITE/send_request` (an error is an answer like any other: to add the request fails never)
#[tokio::test(start_paused = true)]
async fn a_request_to_nobody_is_answered_with_noproc() {
    let dead = desk();
    dead.stop().await.unwrap();
    let mut requests = Requests::new();
    requests.add("dead", dead.serve(1).owned());
    requests.add("unknown", DeskRef::named("nobody").serve(1).owned());
    assert!(matches!(requests.next().await, Some(("dead", Err(CallError::NoProc)))));
    assert!(matches!(requests.next().await, Some(("unknown", Err(CallError::NoProc)))));
}

/// OTP: `gen_server_SUITE/send_request`, `gen_server_SUITE/send_request_wait_reqid_collection`
#[tokio::test(start_paused = true)]
async fn requests_to_an_actor_that_ends_are_told_its_reason() {
    let desk = desk();
    let mut requests = Requests::new();
    requests.add(1, desk.keep(1).owned());
    desk.stop_with(ExitReason::Shutdown).await.unwrap();
    let answer = requests.next().await;
    assert!(matches!(answer, Some((1, Err(CallError::Died(ExitReason::Shutdown))))), "{answer:?}");
}

/// OTP: `gen_server_SUITE/send_request` (by name; global and via names are names here)
#[tokio::test(start_paused = true)]
async fn a_request_may_go_to_a_name() {
    let desk = Named::start().name("desk").await.unwrap();
    let mut requests = Requests::new();
    requests.add((), NamedRef::named("desk").serve().owned());
    assert!(matches!(requests.next().await, Some(((), Ok(7)))));
    drop(desk);
}

/// Has a name.
#[actor]
struct Named;

#[handlers]
impl Named {
    #[init]
    fn open() -> Self {
        Self
    }

    #[call]
    fn serve(&self) -> u8 {
        7
    }
}

/// OTP: `gen_server_SUITE/send_request_receive_reqid_collection`, `gen_server_SUITE/send_request_wait_reqid_collection`.
/// There a request may stay in its collection when it is answered; here an answer is moved out, once.
#[tokio::test(start_paused = true)]
async fn answers_come_with_their_labels_in_the_order_of_completion() {
    let (slow, quick, gone) = (desk(), desk(), desk());
    gone.stop().await.unwrap();
    let mut requests = Requests::new();
    requests.add("slow", slow.serve_in(ms(300), 1).owned());
    requests.add("quick", quick.serve_in(ms(100), 2).owned());
    requests.add("gone", gone.serve(3).owned());
    assert_eq!(requests.len(), 3);
    assert_eq!(requests.labels().collect::<Vec<_>>(), [&"slow", &"quick", &"gone"]);
    assert_eq!(format!("{requests:?}"), r#"Requests ["slow", "quick", "gone"]"#);

    assert!(matches!(requests.next().await, Some(("gone", Err(CallError::NoProc)))));
    assert!(matches!(requests.next().await, Some(("quick", Ok(2)))));
    assert_eq!(requests.labels().collect::<Vec<_>>(), [&"slow"]);
    assert!(!requests.is_empty());
    assert!(matches!(requests.next().await, Some(("slow", Ok(1)))));
    assert!(requests.is_empty());
}

/// OTP: `gen_server_SUITE/send_request_receive_reqid_collection` (`no_request`)
#[tokio::test(start_paused = true)]
async fn a_collection_without_requests_has_no_next_answer() {
    let mut requests = Requests::<(), Result<u8, CallError>>::default();
    assert!(requests.next().await.is_none() && requests.is_empty());
}

/// OTP: `gen_server_SUITE/send_request` (time-out, then the reply), `gen_server_SUITE/send_request_wait_reqid_collection`
#[tokio::test(start_paused = true)]
async fn to_wait_in_vain_abandons_nothing() {
    let desk = desk();
    let mut requests = Requests::new();
    requests.add("late", desk.serve_in(ms(500), 1).owned());
    for _ in 0..4 {
        assert!(timeout(ms(100), requests.next()).await.is_err());
    }
    assert_eq!(requests.len(), 1);
    assert!(matches!(requests.next().await, Some(("late", Ok(1)))));
}

/// OTP: `gen_server_SUITE/send_request_receive_reqid_collection` (whose time-out abandons what is pending, and so does a drop here)
#[tokio::test(start_paused = true)]
async fn a_collection_that_is_dropped_abandons_its_requests() {
    let desk = desk();
    let mut requests = Requests::new();
    requests.add(1, desk.keep(1).owned());
    requests.add(2, desk.serve_in(ms(100), 2).owned());
    requests.add(3, desk.serve(3).owned());
    assert!(timeout(ms(50), requests.next()).await.is_err());
    drop(requests);
    assert_eq!(desk.abandoned().await.unwrap(), 1, "the late reply is dropped");
    desk.answer(1).await.unwrap();
    let served = desk.served().await.unwrap();
    assert_eq!(served, [2], "the handler that had begun ran on; the one that had not never does");
}

/// OTP: `gen_server_SUITE/send_request_check_reqid_collection`
#[tokio::test(start_paused = true)]
async fn one_may_wait_for_answers_and_for_other_things_at_once() {
    let desk = desk();
    let (mail, mut mailbox) = mpsc::unbounded_channel();
    let mut requests = Requests::new();
    for n in [1, 2] {
        requests.add(n, desk.serve_in(ms(100), n).owned());
    }
    let mut seen = vec![];
    mail.send("unrelated").unwrap();
    while seen.len() < 4 {
        tokio::select! {
            biased;
            Some(text) = mailbox.recv() => seen.push(text.to_owned()),
            Some((label, answer)) = requests.next() => {
                mail.send("unrelated").unwrap();
                seen.push(format!("{label}: {}", answer.unwrap()));
            }
        }
    }
    assert_eq!(seen, ["unrelated", "1: 1", "unrelated", "2: 2"]);
}

#[tokio::test(start_paused = true)]
async fn each_request_keeps_its_own_limit() {
    let desk = desk();
    let began = Instant::now();
    let mut requests = Requests::new();
    requests.add("long", desk.serve_in(ms(1_000), 1).owned());
    requests.add("short", desk.serve(2).timeout(ms(100)).owned());
    assert!(matches!(requests.next().await, Some(("short", Err(CallError::Timeout)))));
    assert!(began.elapsed() >= ms(100) && began.elapsed() <= ms(110));
    assert!(matches!(requests.next().await, Some(("long", Ok(1)))));
    assert_eq!(desk.served().await.unwrap(), [1]);
}

#[tokio::test(start_paused = true)]
async fn requests_may_be_added_while_others_are_awaited_and_after_the_last() {
    let desk = desk();
    let mut requests = Requests::new();
    for n in 0..3 {
        requests.add(n, desk.serve(n).owned());
        assert!(
            matches!(requests.next().await, Some((label, Ok(answer))) if (label, answer) == (n, n))
        );
        assert!(requests.next().await.is_none());
    }
    requests.add(3, desk.serve_in(ms(10), 3).owned());
    assert!(timeout(ms(1), requests.next()).await.is_err());
    requests.add(4, self::desk().serve(4).owned());
    assert!(matches!(requests.next().await, Some((4, Ok(4)))));
    assert!(matches!(requests.next().await, Some((3, Ok(3)))));
}

/// Serves one at a time.
#[actor(mailbox = 1)]
struct Narrow;

#[handlers]
impl Narrow {
    #[call]
    async fn serve(&mut self, n: u32) -> u32 {
        tokio::time::sleep(ms(10)).await;
        n
    }
}

#[tokio::test(start_paused = true)]
async fn requests_wait_for_room_in_a_mailbox_in_order() {
    let narrow = ghostlight::spawn(Narrow).unwrap();
    let mut requests = Requests::new();
    for n in 0..20 {
        requests.add(n, narrow.serve(n).owned());
    }
    for n in 0..20 {
        assert!(
            matches!(requests.next().await, Some((label, Ok(answer))) if (label, answer) == (n, n))
        );
    }
}

/// Asks others, in one handler or in two.
#[actor]
struct Asker {
    desks: Vec<DeskRef>,
    requests: Requests<usize, u32>,
    called_back: bool,
}

#[handlers]
impl Asker {
    #[call]
    async fn sum(&mut self) -> u32 {
        self.ask().await;
        let mut sum = 0;
        while let Some((_, answer)) = self.requests.next().await {
            sum += answer.unwrap();
        }
        sum
    }

    #[call(timeout = "50ms")]
    async fn ask(&mut self) {
        tokio::task::yield_now().await;
        for (at, desk) in self.desks.iter().enumerate() {
            self.requests.add(at, desk.serve_in(ms(100), 1).owned());
        }
    }

    /// Asks one who calls back.
    #[cast]
    fn ask_echo(&mut self, echo: EchoRef, ctx: &mut Ctx<Self>) {
        self.requests.add(0, echo.ask_back(ctx.me()).owned());
    }

    #[call]
    fn ask_itself(&mut self, ctx: &mut Ctx<Self>) {
        self.requests.add(0, ctx.me().call_back().owned());
    }

    #[call]
    fn call_back(&mut self) -> u32 {
        self.called_back = true;
        5
    }

    #[call]
    async fn next(&mut self) -> Option<(usize, Result<u32, CallError>, bool)> {
        let (label, answer) = self.requests.next().await?;
        Some((label, answer, self.called_back))
    }
}

/// Asks whoever asks it.
#[actor]
struct Echo;

#[handlers]
impl Echo {
    #[call]
    async fn ask_back(&mut self, asker: AskerRef) -> u32 {
        asker.call_back().await.unwrap()
    }
}

fn asker() -> AskerRef {
    let desks = (0..10).map(|_| desk()).collect();
    ghostlight::spawn(Asker { desks, requests: Requests::new(), called_back: false }).unwrap()
}

#[tokio::test(start_paused = true)]
async fn an_actor_may_make_requests_and_wait_for_all_of_them() {
    let began = Instant::now();
    assert_eq!(asker().sum().await.unwrap(), 10);
    assert_eq!(began.elapsed(), ms(100), "all at the same time");
}

#[tokio::test(start_paused = true)]
async fn one_handler_may_take_the_replies_to_the_requests_of_another() {
    let asker = asker();
    asker.ask().await.unwrap();
    for _ in 0..10 {
        let answer = asker.next().await.unwrap();
        assert!(matches!(answer, Some((_, Ok(1), _))), "the caller of `ask` is gone: {answer:?}");
    }
    assert!(asker.next().await.unwrap().is_none());
}

#[tokio::test(start_paused = true)]
async fn whoever_makes_a_request_may_be_called_meanwhile_by_the_one_he_asked_or_by_himself() {
    let (asker, echo) = (asker(), ghostlight::spawn(Echo).unwrap());
    let began = Instant::now();
    asker.ask_echo(echo).await.unwrap();
    asker.ask_itself().await.unwrap();
    tokio::time::sleep(ms(1)).await;
    for _ in 0..2 {
        let answer = asker.next().await.unwrap();
        assert!(matches!(answer, Some((0, Ok(5), true))), "{answer:?}");
    }
    assert!(began.elapsed() < ms(10));
}

#[tokio::test]
async fn whoever_takes_answer_after_answer_lets_others_run() {
    let desk = desk();
    let mut requests = Requests::new();
    for n in 0..10_000 {
        requests.add(n, desk.serve(n).owned());
    }
    let other = tokio::spawn(async {});
    while !other.is_finished() {
        assert!(requests.next().await.is_some(), "the other task never had its turn");
    }
}

#[tokio::test(start_paused = true)]
async fn a_hundred_thousand_requests_are_answered_in_the_order_of_completion() {
    let desk = desk();
    let mut requests = Requests::new();
    for n in 0..100_000 {
        requests.add(n, desk.keep(n).owned());
    }
    desk.answer_all_but_last_first().await.unwrap();
    for n in (0..100_000).rev() {
        let (label, answer) = requests.next().await.unwrap();
        assert_eq!((label, answer.unwrap()), (n, n));
    }
    assert!(requests.next().await.is_none());
}

#[test]
fn answers_from_many_threads_are_each_taken_once() {
    let runtime =
        tokio::runtime::Builder::new_multi_thread().worker_threads(4).enable_all().build().unwrap();
    runtime.block_on(async {
        let desks: Vec<_> = (0..8).map(|_| desk()).collect();
        let taken = tokio::spawn(async move {
            let mut requests = Requests::new();
            let mut taken = HashSet::new();
            for n in 0..20_000 {
                let desk = &desks[n % desks.len()];
                requests.add(n, desk.serve_in(Duration::ZERO, 0).owned());
                if n % 16 == 0 {
                    taken.insert(requests.next().await.unwrap().0);
                }
            }
            while let Some((n, answer)) = requests.next().await {
                answer.unwrap();
                assert!(taken.insert(n), "{n} was taken twice");
            }
            taken
        });
        assert_eq!(taken.await.unwrap().len(), 20_000);
    });
}

/// One step of a history.
#[derive(Clone, Debug)]
enum Step {
    /// A request that its desk keeps.
    Keep(Index),
    /// A request that its desk answers at once.
    Serve(Index),
    /// A kept one is answered, or its reply lost.
    Answer(Index),
    Lose(Index),
    /// A desk ends, with what it keeps.
    End(Index),
    Take,
    /// To wait for what is not there, for a moment.
    WaitInVain,
}

fn steps() -> impl Strategy<Value = Step> {
    let at = any::<Index>;
    prop_oneof![
        4 => at().prop_map(Step::Keep),
        2 => at().prop_map(Step::Serve),
        3 => at().prop_map(Step::Answer),
        1 => at().prop_map(Step::Lose),
        1 => at().prop_map(Step::End),
        4 => Just(Step::Take),
        1 => Just(Step::WaitInVain),
    ]
}

use proptest::strategy::Just;

/// What an answer is like.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Like {
    Reply(u32),
    NoReply,
    Died,
    NoProc,
}

fn like(answer: &Result<u32, CallError>) -> Like {
    match answer {
        Ok(n) => Like::Reply(*n),
        Err(CallError::NoReply) => Like::NoReply,
        Err(CallError::Died(_)) => Like::Died,
        Err(CallError::NoProc) => Like::NoProc,
        Err(other) => panic!("{other:?}"),
    }
}

/// What the collection is to hold.
#[derive(Default)]
struct Model {
    kept: Vec<(u32, usize)>,
    done: VecDeque<(u32, Like)>,
    added: u32,
}

impl Model {
    fn add(&mut self) -> u32 {
        self.added += 1;
        self.added - 1
    }

    fn pick(&mut self, at: Index) -> Option<(u32, usize)> {
        (!self.kept.is_empty()).then(|| self.kept.remove(at.index(self.kept.len())))
    }
}

async fn play(steps: Vec<Step>) -> Result<(), TestCaseError> {
    let desks: Vec<_> = (0..3).map(|_| desk()).collect();
    let mut requests = Requests::new();
    let mut model = Model::default();
    for step in steps {
        match step {
            Step::Keep(at) => {
                let (at, n) = (at.index(desks.len()), model.add());
                requests.add(n, desks[at].keep(n).owned());
                if desks[at].is_alive() {
                    model.kept.push((n, at));
                } else {
                    model.done.push_back((n, Like::NoProc));
                }
            }
            Step::Serve(at) => {
                let (at, n) = (at.index(desks.len()), model.add());
                requests.add(n, desks[at].serve(n).owned());
                let like = if desks[at].is_alive() { Like::Reply(n) } else { Like::NoProc };
                model.done.push_back((n, like));
            }
            Step::Answer(at) => {
                let Some((n, at)) = model.pick(at) else { continue };
                desks[at].answer(n).await.unwrap();
                desks[at].served().await.unwrap();
                model.done.push_back((n, Like::Reply(n)));
            }
            Step::Lose(at) => {
                let Some((n, at)) = model.pick(at) else { continue };
                desks[at].lose(n).await.unwrap();
                desks[at].served().await.unwrap();
                model.done.push_back((n, Like::NoReply));
            }
            Step::End(at) => {
                let at = at.index(desks.len());
                drop(desks[at].stop().await);
                let (died, kept) = model.kept.into_iter().partition(|(_, desk)| *desk == at);
                let died: Vec<_> = died;
                model.kept = kept;
                model.done.extend(died.into_iter().map(|(n, _)| (n, Like::Died)));
            }
            Step::Take => {
                let Some(expected) = model.done.pop_front() else { continue };
                let (n, answer) = requests.next().await.unwrap();
                prop_assert_eq!((n, like(&answer)), expected);
            }
            Step::WaitInVain if model.done.is_empty() && !model.kept.is_empty() => {
                prop_assert!(timeout(ms(1), requests.next()).await.is_err());
            }
            Step::WaitInVain => {}
        }
        prop_assert_eq!(requests.len(), model.kept.len() + model.done.len());
    }
    for (n, at) in std::mem::take(&mut model.kept) {
        desks[at].answer(n).await.unwrap();
        desks[at].served().await.unwrap();
        model.done.push_back((n, Like::Reply(n)));
    }
    for expected in model.done {
        let (n, answer) = requests.next().await.unwrap();
        prop_assert_eq!((n, like(&answer)), expected);
    }
    prop_assert!(requests.next().await.is_none());
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 500, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn every_request_is_answered_once_in_the_order_of_completion(steps in vec(steps(), 1..60)) {
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .start_paused(true)
            .build()
            .unwrap();
        runtime.block_on(play(steps))?;
    }
}
