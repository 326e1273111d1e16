use ghostlight::prelude::*;

#[actor]
fn cache() {}

fn main() {}
