use ghostlight::prelude::*;

#[actor]
struct Cache;

#[handlers]
#[rustfmt::skip]
impl Cache {
    #[call] fn good(&self) -> u8 { 1 }
    #[call] fn a(&self, _key: &str) {}
    #[call] fn b(&self) -> &str { "" }
    #[call] fn c(&self, _key: impl Into<String>) {}
    #[call] fn d<T>(&self, _key: T) {}
    #[call] fn e(&self, (_a, _b): (u8, u8)) {}
    #[cast] fn f(self) {}
    #[call] fn g() {}
    #[cast] fn h(&self, _reply: ReplyTo<u8>) {}
    #[info] fn i(&mut self, _first: u8, _second: u8) {}
    #[cast] fn j(&mut self) -> u8 { 1 }
}
async fn ask(cache: CacheRef) -> Result<u8, CallError> { cache.good().await }
fn main() {}
