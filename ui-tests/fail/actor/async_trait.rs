use ghostlight::prelude::*;

#[actor]
struct Cache;

#[handlers]
#[async_trait]
impl Cache {
    #[call]
    async fn get(&mut self) {}
}

fn main() {}
