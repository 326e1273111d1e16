#[allow(
    dead_code,
    deprecated,
    missing_docs,
    private_interfaces,
    clippy::must_use_candidate
)]
impl BankRef {
    /// The child `early`.
    fn early(&self) -> <Vault as ::ghostlight::Role>::Ref {
        self.0.__child::<Vault>("early")
    }
    /// The child `other`.
    fn other(&self) -> <Vault as ::ghostlight::Role>::Ref {
        self.0.__child::<Vault>("other")
    }
    /// The child `unused`.
    fn unused(&self) -> <Vault as ::ghostlight::Role>::Ref {
        self.0.__child::<Vault>("unused")
    }
    /// The child `itself`.
    fn itself(&self) -> <Vault as ::ghostlight::Role>::Ref {
        self.0.__child::<Vault>("itself")
    }
    /// The child `tree_in_tree`.
    fn tree_in_tree(&self) -> <Bank as ::ghostlight::Role>::Ref {
        self.0.__child::<Bank>("tree_in_tree")
    }
    /// The child `mutable`.
    fn mutable(&self) -> <Vault as ::ghostlight::Role>::Ref {
        self.0.__child::<Vault>("mutable")
    }
    /// The child `consumed`.
    fn consumed(&self) -> <Vault as ::ghostlight::Role>::Ref {
        self.0.__child::<Vault>("consumed")
    }
    /// The child `without_self`.
    fn without_self(&self) -> <Vault as ::ghostlight::Role>::Ref {
        self.0.__child::<Vault>("without_self")
    }
    /// The child `slow`.
    fn slow(&self) -> <Vault as ::ghostlight::Role>::Ref {
        self.0.__child::<Vault>("slow")
    }
    /// The child `generic`.
    fn generic(&self) -> <Vault as ::ghostlight::Role>::Ref {
        self.0.__child::<Vault>("generic")
    }
    /// The child `lifetime`.
    fn lifetime(&self) -> <Vault as ::ghostlight::Role>::Ref {
        self.0.__child::<Vault>("lifetime")
    }
    /// The child `pattern`.
    fn pattern(&self) -> <Vault as ::ghostlight::Role>::Ref {
        self.0.__child::<Vault>("pattern")
    }
    /// The child `any`.
    fn any(&self) -> <Vault as ::ghostlight::Role>::Ref {
        self.0.__child::<Vault>("any")
    }
    /// The child `lent`.
    fn lent(&self) -> <Vault as ::ghostlight::Role>::Ref {
        self.0.__child::<Vault>("lent")
    }
    /// The child `with_option`.
    fn with_option(&self) -> <Vault as ::ghostlight::Role>::Ref {
        self.0.__child::<Vault>("with_option")
    }
    /// The child `conditional`.
    fn conditional(&self) -> <Vault as ::ghostlight::Role>::Ref {
        self.0.__child::<Vault>("conditional")
    }
    /// The child `twice`.
    fn twice(&self) -> <Vault as ::ghostlight::Role>::Ref {
        self.0.__child::<Vault>("twice")
    }
    /// The child `good`.
    pub fn good(&self) -> <Vault as ::ghostlight::Role>::Ref {
        self.0.__child::<Vault>("good")
    }
    /// The child `needs_left_out`.
    fn needs_left_out(&self) -> <Vault as ::ghostlight::Role>::Ref {
        self.0.__child::<Vault>("needs_left_out")
    }
    /// The child `late`.
    pub fn late(&self) -> <Ledger as ::ghostlight::Role>::Ref {
        self.0.__child::<Ledger>("late")
    }
}

