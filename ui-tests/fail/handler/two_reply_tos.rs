use ghostlight::prelude::*;

#[actor]
struct Cache;

#[handlers]
impl Cache {
    #[call]
    fn get(&self, one: ReplyTo<u32>, two: ReplyTo<u32>) {
        drop((one, two));
    }
}

fn main() {}
