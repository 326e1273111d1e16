use ghostlight::prelude::*;

#[actor]
struct Cache;

#[handlers]
impl Cache {
    #[call]
    fn get(&self) {}

    #[call]
    fn get(&self, key: String) {
        drop(key);
    }
}

fn main() {}
