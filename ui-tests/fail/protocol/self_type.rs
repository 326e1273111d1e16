use ghostlight::prelude::*;

#[protocol]
trait Store {
    #[call]
    fn copy(&self) -> Option<Self>;
}

fn main() {}
