use ghostlight::prelude::*;

#[actor]
struct Cache;

#[handlers]
impl Cache {
    #[info]
    fn any(&mut self, message: CacheInfo) {}
}

fn main() {}
