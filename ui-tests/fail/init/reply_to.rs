use ghostlight::prelude::*;

#[actor]
struct Cache;

#[handlers]
impl Cache {
    #[init]
    fn new(reply: ReplyTo<u8>) -> Self {
        reply.send(1);
        Self
    }
}

fn main() {}
