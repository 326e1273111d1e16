use ghostlight::prelude::*;

#[actor(mailbox = , blocking)]
struct Cache;

#[handlers]
impl Cache {
    #[call]
    fn get(&self) {}
}

fn main() {}
