use ghostlight::prelude::*;

#[actor(mailbox(64))]
struct Cache;

#[handlers]
impl Cache {
    #[call]
    fn get(&self) {}
}

fn main() {}
