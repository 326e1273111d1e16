use ghostlight::prelude::*;
use std::{cell::Cell, future::ready};

#[actor]
struct Cache(Cell<u8>);

#[handlers]
impl Cache {
    #[call]
    async fn get(&self) -> u8 {
        ready(()).await;
        self.0.get()
    }
}

fn main() {}
