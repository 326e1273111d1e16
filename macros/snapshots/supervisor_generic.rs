impl<K: Eq, const N: usize> bank::Tree<K, N>
where
    K: Send + Sync + 'static,
{
    #[allow(
        clippy::must_use_candidate,
        clippy::needless_pass_by_value,
        clippy::unused_self
    )]
    fn cache(&self) -> ChildSpec<Cache<K>> {
        Cache::child_spec()
    }
}

/// A handle to a running [`Tree`](bank::Tree).
///
/// Cheap to clone, and valid across restarts: it names the role, not one life.
#[must_use = "a tree that is no child of another ends when its last handle is dropped"]
pub struct TreeRef<K: Eq, const N: usize>(
    bank::runtime::SupervisorRef,
    ::core::marker::PhantomData<fn() -> (K,)>,
)
where
    K: Send + Sync + 'static;

#[automatically_derived]
impl<K: Eq, const N: usize> ::core::clone::Clone for TreeRef<K, N>
where
    K: Send + Sync + 'static,
{
    fn clone(&self) -> Self {
        Self(::core::clone::Clone::clone(&self.0), ::core::marker::PhantomData)
    }
}

#[automatically_derived]
impl<K: Eq, const N: usize> ::core::fmt::Debug for TreeRef<K, N>
where
    K: Send + Sync + 'static,
{
    fn fmt(&self, f: &mut ::core::fmt::Formatter<'_>) -> ::core::fmt::Result {
        ::core::fmt::Debug::fmt(&self.0, f)
    }
}

#[automatically_derived]
impl<K: Eq, const N: usize> ::core::cmp::PartialEq for TreeRef<K, N>
where
    K: Send + Sync + 'static,
{
    fn eq(&self, other: &Self) -> bool {
        ::core::cmp::PartialEq::eq(&self.0, &other.0)
    }
}

#[automatically_derived]
impl<K: Eq, const N: usize> ::core::cmp::Eq for TreeRef<K, N>
where
    K: Send + Sync + 'static,
{}

#[automatically_derived]
impl<K: Eq, const N: usize> ::core::hash::Hash for TreeRef<K, N>
where
    K: Send + Sync + 'static,
{
    fn hash<__H: ::core::hash::Hasher>(&self, state: &mut __H) {
        ::core::hash::Hash::hash(&self.0, state);
    }
}

#[automatically_derived]
impl<K: Eq, const N: usize> ::core::ops::Deref for TreeRef<K, N>
where
    K: Send + Sync + 'static,
{
    type Target = bank::runtime::SupervisorRef;
    #[inline]
    fn deref(&self) -> &Self::Target {
        &self.0
    }
}

#[automatically_derived]
impl<K: Eq, const N: usize> ::core::convert::From<bank::runtime::SupervisorRef>
for TreeRef<K, N>
where
    K: Send + Sync + 'static,
{
    fn from(actor: bank::runtime::SupervisorRef) -> Self {
        Self(actor, ::core::marker::PhantomData)
    }
}

#[automatically_derived]
impl<K: Eq, const N: usize> ::core::convert::From<TreeRef<K, N>>
for bank::runtime::SupervisorRef
where
    K: Send + Sync + 'static,
{
    fn from(handle: TreeRef<K, N>) -> Self {
        handle.0
    }
}

#[automatically_derived]
impl<
    K: Eq,
    const N: usize,
> ::core::convert::From<bank::runtime::ActorRef<bank::runtime::Supervisor>>
for TreeRef<K, N>
where
    K: Send + Sync + 'static,
{
    fn from(actor: bank::runtime::ActorRef<bank::runtime::Supervisor>) -> Self {
        Self(
            <bank::runtime::SupervisorRef as ::core::convert::From<_>>::from(actor),
            ::core::marker::PhantomData,
        )
    }
}

