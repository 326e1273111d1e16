use ghostlight::prelude::*;

#[actor]
struct Cache;

#[handlers]
impl Cache {
    #[cast]
    fn get(&self, reply: ReplyTo<u32>) {
        drop(reply);
    }
}

fn main() {}
