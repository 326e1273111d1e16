impl Bank {
    #[allow(
        clippy::must_use_candidate,
        clippy::needless_pass_by_value,
        clippy::unused_self
    )]
    /// Starts first, stops last.
    fn ledger(&self) -> ChildSpec<Ledger> {
        Ledger::child_spec(self.path.clone())
    }
    #[allow(
        clippy::must_use_candidate,
        clippy::needless_pass_by_value,
        clippy::unused_self
    )]
    #[cfg(feature = "audit")]
    pub(crate) fn audit(&self) -> ghostlight::ChildSpec<bank::Audit<Self>> {
        Audit::child_spec()
    }
    #[allow(
        clippy::must_use_candidate,
        clippy::needless_pass_by_value,
        clippy::unused_self
    )]
    pub fn vault(&self, ledger: LedgerRef) -> ChildSpec<Vault> {
        Vault::child_spec(ledger)
    }
    fn helper(&self) {}
}

/// A handle to a running [`Bank`].
///
/// Cheap to clone. The tree lives until the last one is dropped, unless it is a child of another.
#[allow(unreachable_pub, dead_code)]
#[must_use = "a tree that is no child of another ends when its last handle is dropped"]
pub struct BankRef(::ghostlight::SupervisorRef, ::core::marker::PhantomData<fn() -> ()>);

#[automatically_derived]
impl ::core::clone::Clone for BankRef {
    fn clone(&self) -> Self {
        Self(::core::clone::Clone::clone(&self.0), ::core::marker::PhantomData)
    }
}

#[automatically_derived]
impl ::core::fmt::Debug for BankRef {
    fn fmt(&self, f: &mut ::core::fmt::Formatter<'_>) -> ::core::fmt::Result {
        ::core::fmt::Debug::fmt(&self.0, f)
    }
}

#[automatically_derived]
impl ::core::cmp::PartialEq for BankRef {
    fn eq(&self, other: &Self) -> bool {
        ::core::cmp::PartialEq::eq(&self.0, &other.0)
    }
}

#[automatically_derived]
impl ::core::cmp::Eq for BankRef {}

#[automatically_derived]
impl ::core::hash::Hash for BankRef {
    fn hash<__H: ::core::hash::Hasher>(&self, state: &mut __H) {
        ::core::hash::Hash::hash(&self.0, state);
    }
}

#[automatically_derived]
impl ::core::ops::Deref for BankRef {
    type Target = ::ghostlight::SupervisorRef;
    fn deref(&self) -> &Self::Target {
        &self.0
    }
}

#[automatically_derived]
impl ::core::convert::From<::ghostlight::ActorRef<::ghostlight::Supervisor>>
for BankRef {
    fn from(actor: ::ghostlight::ActorRef<::ghostlight::Supervisor>) -> Self {
        Self(::core::convert::From::from(actor), ::core::marker::PhantomData)
    }
}

#[allow(deprecated, private_interfaces, clippy::must_use_candidate)]
impl BankRef {
    /// Starts first, stops last.
    #[allow(dead_code)]
    fn ledger(&self) -> <Ledger as ::ghostlight::Role>::Ref {
        self.0.__child::<Ledger>("ledger")
    }
    /// The handle of the child `audit`.
    #[cfg(feature = "audit")]
    #[allow(dead_code)]
    pub(crate) fn audit(&self) -> <bank::Audit<Bank> as ::ghostlight::Role>::Ref {
        self.0.__child::<bank::Audit<Bank>>("audit")
    }
    /// The handle of the child `vault`.
    #[allow(dead_code)]
    pub fn vault(&self) -> <Vault as ::ghostlight::Role>::Ref {
        self.0.__child::<Vault>("vault")
    }
}

#[allow(deprecated, clippy::vec_init_then_push)]
#[automatically_derived]
impl ::ghostlight::Supervise for Bank {
    const OPTIONS: ::ghostlight::SupervisorOptions = ::ghostlight::SupervisorOptions::new(
            ::ghostlight::Strategy::RestForOne,
        )
        .intensity(7u32)
        .period(::core::time::Duration::from_millis(120000u64));
    fn children(
        self: ::std::sync::Arc<Self>,
    ) -> ::std::vec::Vec<::ghostlight::__private0::Planned> {
        #[allow(unused_mut)]
        let mut children = ::std::vec::Vec::new();
        children
            .push(
                ::ghostlight::__private0::Planned::of::<
                    Ledger,
                    Self,
                >(
                    &self,
                    "ledger",
                    |tree, siblings| {
                        let _ = siblings;
                        Self::ledger(tree)
                    },
                ),
            );
        #[cfg(feature = "audit")]
        children
            .push(
                ::ghostlight::__private0::Planned::of::<
                    bank::Audit<Bank>,
                    Self,
                >(
                    &self,
                    "audit",
                    |tree, siblings| {
                        let _ = siblings;
                        Self::audit(tree)
                    },
                ),
            );
        children
            .push(
                ::ghostlight::__private0::Planned::of::<
                    Vault,
                    Self,
                >(
                    &self,
                    "vault",
                    |tree, siblings| {
                        let _ = siblings;
                        Self::vault(
                            tree,
                            <LedgerRef as ::ghostlight::__private0::DependencyOn<
                                Ledger,
                            >>::find(siblings, "ledger"),
                        )
                    },
                ),
            );
        children
    }
}

#[diagnostic::do_not_recommend]
#[automatically_derived]
impl ::ghostlight::Role for Bank {
    type Actor = ::ghostlight::Supervisor;
    type Ref = BankRef;
    fn tree() -> ::ghostlight::Tree {
        let tree = ::ghostlight::Tree::of::<Self>("Bank");
        let tree = tree.child::<Ledger>("ledger");
        #[cfg(feature = "audit")]
        let tree = tree.child::<bank::Audit<Bank>>("audit");
        let tree = tree.child::<Vault>("vault");
        tree
    }
}

#[allow(unreachable_pub, dead_code)]
impl Bank {
    /// Starts the tree: the children of `Bank`, one after the other. The last handle ends them.
    pub fn start(self) -> ::ghostlight::Start<Self, (::ghostlight::__private0::Plan,)> {
        ::ghostlight::__private0::start_tree(self)
    }
    /// `Bank` as a child of another supervisor.
    pub fn child_spec(self) -> ::ghostlight::ChildSpec<Self> {
        ::ghostlight::__private0::tree_spec(self)
    }
    /// The children of `Bank`, as their types describe them.
    #[must_use]
    pub fn tree() -> ::ghostlight::Tree {
        <Self as ::ghostlight::Role>::tree()
    }
}

const _: () = {
    use ::ghostlight::child as _;
    use ::ghostlight::child as _;
    use ::ghostlight::child as _;
};
