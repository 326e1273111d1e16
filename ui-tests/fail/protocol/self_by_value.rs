use ghostlight::prelude::*;

#[protocol]
trait Store {
    #[cast]
    fn close(self);
}

fn main() {}
