use ghostlight::prelude::*;

#[handlers]
struct Cache;

fn main() {}
