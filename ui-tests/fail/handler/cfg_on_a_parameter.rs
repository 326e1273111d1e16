use ghostlight::prelude::*;

#[actor]
struct Cache;

#[handlers]
impl Cache {
    #[call]
    fn get(&self, #[cfg(not(windows))] key: String) {
        drop(key);
    }
}

fn main() {}
