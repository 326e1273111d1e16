use ghostlight::{Init, prelude::*};

#[actor]
struct Cache;

#[handlers]
impl Cache {
    #[call]
    fn get(&self) {}
}

fn child<A: Init<()>>() {}

fn main() {
    child::<Cache>();
}
