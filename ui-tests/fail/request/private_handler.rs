use ghostlight::prelude::*;

mod cache {
    use ghostlight::prelude::*;

    #[actor]
    pub struct Cache;

    #[handlers]
    impl Cache {
        #[call]
        fn get(&self) {}
    }
}

async fn ask(cache: cache::CacheRef) -> Result<(), CallError> {
    cache.get().await
}

fn main() {}
