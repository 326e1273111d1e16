use ghostlight::prelude::*;

#[protocol]
trait Store {}

fn main() {}
