use ghostlight::prelude::*;
use std::pin::Pin;

#[actor]
struct Cache;

#[handlers]
impl Cache {
    #[call]
    fn get(self: Pin<&mut Self>) {}
}

fn main() {}
