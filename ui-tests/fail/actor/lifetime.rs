use ghostlight::prelude::*;

#[actor]
struct Cache<'a>(&'a str);

#[handlers]
impl<'a> Cache<'a> {
    #[call]
    fn get(&self, key: String) -> String {
        key
    }
}

fn main() {}
