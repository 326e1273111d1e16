//! Calls from many tasks, answered, refused, late and dropped, all at once.

#![allow(clippy::unwrap_used, reason = "a test may fail in a helper, too")]

use ghostlight::prelude::*;
use std::{pin::pin, task::Poll, time::Duration};

/// Answers what it is asked, in several ways.
#[actor(inline = never, mailbox = 16)]
#[derive(Default)]
struct Echo {
    kept: Vec<(ReplyTo<u64>, u64)>,
}

#[handlers]
impl Echo {
    #[call]
    fn now(&self, n: u64) -> u64 {
        n
    }

    #[call]
    async fn soon(&mut self, n: u64) -> u64 {
        tokio::task::yield_now().await;
        n
    }

    #[call]
    fn later(&mut self, n: u64, reply: ReplyTo<u64>) {
        self.kept.push((reply, n));
        if self.kept.len() >= 4 {
            for (reply, n) in self.kept.drain(..) {
                reply.send(n);
            }
        }
    }

    #[call]
    fn boxed(&self, n: u64) -> [u64; 16] {
        [n; 16]
    }
}

/// Polls a future at most `times` times, and drops it then.
async fn at_most<F: IntoFuture>(times: u64, future: F) -> Option<F::Output> {
    let mut future = pin!(future.into_future());
    let mut left = times;
    std::future::poll_fn(|cx| match future.as_mut().poll(cx) {
        Poll::Ready(output) => Poll::Ready(Some(output)),
        Poll::Pending if left == 0 => Poll::Ready(None),
        Poll::Pending => {
            left -= 1;
            cx.waker().wake_by_ref();
            Poll::Pending
        }
    })
    .await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn every_caller_gets_its_own_answer() {
    let echo = ghostlight::spawn(Echo::default()).unwrap();
    let mut callers = Vec::new();
    for caller in 0..16_u64 {
        let echo = echo.clone();
        callers.push(tokio::spawn(async move {
            let mut answered = 0;
            for n in 0..2_000 {
                let n = caller * 1_000_000 + n;
                match n % 5 {
                    0 => assert_eq!(echo.now(n).await.unwrap(), n),
                    1 => assert_eq!(echo.soon(n).await.unwrap(), n),
                    2 => assert_eq!(echo.boxed(n).await.unwrap(), [n; 16]),
                    3 => match at_most(n % 7, echo.now(n)).await {
                        Some(answer) => assert_eq!(answer.unwrap(), n),
                        None => continue,
                    },
                    _ => match at_most(n % 11, echo.later(n).timeout(Duration::from_millis(1)))
                        .await
                    {
                        Some(Ok(answer)) => assert_eq!(answer, n),
                        Some(Err(CallError::Timeout)) | None => continue,
                        Some(Err(error)) => panic!("{error}"),
                    },
                }
                answered += 1;
            }
            answered
        }));
    }
    let mut answered = 0;
    for caller in callers {
        answered += caller.await.unwrap();
    }
    assert!(answered >= 16 * 2_000 * 3 / 5, "{answered}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn callers_of_actors_that_come_and_go_are_all_told() {
    for round in 0..200 {
        let echo = ghostlight::spawn(Echo::default()).unwrap();
        let callers: Vec<_> = (0..8)
            .map(|n| tokio::spawn(echo.later(n).owned().into_future()))
            .chain((0..4).map(|n| tokio::spawn(echo.soon(n).owned().into_future())))
            .collect();
        drop(echo);
        for caller in callers {
            let answer = caller.await.unwrap();
            assert!(answer.is_ok(), "round {round}: {answer:?}");
        }
    }
}
