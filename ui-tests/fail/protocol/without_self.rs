use ghostlight::prelude::*;

#[protocol]
trait Store {
    #[call]
    fn open(path: String) -> u64;
}

fn main() {}
