/// The calls of `Cache`.
#[allow(dead_code, missing_docs, private_interfaces, clippy::type_complexity)]
pub enum CacheCall<K: Eq + Send + 'static, V>
where
    V: Clone + Send + 'static,
{
    Get { key: K },
    #[doc(hidden)]
    __Marker(
        ::core::marker::PhantomData<fn() -> (K, V)>,
        ::ghostlight::__private0::Never,
    ),
}

/// The infos of `Cache`.
#[allow(dead_code, missing_docs, private_interfaces, clippy::type_complexity)]
pub enum CacheInfo<K: Eq + Send + 'static, V>
where
    V: Clone + Send + 'static,
{
    Key(K),
    #[doc(hidden)]
    __Marker(
        ::core::marker::PhantomData<fn() -> (K, V)>,
        ::ghostlight::__private0::Never,
    ),
}

/// The replies to the calls of `Cache`.
#[allow(dead_code, missing_docs, private_interfaces, clippy::type_complexity)]
pub enum CacheReply<K: Eq + Send + 'static, V>
where
    V: Clone + Send + 'static,
{
    Get(V),
    #[doc(hidden)]
    __Marker(
        ::core::marker::PhantomData<fn() -> (K, V)>,
        ::ghostlight::__private0::Never,
    ),
}

#[allow(
    deprecated,
    missing_docs,
    clippy::too_many_arguments,
    clippy::type_complexity,
    clippy::used_underscore_binding
)]
#[automatically_derived]
impl<K: Eq + Send + 'static, V> ::core::convert::From<K> for CacheInfo<K, V>
where
    V: Clone + Send + 'static,
{
    fn from(value: K) -> Self {
        Self::Key(value)
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
impl<K: Eq + Send + 'static, V> ::core::convert::From<::ghostlight::__private0::Never>
for CacheInfo<K, V>
where
    V: Clone + Send + 'static,
{
    fn from(never: ::ghostlight::__private0::Never) -> Self {
        match never {}
    }
}
