use ghostlight::prelude::*;

#[actor(mailbox = 64; restart = transient)]
struct Cache;

#[handlers]
impl Cache {
    #[cast]
    fn put(&mut self) {}
}

fn main() {}
