use ghostlight::prelude::*;

struct Cache;

#[handlers]
impl Cache {
    #[call]
    fn get(&self, key: String) -> String {
        key
    }
}

async fn ask(cache: CacheRef) -> Result<String, CallError> {
    cache.get("a".into()).await
}

fn main() {}
