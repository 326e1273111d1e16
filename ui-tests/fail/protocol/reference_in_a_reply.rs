use ghostlight::prelude::*;

#[protocol]
trait Store {
    #[call]
    fn get(&self, key: String) -> &str;
}

fn main() {}
