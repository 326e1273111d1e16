//! One question to many actors.

#![allow(clippy::unwrap_used, reason = "a test may fail in a helper, too")]

use ghostlight::{MultiCall, multi_call, prelude::*};
use std::{sync::Arc, time::Duration};
use tokio::{
    sync::{Notify, mpsc},
    time::Instant,
};

fn ms(ms: u64) -> Duration {
    Duration::from_millis(ms)
}

/// Takes its time to say who it is.
#[actor(mailbox = 1)]
struct Member {
    n: u32,
    time: Duration,
    gate: Arc<Notify>,
    heard: mpsc::UnboundedSender<u32>,
}

#[handlers]
impl Member {
    #[call]
    async fn who(&mut self) -> u32 {
        self.heard.send(self.n).unwrap();
        tokio::time::sleep(self.time).await;
        self.n
    }

    #[call]
    async fn crash_in(&mut self, time: Duration) -> u32 {
        tokio::time::sleep(time).await;
        panic!("crash");
    }

    #[cast]
    async fn hang(&mut self) {
        self.gate.notified().await;
    }

    #[cast]
    fn nod(&mut self) {}
}

type Heard = mpsc::UnboundedReceiver<u32>;

/// Members who answer after 100 ms, 200 ms, and so on.
fn members(count: u32) -> (Vec<MemberRef>, Arc<Notify>, Heard) {
    let (gate, (heard, told)) = (Arc::new(Notify::new()), mpsc::unbounded_channel());
    let member = |n| {
        let (gate, heard) = (gate.clone(), heard.clone());
        ghostlight::spawn(Member { n, time: ms(100) * n, gate, heard }).unwrap()
    };
    ((1..=count).map(member).collect(), gate.clone(), told)
}

/// Asks all of them for their names.
async fn names(members: &[MemberRef], limit: Duration) -> MultiCall<usize, u32> {
    multi_call(members.iter().map(MemberRef::who).enumerate(), limit).await
}

/// The labels of the failures.
fn failed(answers: &MultiCall<usize, u32>) -> Vec<usize> {
    answers.failures.iter().map(|(label, _)| *label).collect()
}

/// OTP: `gen_server_SUITE/multicall`, `gen_server_SUITE/multicall_remote`, `gen_server_test/multi_call/4`
#[tokio::test(start_paused = true)]
async fn all_are_asked_at_the_same_time_and_each_reply_has_its_label() {
    let (members, _gate, _heard) = members(5);
    let began = Instant::now();
    let answers = names(&members, Duration::MAX).await;
    assert_eq!(answers.replies, [(0, 1), (1, 2), (2, 3), (3, 4), (4, 5)]);
    assert!(answers.failures.is_empty());
    assert_eq!(began.elapsed(), ms(500), "as long as the slowest takes");
}

/// OTP: `gen_server_SUITE/multicall`, `gen_server_SUITE/multicall_remote`, `gen_server_SUITE/multicall_down`,
/// `gen_server_test/multi_call/4`. There the bad ones are nodes; here they are actors, and it is told why.
#[tokio::test(start_paused = true)]
async fn those_who_are_gone_or_go_meanwhile_are_failures() {
    let (members, _gate, _heard) = members(3);
    members[1].stop().await.unwrap();
    let nobody = MemberRef::named("nobody");
    let calls = [
        ("lives", members[0].who()),
        ("gone", members[1].who()),
        ("crashes", members[2].crash_in(ms(50))),
        ("unknown", nobody.who()),
    ];
    let began = Instant::now();
    let answers = multi_call(calls, Duration::from_secs(60)).await;
    assert_eq!(answers.replies, [("lives", 1)]);
    let [gone, unknown, crashes] = &answers.failures[..] else { panic!("{answers:?}") };
    assert!(matches!(gone, ("gone", CallError::NoProc)), "{gone:?}");
    assert!(matches!(unknown, ("unknown", CallError::NoProc)), "{unknown:?}");
    assert!(matches!(crashes, ("crashes", CallError::Died(ExitReason::Panic(_)))), "{crashes:?}");
    assert_eq!(began.elapsed(), ms(100), "nobody waits for them");
}

/// OTP: `gen_server_SUITE/multicall_remote`. There a server that is suspended is bad; here it hangs in a handler.
#[tokio::test(start_paused = true)]
async fn those_who_do_not_answer_in_time_are_failures_and_their_late_replies_are_dropped() {
    let (members, gate, mut heard) = members(3);
    members[0].hang().await.unwrap();
    tokio::task::yield_now().await;
    let began = Instant::now();
    let answers = names(&members, ms(250)).await;
    assert!(began.elapsed() >= ms(250) && began.elapsed() <= ms(260));
    assert_eq!(answers.replies, [(1, 2)]);
    let mut late = failed(&answers);
    late.sort_unstable();
    assert_eq!(late, [0, 2]);
    assert!(answers.failures.iter().all(|(_, error)| matches!(error, CallError::Timeout)));

    gate.notify_one();
    tokio::time::sleep(ms(1_000)).await;
    let heard: Vec<_> = std::iter::from_fn(|| heard.try_recv().ok()).collect();
    assert_eq!(heard, [2, 3], "what had not begun when the time was up is not run");
    assert_eq!(names(&members, ms(1_000)).await.replies, [(0, 1), (1, 2), (2, 3)]);
}

