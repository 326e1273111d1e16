use ghostlight::prelude::*;
use std::{future::ready, rc::Rc};

#[actor]
struct Cache;

#[handlers]
impl Cache {
    #[call]
    async fn len(&mut self) -> usize {
        let name: Rc<str> = "cache".into();
        ready(()).await;
        name.len()
    }

    #[cast]
    async fn put(&mut self) {}
}

fn main() {}
