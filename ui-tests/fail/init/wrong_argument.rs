use ghostlight::prelude::*;

#[actor]
struct Cache(String);

#[handlers]
impl Cache {
    #[init]
    fn new(name: String) -> Self {
        Self(name)
    }
}

async fn run() {
    let _ = Cache::start(5).await;
}

fn main() {}
