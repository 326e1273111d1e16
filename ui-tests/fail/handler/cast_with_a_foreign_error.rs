use ghostlight::prelude::*;

struct Full;

#[actor]
struct Cache;

#[handlers]
impl Cache {
    #[cast]
    fn put(&mut self) -> Result<(), Full> {
        Err(Full)
    }
}

fn main() {}
