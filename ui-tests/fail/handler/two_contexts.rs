use ghostlight::prelude::*;

#[actor]
struct Cache;

#[handlers]
impl Cache {
    #[call]
    fn get(&self, one: &Ctx<Self>, two: &mut Ctx<Self>) {
        let _ = (one, two);
    }
}

fn main() {}
