use ghostlight::prelude::*;

#[protocol]
trait Store {
    type Key;

    const ROOM: usize;

    #[call]
    fn len(&self) -> usize;
}

fn main() {}
