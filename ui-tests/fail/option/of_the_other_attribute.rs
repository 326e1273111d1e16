use ghostlight::prelude::*;

#[actor]
struct Cache;

#[handlers(mailbox = 64)]
impl Cache {
    #[call]
    fn get(&self) {}
}

fn main() {}
