use ghostlight::prelude::*;

#[actor]
struct Cache;

#[handlers]
impl Cache {
    #[call]
    fn get(&self, reply: &mut ReplyTo<u32>) {
        let _ = reply;
    }
}

fn main() {}
