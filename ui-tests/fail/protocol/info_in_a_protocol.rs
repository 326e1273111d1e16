use ghostlight::prelude::*;

#[protocol]
trait Store {
    #[info]
    fn down(&mut self, down: Down);
}

fn main() {}