#[allow(
    dead_code,
    deprecated,
    missing_docs,
    private_interfaces,
    clippy::must_use_candidate
)]
impl<K: Eq, const N: usize> TreeRef<K, N>
where
    K: Send + Sync + 'static,
{
    /// The child `cache`.
    fn cache(&self) -> <Cache<K> as bank::runtime::Role>::Ref {
        self.0.__child::<Cache<K>>("cache")
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
impl<K: Eq, const N: usize> bank::runtime::Supervise for bank::Tree<K, N>
where
    K: Send + Sync + 'static,
{
    const OPTIONS: bank::runtime::SupervisorOptions = bank::runtime::SupervisorOptions::new(
            bank::runtime::Strategy::OneForAll,
        )
        .intensity(3u32)
        .period(::core::time::Duration::from_millis(5000u64))
        .auto_shutdown(bank::runtime::AutoShutdown::AllSignificant)
        .backoff(
            bank::runtime::Backoff::exponential(
                ::core::time::Duration::from_millis(1000u64),
                ::core::time::Duration::from_millis(60000u64),
            ),
        );
    fn children(
        self: ::std::sync::Arc<Self>,
    ) -> ::std::vec::Vec<bank::runtime::__private0::Planned> {
        const {
            ::core::assert!(
                bank::runtime::__private0::may_be_significant:: < Cache < K > > (),
                "`cache` is restarted however it ends, so no end of it is significant\nhelp: `#[actor(restart = transient)]`, or `.restart(Restart::Transient)` on its spec"
            )
        }
        fn __with_tree<S: bank::runtime::Supervise, T: 'static>(
            tree: &::std::sync::Arc<S>,
            describe: fn(&S, &bank::runtime::__private0::Siblings) -> T,
        ) -> impl ::core::ops::FnMut(
            &bank::runtime::__private0::Siblings,
        ) -> T + ::core::marker::Send + use<S, T> {
            let tree = ::std::sync::Arc::clone(tree);
            move |siblings| describe(&tree, siblings)
        }
        ::std::vec::Vec::from([
            bank::runtime::__private0::Planned::new::<
                Cache<K>,
            >("cache", __with_tree(&self, |tree, _| Self::cache(tree)))
                .significant(),
        ])
    }
}

#[diagnostic::do_not_recommend]
#[automatically_derived]
impl<K: Eq, const N: usize> bank::runtime::Role for bank::Tree<K, N>
where
    K: Send + Sync + 'static,
{
    type Actor = bank::runtime::Supervisor;
    type Ref = TreeRef<K, N>;
    fn tree() -> bank::runtime::Tree {
        let tree = bank::runtime::Tree::supervisor(
            "Tree",
            &bank::runtime::SupervisorOptions::new(bank::runtime::Strategy::OneForAll)
                .intensity(3u32)
                .period(::core::time::Duration::from_millis(5000u64))
                .auto_shutdown(bank::runtime::AutoShutdown::AllSignificant)
                .backoff(
                    bank::runtime::Backoff::exponential(
                        ::core::time::Duration::from_millis(1000u64),
                        ::core::time::Duration::from_millis(60000u64),
                    ),
                ),
        );
        let tree = tree.child("cache", <Cache<K> as bank::runtime::Role>::tree());
        tree
    }
}

impl<K: Eq, const N: usize> bank::Tree<K, N>
where
    K: Send + Sync + 'static,
{
    /// Starts a `Tree`: its children from top to bottom.
    pub fn start(
        self,
    ) -> bank::runtime::Start<Self, (bank::runtime::__private0::Plan,)> {
        bank::runtime::__private0::start_tree(self)
    }
    /// Describes a `Tree` to a supervisor, so that it is a child of another tree.
    pub fn child_spec(self) -> bank::runtime::ChildSpec<Self> {
        bank::runtime::__private0::tree_spec(self)
    }
    /// What a `Tree` consists of, to be printed.
    pub fn tree() -> bank::runtime::Tree {
        <Self as bank::runtime::Role>::tree()
    }
}

#[allow(unused_imports)]
const _: () = {
    use bank::runtime::child as _;
};
