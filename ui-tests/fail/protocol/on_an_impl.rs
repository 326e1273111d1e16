use ghostlight::prelude::*;

struct Memory;

trait Store {}

#[protocol]
impl Store for Memory {}

fn main() {}
