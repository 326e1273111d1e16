use ghostlight::prelude::*;

#[protocol]
trait Store {
    #[call]
    fn get(&self, key: String, ctx: &mut Ctx<Self>) -> Option<u64>;
}

fn main() {}
