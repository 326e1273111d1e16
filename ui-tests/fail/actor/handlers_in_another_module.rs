use ghostlight::prelude::*;

mod state {
    use ghostlight::prelude::*;

    #[actor]
    pub struct Cache;
}

use state::Cache;

#[handlers]
impl Cache {
    #[call]
    fn get(&self) {}
}

fn main() {}
