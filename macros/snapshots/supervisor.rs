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
    fn audit(&self, ledger: LedgerRef) -> ghostlight::ChildSpec<Audit<Self>> {
        Audit::child_spec(ledger)
    }
    #[allow(
        clippy::must_use_candidate,
        clippy::needless_pass_by_value,
        clippy::unused_self
    )]
    pub fn vault(&self, ledger: LedgerRef, audit: AuditRef<Self>) -> ChildSpec<Vault> {
        Vault::child_spec(ledger, audit)
    }
    fn helper(&self) {}
}

/// A handle to a running [`Bank`].
///
/// Cheap to clone, and valid across restarts: it names the role, not one life.
#[must_use = "a tree that is no child of another ends when its last handle is dropped"]
pub struct BankRef(::ghostlight::SupervisorRef);

#[automatically_derived]
impl ::core::clone::Clone for BankRef {
    fn clone(&self) -> Self {
        Self(::core::clone::Clone::clone(&self.0))
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
    #[inline]
    fn deref(&self) -> &Self::Target {
        &self.0
    }
}

#[automatically_derived]
impl ::core::convert::From<::ghostlight::SupervisorRef> for BankRef {
    fn from(actor: ::ghostlight::SupervisorRef) -> Self {
        Self(actor)
    }
}

#[automatically_derived]
impl ::core::convert::From<BankRef> for ::ghostlight::SupervisorRef {
    fn from(handle: BankRef) -> Self {
        handle.0
    }
}

#[automatically_derived]
impl ::core::convert::From<::ghostlight::ActorRef<::ghostlight::Supervisor>>
for BankRef {
    fn from(actor: ::ghostlight::ActorRef<::ghostlight::Supervisor>) -> Self {
        Self(<::ghostlight::SupervisorRef as ::core::convert::From<_>>::from(actor))
    }
}

#[allow(
    dead_code,
    deprecated,
    missing_docs,
    private_interfaces,
    clippy::must_use_candidate
)]
impl BankRef {
    /// Starts first, stops last.
    fn ledger(&self) -> <Ledger as ::ghostlight::Role>::Ref {
        self.0.__child::<Ledger>("ledger")
    }
    /// The child `audit`.
    #[cfg(feature = "audit")]
    fn audit(&self) -> <Audit<Bank> as ::ghostlight::Role>::Ref {
        self.0.__child::<Audit<Bank>>("audit")
    }
    /// The child `vault`.
    pub fn vault(&self) -> <Vault as ::ghostlight::Role>::Ref {
        self.0.__child::<Vault>("vault")
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
            ::ghostlight::Strategy::RestForOne,
        )
        .intensity(5u32)
        .period(::core::time::Duration::from_millis(60000u64));
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
                Ledger,
            >("ledger", __with_tree(&self, |tree, _| Self::ledger(tree))),
            #[cfg(feature = "audit")]
            ::ghostlight::__private0::Planned::new::<
                Audit<Bank>,
            >(
                "audit",
                __with_tree(
                    &self,
                    |tree, siblings| Self::audit(
                        tree,
                        <LedgerRef as ::ghostlight::__private0::DependencyOn<
                            Ledger,
                        >>::from_handle(siblings.get::<Ledger>("ledger")),
                    ),
                ),
            ),
            ::ghostlight::__private0::Planned::new::<
                Vault,
            >(
                "vault",
                __with_tree(
                    &self,
                    |tree, siblings| Self::vault(
                        tree,
                        <LedgerRef as ::ghostlight::__private0::DependencyOn<
                            Ledger,
                        >>::from_handle(siblings.get::<Ledger>("ledger")),
                        {
                            #[cfg(feature = "audit")]
                            {
                                <AuditRef<
                                    Self,
                                > as ::ghostlight::__private0::DependencyOn<
                                    Audit<Bank>,
                                >>::from_handle(siblings.get::<Audit<Bank>>("audit"))
                            }
                            #[cfg(not(any(all(feature = "audit"))))]
                            {
                                ::core::compile_error!(
                                    "`vault` needs `audit`, which is not there in this configuration"
                                )
                            }
                        },
                    ),
                ),
            ),
        ])
    }
}

#[diagnostic::do_not_recommend]
#[automatically_derived]
impl ::ghostlight::Role for Bank {
    type Actor = ::ghostlight::Supervisor;
    type Ref = BankRef;
    fn tree() -> ::ghostlight::Tree {
        let tree = ::ghostlight::Tree::supervisor(
            "Bank",
            &::ghostlight::SupervisorOptions::new(::ghostlight::Strategy::RestForOne)
                .intensity(5u32)
                .period(::core::time::Duration::from_millis(60000u64)),
        );
        let tree = tree.child("ledger", <Ledger as ::ghostlight::Role>::tree());
        #[cfg(feature = "audit")]
        let tree = tree.child("audit", <Audit<Bank> as ::ghostlight::Role>::tree());
        let tree = tree.child("vault", <Vault as ::ghostlight::Role>::tree());
        tree
    }
}

impl Bank {
    /// Starts a `Bank`: its children from top to bottom.
    pub fn start(self) -> ::ghostlight::Start<Self, (::ghostlight::__private0::Plan,)> {
        ::ghostlight::__private0::start_tree(self)
    }
    /// Describes a `Bank` to a supervisor, so that it is a child of another tree.
    pub fn child_spec(self) -> ::ghostlight::ChildSpec<Self> {
        ::ghostlight::__private0::tree_spec(self)
    }
    /// What a `Bank` consists of, to be printed.
    pub fn tree() -> ::ghostlight::Tree {
        <Self as ::ghostlight::Role>::tree()
    }
}

#[allow(unused_imports)]
const _: () = {
    use ::ghostlight::child as _;
    use ::ghostlight::child as _;
    use ::ghostlight::child as _;
};
