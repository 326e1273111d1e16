use ghostlight::prelude::*;

#[actor]
struct Cache;

#[handlers]
impl Cache {
    #[call]
    fn get(&self, key: &str) -> String {
        key.into()
    }
}

fn main() {}
