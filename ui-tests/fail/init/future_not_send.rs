use ghostlight::prelude::*;
use std::{future::ready, rc::Rc};

#[actor]
struct Cache(usize);

#[handlers]
impl Cache {
    #[init]
    async fn new() -> Self {
        let name: Rc<str> = "cache".into();
        ready(()).await;
        Self(name.len())
    }
}

fn main() {}
