use ghostlight::prelude::*;

#[actor]
struct Cache;

#[handlers]
impl Cache {
    #[terminate]
    fn close(&mut self, reason: ExitReason) {
        drop(reason);
    }
}

fn main() {}
