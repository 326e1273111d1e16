//! Nothing that is in scope changes what a tree is.
#![allow(dead_code)]

struct Vec;
struct Arc;
struct Option;
struct Result;
trait Send {}
trait Role {}
struct Tree;
struct Supervisor;
struct ChildSpec;

use ghostlight::{actor, handlers, supervisor};

#[actor]
struct Siblings;

#[handlers]
impl Siblings {
    #[init]
    fn children() -> Self {
        Self
    }

    #[call]
    fn tree(&self, siblings: u8) -> u8 {
        siblings
    }
}

struct Planned {
    children: u8,
}

#[supervisor(strategy = one_for_one)]
impl Planned {
    #[child]
    fn siblings(&self) -> ghostlight::ChildSpec<Siblings> {
        Siblings::child_spec()
    }

    #[child]
    fn children(&self, siblings: SiblingsRef) -> ghostlight::ChildSpec<Siblings> {
        drop(siblings);
        Siblings::child_spec()
    }
}

fn main() {
    assert!(Planned::tree().to_string().starts_with("Planned"));
    let _ = Planned { children: 1 }.start();
}
