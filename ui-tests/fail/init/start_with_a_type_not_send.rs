use ghostlight::prelude::*;

// No type of std's: what rustc shows of one depends on whether its sources are installed.
struct Key(*const u8);

#[actor]
struct Cache<V>(Vec<V>);

#[handlers]
impl<V: Send> Cache<V> {
    #[init]
    fn new() -> Self {
        Self(Vec::new())
    }
}

async fn run() {
    let _ = Cache::<Key>::start().await;
}

fn main() {}
