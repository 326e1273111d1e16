use ghostlight::prelude::*;

#[actor]
struct Cache;

#[handlers]
impl Cache {
    #[call]
    fn get_one(&self) {}

    #[call]
    fn get__one(&self) {}
}

fn main() {}
