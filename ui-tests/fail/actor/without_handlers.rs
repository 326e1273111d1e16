use ghostlight::prelude::*;

#[actor]
struct Cache;

fn main() {}
