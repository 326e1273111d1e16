use ghostlight::prelude::*;

#[actor]
struct Cache;

#[handlers]
impl Cache {
    #[call]
    fn get(&self, key: String) -> String {
        key.lenn()
    }
}

fn main() {}
