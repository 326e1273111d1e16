use ghostlight::prelude::*;

#[actor]
struct Cache;

#[handlers]
impl Cache {
    #[call]
    fn get<T>(&self, key: T) -> T {
        key
    }
}

fn main() {}
