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
            #[cfg(disk)]
            ::ghostlight::__private0::Planned::new::<
                Ledger,
            >("ledger", __with_tree(&self, |tree, _| Self::ledger(tree))),
            #[cfg(not(disk))]
            ::ghostlight::__private0::Planned::new::<
                Memory,
            >("ledger", __with_tree(&self, |tree, _| Self::ledger(tree))),
            ::ghostlight::__private0::Planned::new::<
                Vault,
            >(
                "vault",
                __with_tree(
                    &self,
                    |tree, siblings| Self::vault(
                        tree,
                        {
                            #[cfg(disk)]
                            {
                                <LedgerRef as ::ghostlight::__private0::DependencyOn<
                                    Ledger,
                                >>::from_handle(siblings.get::<Ledger>("ledger"))
                            }
                            #[cfg(not(disk))]
                            {
                                <LedgerRef as ::ghostlight::__private0::DependencyOn<
                                    Memory,
                                >>::from_handle(siblings.get::<Memory>("ledger"))
                            }
                            #[cfg(not(any(all(disk), all(not(disk)))))]
                            {
                                ::core::compile_error!(
                                    "`vault` needs `ledger`, which is not there in this configuration"
                                )
                            }
                        },
                    ),
                ),
            ),
        ])
    }
}
