use ghostlight::prelude::*;

#[actor]
struct Cache(u8);

#[handlers]
impl Cache {
    #[cast]
    fn put(&mut self) {}
}

async fn open() {
    let _ = Cache(1).start().await;
}

fn main() {}
