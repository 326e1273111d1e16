//! A task for each element of an input. otp.md 3.10, its paragraph on `async_stream`.

#![allow(clippy::unwrap_used, reason = "a test may fail in a helper, too")]

mod worker;

use ghostlight::{AsyncStream, ChildError, TaskSupervisorRef, prelude::*};
use std::{
    future::{pending, poll_fn},
    pin::Pin,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    task::Poll,
    time::Duration,
};
use tokio::time::{Instant, sleep, timeout};
use worker::{ms, settle, soon};

async fn late<T>(time: Duration, value: T) -> T {
    sleep(time).await;
    value
}

async fn all<T: Send + 'static>(mut stream: AsyncStream<'_, T>) -> Vec<Result<T, String>> {
    let mut results = vec![];
    while let Some(result) = stream.next().await {
        results.push(result.map_err(|error| error.to_string()));
    }
    assert!(stream.next().await.is_none(), "what has ended has ended");
    results
}

async fn values<T: Send + 'static>(stream: AsyncStream<'_, T>) -> Vec<T> {
    all(stream).await.into_iter().map(Result::unwrap).collect()
}

/// How many tasks run, and how many ran at most.
#[derive(Clone, Default)]
struct Load(Arc<(AtomicUsize, AtomicUsize)>);

struct Running(Load);

impl Load {
    fn begin(&self) -> Running {
        let now = self.0.0.fetch_add(1, Ordering::Relaxed) + 1;
        self.0.1.fetch_max(now, Ordering::Relaxed);
        Running(self.clone())
    }

    fn now(&self) -> usize {
        self.0.0.load(Ordering::Relaxed)
    }

    fn most(&self) -> usize {
        self.0.1.load(Ordering::Relaxed)
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        self.0.0.0.fetch_sub(1, Ordering::Relaxed);
    }
}

#[tokio::test(start_paused = true)]
async fn results_come_in_the_order_of_the_input() {
    let begin = Instant::now();
    let stream = Task::async_stream([30, 10, 20], |n| late(ms(n), n)).max_concurrency(3);
    assert_eq!(values(stream).await, [30, 10, 20]);
    assert_eq!(begin.elapsed(), ms(30));
}

#[tokio::test(start_paused = true)]
async fn unordered_results_come_as_they_are_ready() {
    let stream = Task::async_stream([30, 10, 20], |n| late(ms(n), n)).max_concurrency(3);
    assert_eq!(values(stream.unordered()).await, [10, 20, 30]);
}

#[tokio::test(start_paused = true)]
async fn an_empty_input_gives_nothing() {
    assert_eq!(values(Task::async_stream([], |n: u8| async move { n })).await, []);
}

#[tokio::test(start_paused = true)]
async fn no_more_tasks_run_than_may() {
    for most in [1, 3] {
        let load = Load::default();
        let stream = Task::async_stream(0..10, |n| {
            let load = load.clone();
            async move {
                let _running = load.begin();
                late(ms(n % 3 + 1), n).await
            }
        });
        let stream = stream.max_concurrency(most);
        assert_eq!(values(stream).await, (0..10).collect::<Vec<_>>());
        assert_eq!(load.most(), most);
    }
}

#[tokio::test(start_paused = true)]
async fn by_default_as_many_run_as_there_are_processors() {
    let load = Load::default();
    let stream = Task::async_stream(0..1_000, |_| {
        let load = load.clone();
        async move {
            let _running = load.begin();
            sleep(ms(1)).await;
        }
    });
    values(stream).await;
    assert_eq!(load.most(), std::thread::available_parallelism().unwrap().get());
}

#[test]
#[should_panic(expected = "`max_concurrency` is at least 1")]
fn at_least_one_task_runs_at_a_time() {
    drop(Task::async_stream([1], |n: u8| async move { n }).max_concurrency(0));
}

