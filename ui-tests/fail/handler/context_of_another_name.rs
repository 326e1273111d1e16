use ghostlight::prelude::*;

#[actor]
struct Cache;

#[handlers]
impl Cache {
    #[call]
    fn get(&self, ctx: &mut Context<Self>) -> u8 {
        1
    }
}

fn main() {}
