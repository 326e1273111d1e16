use ghostlight::prelude::*;
use std::io;

#[actor]
struct Cache;

#[handlers]
impl Cache {
    #[cast]
    fn put(&mut self) -> Result<u32, io::Error> {
        Ok(1)
    }
}

fn main() {}
