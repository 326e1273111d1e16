/// A handle to a running [`Cache`].
///
/// Cheap to clone, and valid across restarts: it names the role, not one life.
#[must_use = "an actor without a supervisor ends when its last handle is dropped"]
struct CacheRef<K: Eq, V = u8>(
    ::ghostlight::ActorRef<Cache<K, V>>,
)
where
    V: Clone;

impl<K: Eq, V> CacheRef<K, V>
where
    V: Clone,
{
    /// A handle to whichever `Cache` has this name.
    ///
    /// The name is resolved at each use, in the runtime of that moment: there need be no such actor yet.
    pub const fn named(name: &'static str) -> Self {
        Self(::ghostlight::ActorRef::named(name))
    }
    #[doc(hidden)]
    #[inline]
    pub fn __actor(&self) -> &::ghostlight::ActorRef<Cache<K, V>> {
        &self.0
    }
}

#[automatically_derived]
impl<K: Eq, V> ::core::clone::Clone for CacheRef<K, V>
where
    V: Clone,
{
    fn clone(&self) -> Self {
        Self(::core::clone::Clone::clone(&self.0))
    }
}

#[automatically_derived]
impl<K: Eq, V> ::core::fmt::Debug for CacheRef<K, V>
where
    V: Clone,
{
    fn fmt(&self, f: &mut ::core::fmt::Formatter<'_>) -> ::core::fmt::Result {
        ::core::fmt::Debug::fmt(&self.0, f)
    }
}

#[automatically_derived]
impl<K: Eq, V> ::core::cmp::PartialEq for CacheRef<K, V>
where
    V: Clone,
{
    fn eq(&self, other: &Self) -> bool {
        ::core::cmp::PartialEq::eq(&self.0, &other.0)
    }
}

#[automatically_derived]
impl<K: Eq, V> ::core::cmp::Eq for CacheRef<K, V>
where
    V: Clone,
{}

#[automatically_derived]
impl<K: Eq, V> ::core::hash::Hash for CacheRef<K, V>
where
    V: Clone,
{
    fn hash<__H: ::core::hash::Hasher>(&self, state: &mut __H) {
        ::core::hash::Hash::hash(&self.0, state);
    }
}

#[automatically_derived]
impl<K: Eq, V> ::core::ops::Deref for CacheRef<K, V>
where
    V: Clone,
{
    type Target = ::ghostlight::ActorRef<Cache<K, V>>;
    #[inline]
    fn deref(&self) -> &Self::Target {
        &self.0
    }
}

#[automatically_derived]
impl<K: Eq, V> ::core::convert::From<::ghostlight::ActorRef<Cache<K, V>>>
for CacheRef<K, V>
where
    V: Clone,
{
    fn from(actor: ::ghostlight::ActorRef<Cache<K, V>>) -> Self {
        Self(actor)
    }
}

#[automatically_derived]
impl<K: Eq, V> ::core::convert::From<CacheRef<K, V>>
for ::ghostlight::ActorRef<Cache<K, V>>
where
    V: Clone,
{
    fn from(handle: CacheRef<K, V>) -> Self {
        handle.0
    }
}

#[diagnostic::do_not_recommend]
#[automatically_derived]
impl<K: Eq + 'static, V> ::ghostlight::State for Cache<K, V>
where
    V: Clone + 'static,
{
    type Ref = CacheRef<K, V>;
    const OPTIONS: ::ghostlight::Options = ::ghostlight::Options::new();
}

const _: () = ::ghostlight::__private0::assert_handlers::<__CacheActor>();
