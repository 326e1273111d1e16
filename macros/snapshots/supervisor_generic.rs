/// A handle to a running [`Bank`].
///
/// Cheap to clone. The tree lives until the last one is dropped, unless it is a child of another.
#[allow(unreachable_pub, dead_code)]
#[must_use = "a tree that is no child of another ends when its last handle is dropped"]
pub struct BankRef<K>(
    ::ghostlight::SupervisorRef,
    ::core::marker::PhantomData<fn() -> (K,)>,
)
where
    K: Clone + Send + Sync + 'static;

#[allow(deprecated, private_interfaces, clippy::must_use_candidate)]
impl<K> BankRef<K>
where
    K: Clone + Send + Sync + 'static,
{
    /// The handle of the child `cache`.
    #[allow(dead_code)]
    fn cache(&self) -> <Cache<K> as ::ghostlight::Role>::Ref {
        self.0.__child::<Cache<K>>("cache")
    }
}

#[allow(deprecated, clippy::vec_init_then_push)]
#[automatically_derived]
impl<K> ::ghostlight::Supervise for Bank<K>
where
    K: Clone + Send + Sync + 'static,
{
    const OPTIONS: ::ghostlight::SupervisorOptions = ::ghostlight::SupervisorOptions::new(
        ::ghostlight::Strategy::OneForAll,
    );
    fn children(
        self: ::std::sync::Arc<Self>,
    ) -> ::std::vec::Vec<::ghostlight::__private0::Planned> {
        #[allow(unused_mut)]
        let mut children = ::std::vec::Vec::new();
        children
            .push(
                ::ghostlight::__private0::Planned::of::<
                    Cache<K>,
                    Self,
                >(
                    &self,
                    "cache",
                    |tree, siblings| {
                        let _ = siblings;
                        Self::cache(tree)
                    },
                ),
            );
        children
    }
}

#[diagnostic::do_not_recommend]
#[automatically_derived]
impl<K> ::ghostlight::Role for Bank<K>
where
    K: Clone + Send + Sync + 'static,
{
    type Actor = ::ghostlight::Supervisor;
    type Ref = BankRef<K>;
    fn tree() -> ::ghostlight::Tree {
        let tree = ::ghostlight::Tree::of::<Self>("Bank");
        let tree = tree.child::<Cache<K>>("cache");
        tree
    }
}