#[tokio::test(start_paused = true)]
async fn input_is_taken_only_when_a_task_can_be_started_for_it() {
    let taken = AtomicUsize::new(0);
    let input = (0_u64..).inspect(|_| _ = taken.fetch_add(1, Ordering::Relaxed));
    let mut stream = Task::async_stream(input, |n| late(ms(10 * (n + 1)), n)).max_concurrency(2);
    settle().await;
    assert_eq!(taken.load(Ordering::Relaxed), 0, "nobody has asked yet");
    assert!(timeout(ms(5), stream.next()).await.is_err());
    assert_eq!(taken.load(Ordering::Relaxed), 2);
    assert_eq!(stream.next().await.unwrap().unwrap(), 0);
    assert_eq!(taken.load(Ordering::Relaxed), 3, "one has ended");
    settle().await;
    assert_eq!(taken.load(Ordering::Relaxed), 3);
}

#[tokio::test(start_paused = true)]
async fn in_order_results_that_are_early_wait_and_others_run_meanwhile() {
    let taken = AtomicUsize::new(0);
    let input = (0..5).inspect(|_| _ = taken.fetch_add(1, Ordering::Relaxed));
    let mut stream = Task::async_stream(input, |n| late(if n == 0 { ms(100) } else { ms(10) }, n))
        .max_concurrency(2);
    assert_eq!(stream.next().await.unwrap().unwrap(), 0);
    assert_eq!(taken.load(Ordering::Relaxed), 5, "the others took turns in the second place");
    let begin = Instant::now();
    assert_eq!(values(stream).await, [1, 2, 3, 4]);
    assert_eq!(begin.elapsed(), Duration::ZERO);
}

#[tokio::test(start_paused = true)]
async fn a_task_that_dies_is_one_result_among_others() {
    let one = |n: u8| async move {
        assert_ne!(n, 2, "no two");
        n
    };
    let results = all(Task::async_stream([1, 2, 3], one)).await;
    assert_eq!((&results[0], &results[2]), (&Ok(1), &Ok(3)));
    assert!(results[1].as_ref().unwrap_err().contains("no two"));
    assert_eq!(results.len(), 3);
}

#[tokio::test(start_paused = true)]
async fn a_task_that_takes_longer_than_five_seconds_ends_the_stream() {
    let begin = Instant::now();
    let load = Load::default();
    let stream = Task::async_stream([1, 60, 4, 1], |n| {
        let running = load.begin();
        async move {
            let _running = running;
            late(Duration::from_secs(n), n).await
        }
    });
    let results = all(stream.max_concurrency(4)).await;
    assert_eq!(results[0], Ok(1));
    assert!(results[1].as_ref().unwrap_err().contains("in time"));
    assert_eq!(results.len(), 2, "what comes after it is not given");
    assert_eq!(begin.elapsed(), Duration::from_secs(5));
    settle().await;
    assert_eq!(load.now(), 0);
}

#[tokio::test(start_paused = true)]
async fn a_task_that_takes_too_long_can_be_one_result_among_others() {
    let begin = Instant::now();
    for is_ordered in [true, false] {
        let load = Load::default();
        let stream = Task::async_stream([1, 60, 4, 1], |n| {
            let running = load.begin();
            async move {
                let _running = running;
                late(ms(n), n).await
            }
        });
        let stream = stream.max_concurrency(2).timeout(ms(10)).kill_on_timeout();
        let stream = if is_ordered { stream } else { stream.unordered() };
        let results = all(stream).await;
        let late = if is_ordered { 1 } else { 3 };
        assert!(results[late].as_ref().unwrap_err().contains("in time"), "{results:?}");
        assert_eq!(results.iter().flatten().collect::<Vec<_>>(), [&1, &4, &1]);
        assert_eq!(load.now(), 0);
    }
    assert_eq!(begin.elapsed(), ms(20));
}

#[tokio::test(start_paused = true)]
async fn each_task_has_its_own_time() {
    let begin = Instant::now();
    let stream = Task::async_stream([8, 8, 8], |n| late(ms(n), n));
    assert_eq!(values(stream.max_concurrency(1).timeout(ms(10))).await, [8, 8, 8]);
    assert_eq!(begin.elapsed(), ms(24));
    let hour = Duration::from_secs(3_600);
    let stream = Task::async_stream([hour], |n| late(n, n)).timeout(Duration::MAX);
    assert_eq!(values(stream).await, [hour]);
}

