use ghostlight::prelude::*;

#[actor]
struct Cache;

#[handlers]
impl Cache {
    #[call]
    fn len(&self) -> usize {
        1
    }
}

async fn ask(cache: CacheRef) -> usize {
    cache.len()
}

fn main() {}