#[allow(
    deprecated,
    missing_docs,
    clippy::too_many_arguments,
    clippy::type_complexity,
    clippy::used_underscore_binding
)]
#[automatically_derived]
impl ::ghostlight::Supervise for Bank {
    const OPTIONS: ::ghostlight::SupervisorOptions = ::ghostlight::SupervisorOptions::new(
            ::ghostlight::Strategy::OneForOne,
        )
        .intensity(3u32)
        .period(::core::time::Duration::from_millis(5000u64));
    fn children(
        self: ::std::sync::Arc<Self>,
    ) -> ::std::vec::Vec<::ghostlight::__private0::Planned> {
        fn __with_tree<S: ::ghostlight::Supervise, T: 'static>(
            tree: &::std::sync::Arc<S>,
            describe: fn(&S, &::ghostlight::__private0::Siblings) -> T,
        ) -> impl ::core::ops::FnMut(
            &::ghostlight::__private0::Siblings,
        ) -> T + ::core::marker::Send + use<S, T> {
            let tree = ::std::sync::Arc::clone(tree);
            move |siblings| describe(&tree, siblings)
        }
        ::std::vec::Vec::from([
            ::ghostlight::__private0::Planned::new::<
                Vault,
            >(
                "good",
                __with_tree(
                    &self,
                    |tree, siblings| Self::good(
                        tree,
                        <VaultRef as ::ghostlight::__private0::DependencyOn<
                            Vault,
                        >>::from_handle(siblings.get::<Vault>("early")),
                    ),
                ),
            ),
            ::ghostlight::__private0::Planned::new::<
                Ledger,
            >("late", __with_tree(&self, |tree, _| Self::late(tree))),
        ])
    }
}

::core::compile_error! {
    "unknown strategy `one_for_al`\nhelp: one of `one_for_one`, `one_for_all`, `rest_for_one`"
}

::core::compile_error! {
    "the first crash would stop the whole supervisor\nhelp: give it at least 1 (a supervisor that is built at run time may have 0)"
}

::core::compile_error! {
    "restarts are counted within a period of at least one second\nhelp: `period = \"1s\"`, or longer"
}

::core::compile_error! {
    "a child is described, not started\nhelp: return `ChildSpec<Vault>`"
}

::core::compile_error! {
    "a child is described, not started\nhelp: return `ChildSpec<Nothing>`"
}

::core::compile_error! {
    "`Bank` would start itself: a tree cannot contain itself\nhelp: a supervisor of another type may be a child"
}

::core::compile_error! {
    "starting a child must not change the configuration: it happens again at every restart\nhelp: take `&self`"
}

::core::compile_error! {
    "starting a child must not take the configuration away: it happens again at every restart\nhelp: take `&self`"
}

::core::compile_error! {
    "a `#[child]` method needs `&self`: the configuration of the tree\nhelp: a function without `self` can stay here without the attribute"
}

::core::compile_error! {
    "a `#[child]` method is not `async`: it describes the child, which starts later\nhelp: start-up work belongs in the child's `#[init]`"
}

::core::compile_error! {
    "a `#[child]` method cannot have type parameters of its own\nhelp: move `T` to the impl block"
}

::core::compile_error! {
    "a `#[child]` method cannot have lifetimes of its own: the child outlives them\nhelp: remove `'a`"
}

::core::compile_error! {
    "a dependency needs a plain name: it is found by it\nhelp: name it like the child that it is the handle of"
}

::core::compile_error! {
    "`restart` is no option of `#[child]`\nhelp: say it of the `ChildSpec` that the method returns: `.restart(..)`"
}

::core::compile_error! {
    "`#[child]` cannot stand in a `cfg_attr`, which is resolved too late\nhelp: `#[cfg(unix)] #[child]`"
}

::core::compile_error! {
    "this method is marked `#[child]` already"
}

::core::compile_error! {
    "`#[call]` belongs on a method of a `#[handlers] impl` block"
}

::core::compile_error! {
    "`start` is generated from `#[supervisor]`\nhelp: rename the method"
}

::core::compile_error! {
    "`which_children` would hide the method `which_children` that every handle has\nhelp: rename the child"
}

::core::compile_error! {
    "`early` needs `late`, which starts later\nhelp: children start from top to bottom: move `late` above `early`"
}

::core::compile_error! {
    "no child named `cfg` in this supervisor\nhelp: take other data from `&self`"
}

::core::compile_error! {
    "no child named `_early` in this supervisor\nhelp: name it `early`; or drop it: children start from top to bottom anyway"
}

::core::compile_error! {
    "`itself` cannot need itself: it is given the handles of others\nhelp: take the handle of an earlier child"
}

::core::compile_error! {
    "a dependency is the handle of one child, so it has one concrete type\nhelp: name the type: `VaultRef`"
}

::core::compile_error! {
    "a dependency is given, not lent: the child keeps the handle\nhelp: take it by value: `VaultRef`"
}
