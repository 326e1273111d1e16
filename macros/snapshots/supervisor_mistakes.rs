#[allow(deprecated, private_interfaces, clippy::must_use_candidate)]
impl BankRef {
    /// The handle of the child `ledger`.
    #[allow(dead_code)]
    fn ledger(&self) -> <Ledger as ::ghostlight::Role>::Ref {
        self.0.__child::<Ledger>("ledger")
    }
    /// The handle of the child `vault`.
    #[allow(dead_code)]
    fn vault(&self) -> <Vault as ::ghostlight::Role>::Ref {
        self.0.__child::<Vault>("vault")
    }
}

::core::compile_error! {
    "unknown strategy `one_for_two`\nhelp: one of `one_for_one`, `one_for_all`, `rest_for_one`"
}

::core::compile_error! {
    "a child is described, not started\nhelp: return `ChildSpec<Vault>`"
}

::core::compile_error! {
    "starting a child must not change the configuration: it happens again at every restart\nhelp: take `&self`"
}

::core::compile_error! {
    "a `#[child]` method describes a child, and awaits nothing\nhelp: start-up work belongs in the child's `#[init]`, which may be `async`"
}

::core::compile_error! {
    "a tree cannot contain itself\nhelp: a child is an actor, or another supervisor"
}

::core::compile_error! {
    "a supervisor handles no messages: `#[call]` belongs in a `#[handlers]` block\nhelp: a method that says how to start a child is marked `#[child]`"
}

::core::compile_error! {
    "`tree` is a method that every tree has\nhelp: rename the child"
}

::core::compile_error! {
    "`early` needs `vault`, which starts later\nhelp: children start from top to bottom: move `vault` above `early`"
}

::core::compile_error! {
    "no child named `cfg` in this supervisor\nhelp: a parameter is named like an earlier child; take other data from `&self`"
}
