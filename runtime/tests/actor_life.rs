//! How an actor begins, serves, and ends.

use ghostlight::prelude::*;

/// Counts.
#[actor]
#[derive(Default)]
struct Counter {
    count: u64,
}

#[handlers]
impl Counter {
    #[init]
    fn from(count: u64) -> Self {
        Self { count }
    }

    #[call]
    fn get(&self) -> u64 {
        self.count
    }

    #[call]
    async fn get_later(&mut self) -> u64 {
        tokio::task::yield_now().await;
        self.count
    }

    #[cast]
    fn add(&mut self, n: u64) {
        self.count += n;
    }

    #[call]
    fn deferred(&mut self, reply: ReplyTo<u64>) {
        let n = self.count;
        tokio::spawn(async move { reply.send(n) });
    }

    #[call]
    fn boom(&mut self) -> u64 {
        panic!("boom")
    }
}

#[tokio::test(start_paused = true)]
async fn a_counter_counts() {
    let counter = Counter::start(5).await.unwrap();
    counter.add(2).await.unwrap();
    assert_eq!(counter.get().await.unwrap(), 7);
    assert_eq!(counter.get().await.unwrap(), 7);
    assert_eq!(counter.get_later().await.unwrap(), 7);
    assert_eq!(counter.deferred().await.unwrap(), 7);
    let died = counter.boom().await;
    assert!(matches!(died, Err(CallError::Died(ExitReason::Panic(_)))), "{died:?}");
    assert!(matches!(counter.get().await, Err(CallError::NoProc)));
}
