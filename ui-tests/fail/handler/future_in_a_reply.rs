use ghostlight::prelude::*;

#[actor]
struct Cache;

#[handlers]
impl Cache {
    #[call]
    fn get(&self) -> impl Future<Output = u8> {
        async { 1 }
    }
}

fn main() {}
