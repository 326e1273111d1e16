use ghostlight::prelude::*;
use std::rc::Rc;

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
    let _ = Cache::<Rc<str>>::start().await;
}

fn main() {}
