use ghostlight::prelude::*;

use std::error::Error;

#[actor]
struct Cache;

#[handlers]
impl Cache {
    #[call]
    fn get(&self) -> Result<u8, Box<dyn Error>> {
        Ok(1)
    }
}

fn main() {}
