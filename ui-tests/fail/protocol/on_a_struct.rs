use ghostlight::prelude::*;

#[protocol]
struct Store;

fn main() {}
