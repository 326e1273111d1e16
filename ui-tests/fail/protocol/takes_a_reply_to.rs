use ghostlight::prelude::*;

#[protocol]
trait Store {
    #[call]
    fn get(&self, key: String, reply: ReplyTo<u64>);
}

fn main() {}
