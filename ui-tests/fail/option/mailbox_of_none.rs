use ghostlight::prelude::*;

#[actor(mailbox = 0)]
struct Cache;

#[handlers]
impl Cache {
    #[call]
    fn get(&self) {}
}

fn main() {}
