//! Shadowed names, another name for the crate, a trait out of a macro.

#![allow(dead_code, non_snake_case)]

mod framework {
    pub mod inner {
        pub use ghostlight::*;
    }
}

use framework::inner::{StartError, protocol};

#[allow(dead_code)]
struct Option;
#[allow(dead_code)]
struct Result;
#[allow(dead_code)]
struct String;
#[allow(dead_code)]
trait Send {}
#[allow(dead_code)]
trait Future {}

#[protocol(crate = crate::framework::inner)]
trait Store {
    #[call]
    fn get(&self, actor: u8, life_: u8) -> u8;

    #[call]
    async fn wait(&mut self, S: u8, A: u8) -> u8;

    #[cast]
    fn clear(&mut self);
}

macro_rules! protocols {
    ($($name:ident: $call:ident -> $answer:ty;)*) => {$(
        #[protocol(crate = crate::framework::inner)]
        trait $name {
            #[call]
            fn $call(&self) -> $answer;
        }
    )*};
}

protocols! {
    Clock: now -> u64;
    Lamp: is_on -> bool;
}

struct Fake;

impl Store for Fake {
    fn get(&self, actor: u8, life_: u8) -> u8 {
        actor + life_
    }

    #[allow(non_snake_case)]
    async fn wait(&mut self, S: u8, A: u8) -> u8 {
        S + A
    }

    fn clear(&mut self) {}
}

impl Clock for Fake {
    fn now(&self) -> u64 {
        1
    }
}

fn store() -> core::result::Result<(StoreRef, ClockRef), StartError> {
    Ok((StoreRef::spawn(Fake)?, ClockRef::spawn(Fake)?))
}

fn main() {
    assert!(store().is_err(), "there is no runtime");
    let _ = |lamp: LampRef| async move { lamp.is_on().await };
}
