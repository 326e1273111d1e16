use ghostlight::prelude::*;

#[actor]
struct Cache;

#[handlers]
impl Cache {
    #[init]
    fn new() -> Self {
        Self
    }

    fn child_spec() -> ChildSpec<Self> {
        ChildSpec::of(Self)
    }
}

fn main() {}
