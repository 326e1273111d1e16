use ghostlight::prelude::*;

#[actor(mailbx = 64)]
struct Cache;

#[handlers]
impl Cache {
    #[call]
    fn get(&self) {}
}

fn main() {}
