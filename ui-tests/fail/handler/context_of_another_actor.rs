use ghostlight::prelude::*;

#[actor]
struct Other;

#[handlers]
impl Other {
    #[cast]
    fn put(&mut self) {}
}

#[actor]
struct Cache;

#[handlers]
impl Cache {
    #[call]
    fn get(&self, _: &mut Ctx<Other>) {}
}
fn main() {}
