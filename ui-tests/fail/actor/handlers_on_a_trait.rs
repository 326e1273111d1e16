use ghostlight::prelude::*;

#[handlers]
trait Cache {
    #[call]
    fn get(&self);
}

fn main() {}
