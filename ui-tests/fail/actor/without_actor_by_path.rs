use ghostlight::prelude::*;

mod state {
    pub struct Cache;
}

#[handlers]
impl state::Cache {
    #[call]
    fn get(&self) {}
}

fn main() {}
