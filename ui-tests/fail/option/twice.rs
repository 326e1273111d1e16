use ghostlight::prelude::*;

#[actor(mailbox = 64, mailbox = 128)]
struct Cache;

#[handlers]
impl Cache {
    #[call]
    fn get(&self) {}
}

fn main() {}
