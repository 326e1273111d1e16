use ghostlight::prelude::*;

#[protocol]
trait Store {
    #[call]
    fn stop(&mut self);
}

fn main() {}