/// OTP: `gen_server_SUITE/multicall_remote` (a time-out gives all bad quickly)
#[tokio::test(start_paused = true)]
async fn without_time_nobody_is_waited_for() {
    let (members, _gate, _heard) = members(5);
    let began = Instant::now();
    let answers = names(&members, Duration::ZERO).await;
    assert!(answers.replies.is_empty());
    assert_eq!(answers.failures.len(), 5);
    assert!(began.elapsed() <= ms(10));
}

#[tokio::test(start_paused = true)]
async fn the_limit_replaces_that_of_each_call() {
    let (members, _gate, _heard) = members(1);
    members[0].hang().await.unwrap();
    tokio::task::yield_now().await;
    for limit in [ms(10), ms(100_000)] {
        let began = Instant::now();
        let answers = multi_call([((), members[0].who().timeout(ms(1_000)))], limit).await;
        assert!(matches!(answers.failures[..], [((), CallError::Timeout)]));
        assert!(began.elapsed() >= limit && began.elapsed() <= limit + ms(10));
    }
}

#[tokio::test(start_paused = true)]
async fn one_with_a_full_mailbox_is_waited_for_within_the_limit() {
    let (members, gate, _heard) = members(2);
    members[0].hang().await.unwrap();
    tokio::task::yield_now().await;
    members[0].nod().await.unwrap();
    let answers = names(&members, ms(1_000)).await;
    assert_eq!((answers.replies.as_slice(), failed(&answers)), (&[(1, 2)][..], vec![0]));
    let opened = async {
        tokio::time::sleep(ms(500)).await;
        gate.notify_one();
    };
    let (answers, ()) = tokio::join!(names(&members, ms(1_000)), opened);
    assert_eq!(answers.replies, [(1, 2), (0, 1)]);
}

/// OTP: `gen_server_SUITE/multicall_recv_opt_success`, `gen_server_SUITE/multicall_recv_opt_timeout`,
/// `gen_server_SUITE/multicall_recv_opt_noconnection`. There what waits in the caller's mailbox must not make it slow; here replies do not
/// come through the mailbox, which may be full.
#[tokio::test(start_paused = true)]
async fn what_waits_in_the_mailbox_of_the_caller_does_not_matter() {
    let (members, _gate, _heard) = members(3);
    members[1].stop().await.unwrap();
    let asker = ghostlight::spawn(Asker { members, ignored: 0 }).unwrap();
    for limit in [Duration::MAX, ms(1), ms(250)] {
        let answers = tokio::spawn(asker.ask(limit).owned().into_future());
        tokio::task::yield_now().await; // it begins
        for _ in 0..1_000 {
            asker.ignore().try_send().unwrap();
        }
        let (replied, failed) = answers.await.unwrap().unwrap();
        assert_eq!(replied + failed, 3);
        assert_eq!(replied, if limit == ms(1) { 0 } else { 1 + usize::from(limit > ms(250)) });
        assert_eq!(asker.ignored().await.unwrap(), 1_000);
    }
}

/// Asks while its mailbox fills.
#[actor]
struct Asker {
    members: Vec<MemberRef>,
    ignored: u32,
}

#[handlers]
impl Asker {
    #[call]
    async fn ask(&mut self, limit: Duration) -> (usize, usize) {
        self.ignored = 0;
        let answers = names(&self.members, limit).await;
        assert_eq!(self.ignored, 0, "one handler at a time");
        (answers.replies.len(), answers.failures.len())
    }

    #[cast]
    fn ignore(&mut self) {
        self.ignored += 1;
    }

    #[call]
    fn ignored(&self) -> u32 {
        self.ignored
    }
}

#[tokio::test(start_paused = true)]
async fn to_call_nobody_is_ready_at_once() {
    let answers = names(&[], Duration::MAX).await;
    assert!(answers.replies.is_empty() && answers.failures.is_empty());
}

#[tokio::test(start_paused = true)]
async fn to_drop_it_withdraws_what_has_not_begun() {
    let (members, gate, mut heard) = members(2);
    members[0].hang().await.unwrap();
    tokio::task::yield_now().await;
    assert!(tokio::time::timeout(ms(5), names(&members, Duration::MAX)).await.is_err());
    gate.notify_one();
    tokio::time::sleep(ms(1_000)).await;
    assert_eq!(heard.try_recv().unwrap(), 2);
    assert!(heard.try_recv().is_err());
}

/// Asks many, and may be one of them.
#[actor]
struct Chair {
    members: Vec<ChairRef>,
}

#[handlers]
impl Chair {
    /// How many of the members could not ask back.
    #[call]
    async fn ask_all(&mut self, ctx: &mut Ctx<Self>) -> usize {
        let calls = self.members.iter().map(|member| ((), member.ask_back(ctx.me())));
        let answers = multi_call(calls, Duration::MAX).await;
        answers.replies.iter().filter(|((), told)| *told).count()
    }

    #[call]
    async fn ask_back(&mut self, chair: ChairRef) -> bool {
        matches!(chair.nod().await, Err(CallError::WouldDeadlock { .. }))
    }

    #[call]
    fn nod(&self) {}
}

#[tokio::test(start_paused = true)]
async fn in_a_handler_those_who_would_wait_for_it_are_told() {
    let members = (0..3).map(|_| ghostlight::spawn(Chair { members: vec![] }).unwrap()).collect();
    let chair = ghostlight::spawn(Chair { members }).unwrap();
    let began = Instant::now();
    assert_eq!(chair.ask_all().await.unwrap(), 3);
    assert!(began.elapsed() < ms(10));
}