#[tokio::test(start_paused = true)]
async fn a_stream_that_is_dropped_early_leaves_nothing_running() {
    let load = Load::default();
    let mut stream = Task::async_stream(0.., |n: u64| {
        let running = load.begin();
        async move {
            let _running = running;
            late(ms(n), n).await
        }
    })
    .max_concurrency(4);
    assert_eq!(stream.next().await.unwrap().unwrap(), 0);
    assert!(load.now() > 0);
    drop(stream);
    settle().await;
    assert_eq!(load.now(), 0);
}

#[tokio::test(start_paused = true)]
async fn to_give_up_waiting_for_a_result_loses_none() {
    let mut stream = Task::async_stream([20, 10], |n| late(ms(n), n)).max_concurrency(2);
    for _ in 0..19 {
        assert!(timeout(ms(1), stream.next()).await.is_err());
    }
    assert_eq!(values(stream).await, [20, 10]);
}

#[tokio::test(start_paused = true)]
async fn input_and_function_may_borrow() {
    let words = vec!["one".to_owned(), "three".to_owned()];
    let mut calls = 0;
    let stream = Task::async_stream(&words, |word| {
        calls += 1;
        let word = word.clone();
        async move { word.len() }
    });
    assert_eq!(values(stream).await, [3, 5]);
    assert_eq!(calls, 2);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn many_elements_on_several_threads_come_in_order() {
    let stream = Task::async_stream(0..1_000, |n| async move {
        tokio::task::yield_now().await;
        n
    });
    assert_eq!(values(stream.max_concurrency(50)).await, (0..1_000).collect::<Vec<_>>());
}

/// Awaits streams in its handlers. Does not trap exits.
#[actor]
struct Reader;

#[handlers]
impl Reader {
    #[call]
    async fn fail(&mut self) -> usize {
        let stream = Task::async_stream(0..3, |_| async { panic!("no ink") });
        all::<()>(stream).await.len()
    }

    #[cast]
    async fn hang(&mut self, load: Load) {
        let mut stream = Task::async_stream(0..3, |_| {
            let running = load.begin();
            async move {
                let _running = running;
                pending::<()>().await;
            }
        })
        .max_concurrency(2);
        drop(stream.next().await);
    }
}

#[tokio::test(start_paused = true)]
async fn tasks_that_fail_do_not_end_the_actor_that_awaits_them_and_end_with_it() {
    let reader = ghostlight::spawn(Reader).unwrap();
    assert_eq!(reader.fail().await.unwrap(), 3);
    let load = Load::default();
    reader.hang(load.clone()).await.unwrap();
    settle().await;
    assert_eq!(load.now(), 2);
    reader.kill();
    settle().await;
    assert_eq!(load.now(), 0);
}

async fn tasks(max_children: usize) -> TaskSupervisorRef {
    TaskSupervisor::new().max_children(max_children).start().await.unwrap()
}

#[tokio::test(start_paused = true)]
async fn under_a_supervisor_the_tasks_are_its_children() {
    let tasks = tasks(usize::MAX).await;
    let mut stream = tasks.async_stream([10, 20, 30], |n| late(ms(n), n)).max_concurrency(2);
    assert!(timeout(ms(5), stream.next()).await.is_err());
    assert_eq!(tasks.children().await.unwrap().len(), 2);
    assert_eq!(values(stream).await, [10, 20, 30]);
    assert!(tasks.children().await.unwrap().is_empty());
}

#[tokio::test(start_paused = true)]
async fn a_stream_fits_into_a_supervisor_with_just_as_much_room() {
    let tasks = tasks(2).await;
    let stream = tasks.async_stream(0..100, |n| async move { n }).max_concurrency(2);
    assert_eq!(values(stream).await, (0..100).collect::<Vec<_>>());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn on_several_threads_too_it_fits_with_just_as_much_room() {
    let tasks = tasks(3).await;
    let stream = tasks.async_stream(0..1_000, |n| async move { n }).max_concurrency(3);
    assert_eq!(values(stream).await, (0..1_000).collect::<Vec<_>>());
}

#[tokio::test(start_paused = true)]
async fn when_the_supervisor_has_no_room_that_is_the_last_result() {
    let tasks = tasks(2).await;
    let mut stream = tasks.async_stream(1..10, |n| late(ms(n), n)).max_concurrency(3);
    assert_eq!(stream.next().await.unwrap().unwrap(), 1);
    assert_eq!(stream.next().await.unwrap().unwrap(), 2);
    let refused = stream.next().await.unwrap();
    assert!(matches!(refused, Err(TaskError::NotStarted(ChildError::MaxChildren))));
    assert!(stream.next().await.is_none());
}

#[tokio::test(start_paused = true)]
async fn when_the_supervisor_ends_so_does_the_stream() {
    let tasks = tasks(usize::MAX).await;
    let mut stream = tasks.async_stream(0.., |_: u8| pending::<()>()).max_concurrency(2);
    assert!(timeout(ms(5), stream.next()).await.is_err());
    tasks.kill();
    let results = [soon(stream.next()).await.unwrap(), soon(stream.next()).await.unwrap()];
    assert!(matches!(&results[..], [Err(TaskError::Died(_)), Err(TaskError::Died(_))]));
    assert!(matches!(soon(stream.next()).await, Some(Err(TaskError::NotStarted(_)))));
    assert!(stream.next().await.is_none());
}

#[tokio::test(start_paused = true)]
async fn under_a_supervisor_too_a_stream_that_is_dropped_leaves_nothing_running() {
    let tasks = tasks(usize::MAX).await;
    let load = Load::default();
    let mut polls = 0;
    // Given up at each point where it may wait, those of starting a task included.
    for most in 0..20 {
        let mut stream = tasks
            .async_stream(0.., |_: u64| {
                let running = load.begin();
                async move {
                    let _running = running;
                    pending::<()>().await;
                }
            })
            .max_concurrency(4);
        let mut next = Box::pin(stream.next());
        for _ in 0..most {
            polls += 1;
            assert!(tokio::task::unconstrained(poll_once(next.as_mut())).await.is_none());
            tokio::task::yield_now().await;
        }
        drop(next);
        drop(stream);
        settle().await;
        assert_eq!(load.now(), 0, "after {most} polls");
        assert!(tasks.children().await.unwrap().is_empty());
    }
    assert_eq!(polls, 190);
    assert_eq!(load.most(), 4);
}

#[tokio::test(start_paused = true)]
async fn under_a_supervisor_too_to_give_up_waiting_loses_no_result() {
    let tasks = tasks(usize::MAX).await;
    let mut stream = tasks.async_stream(0..100, |n| async move { n }).max_concurrency(4);
    let mut results = vec![];
    for _ in 0..10_000 {
        // Given up each time that it waits, for a task to be started for one.
        let next = poll_once(Box::pin(stream.next()).as_mut()).await;
        match next {
            Some(Some(result)) => results.push(result.unwrap()),
            Some(None) => break,
            None => tokio::task::yield_now().await,
        }
    }
    assert_eq!(results, (0..100).collect::<Vec<_>>());
}

async fn poll_once<F: Future>(mut future: Pin<&mut F>) -> Option<F::Output> {
    poll_fn(|cx| {
        Poll::Ready(match future.as_mut().poll(cx) {
            Poll::Ready(done) => Some(done),
            Poll::Pending => None,
        })
    })
    .await
}

#[tokio::test(start_paused = true)]
async fn under_a_supervisor_a_task_that_is_too_late_is_killed_and_forgotten() {
    let tasks = tasks(1).await;
    let stream = tasks.async_stream([60, 1], |n| late(ms(n), n));
    let stream = stream.max_concurrency(1).timeout(ms(10)).kill_on_timeout();
    let results = all(stream).await;
    assert!(results[0].is_err());
    assert_eq!(results[1], Ok(1), "{results:?}");
    assert!(tasks.children().await.unwrap().is_empty());
}

#[tokio::test(start_paused = true)]
async fn what_was_ready_in_time_is_given_though_nobody_asked_for_it_in_time() {
    let times = [10, 20, 60_000].map(Duration::from_millis);
    let work = |time| async move { sleep(time).await };
    let mut stream =
        Task::async_stream(times, work).max_concurrency(3).timeout(Duration::from_secs(1));
    let mut given = Vec::new();
    while let Some(result) = stream.next().await {
        given.push(result.is_ok());
        sleep(Duration::from_secs(2)).await;
    }
    assert_eq!(given, [true, true, false]);
}
