use ghostlight::prelude::*;

#[actor]
struct Cache(u8);

#[handlers]
impl Cache {
    #[cast]
    fn put(&self, n: u8) {
        self.0 = n;
    }
}

fn main() {}
