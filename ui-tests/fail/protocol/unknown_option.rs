use ghostlight::prelude::*;

#[protocol(mailbox = 64)]
trait Store {
    #[call(timeot = "1s")]
    fn get(&self, key: String) -> Option<u64>;
}

fn main() {}
