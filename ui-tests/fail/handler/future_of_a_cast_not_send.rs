use ghostlight::prelude::*;
use std::{future::ready, io, rc::Rc};

#[actor]
struct Cache;

#[handlers]
impl Cache {
    #[cast]
    async fn put(&mut self) -> io::Result<()> {
        let name: Rc<str> = "cache".into();
        ready(name).await;
        Ok(())
    }
}

fn main() {}
