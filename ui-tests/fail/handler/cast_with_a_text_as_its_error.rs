use ghostlight::prelude::*;

#[actor]
struct Cache;

#[handlers]
impl Cache {
    #[cast]
    fn put(&mut self) -> Result<(), String> {
        Err("full".to_owned())
    }
}

fn main() {}
