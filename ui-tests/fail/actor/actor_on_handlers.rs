use ghostlight::prelude::*;

#[actor]
struct Cache;

#[actor]
impl Cache {
    #[call]
    fn get(&self) -> u8 {
        1
    }
}

async fn ask(cache: CacheRef) -> Result<u8, CallError> {
    cache.get().await
}

fn main() {}
