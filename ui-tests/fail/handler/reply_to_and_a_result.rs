use ghostlight::prelude::*;

#[actor]
struct Cache;

#[handlers]
impl Cache {
    #[call]
    fn get(&self, answer: ReplyTo<u32>) -> u32 {
        drop(answer);
        1
    }
}

fn main() {}
