use ghostlight::prelude::*;

#[actor]
struct Cache;

#[handlers]
impl Cache {
    #[call]
    fn get(&self) {}
}

async fn run() {
    let _ = Cache::start().await;
}

fn main() {}
