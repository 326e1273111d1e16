//! Without an `#[init]` the names `start` and `child_spec` are free.

#![deny(warnings, missing_docs, unreachable_pub)]

use ghostlight::prelude::*;

/// In another block.
#[actor]
pub struct Cache;

#[handlers]
impl Cache {
    /// Is there.
    #[cast]
    pub fn put(&mut self) {}
}

impl Cache {
    /// Starts it.
    pub fn start(self) -> Result<CacheRef, StartError> {
        ghostlight::spawn(self)
    }

    /// Has no spec.
    pub fn child_spec() -> u8 {
        1
    }
}

/// Of handlers.
#[actor]
struct Clock<T> {
    times: Vec<T>,
}

#[handlers]
impl<T: Clone + Send> Clock<T> {
    #[call]
    fn start(&self) -> usize {
        self.times.len()
    }

    #[cast]
    fn child_spec(&mut self, time: T) {
        self.times.push(time);
    }
}

/// Of a trait.
#[actor]
struct Door;

#[handlers]
impl Door {
    #[cast]
    fn shut(&mut self) {}
}

trait Service: Sized {
    fn start(self) -> Result<DoorRef, StartError>;
}

impl Service for Door {
    fn start(self) -> Result<DoorRef, StartError> {
        ghostlight::spawn(self)
    }
}

#[tokio::main]
async fn main() {
    let cache = Cache.start().expect("it starts");
    cache.put().await.expect("it takes it");
    assert_eq!(Cache::child_spec(), 1);
    let clock = ghostlight::spawn(Clock { times: vec![1] }).expect("it starts");
    clock.child_spec(2).await.expect("it takes it");
    assert_eq!(clock.start().await.expect("it answers"), 2);
    assert_eq!(Clock { times: vec![1] }.start(), 1);
    Door.start().expect("it starts").shut().await.expect("it takes it");
}
