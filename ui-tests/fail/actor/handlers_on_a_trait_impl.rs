use ghostlight::prelude::*;

#[actor]
struct Cache;

trait Get {
    fn get(&self, key: String) -> String;
}

#[handlers]
impl Get for Cache {
    #[call]
    fn get(&self, key: String) -> String {
        key
    }
}

fn main() {}
