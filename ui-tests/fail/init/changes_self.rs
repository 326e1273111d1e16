use ghostlight::prelude::*;

#[actor]
struct Cache(u8);

#[handlers]
impl Cache {
    #[init]
    fn new(&mut self) {
        self.0 = 1;
    }
}

fn main() {}
