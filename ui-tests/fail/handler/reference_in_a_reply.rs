use ghostlight::prelude::*;

#[actor]
struct Cache(String);

#[handlers]
impl Cache {
    #[call]
    fn get(&self) -> Option<&str> {
        Some(&self.0)
    }
}

fn main() {}
