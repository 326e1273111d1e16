use ghostlight::prelude::*;

#[protocol]
trait Feed {
    #[call]
    fn watch(&mut self, out: StreamTo<u32>);
}

fn main() {}
