use ghostlight::prelude::*;

#[actor]
struct Cache;

#[handlers]
impl Cache {
    #[handle_call]
    fn get(&self) -> u8 {
        1
    }

    #[handle_cast]
    fn put(&mut self) {}

    #[handle_info]
    fn tick(&mut self) {}
}

async fn ask(cache: CacheRef) -> Result<u8, CallError> {
    cache.get().await
}

fn main() {}
