/// The calls of `Cache`.
#[allow(
    dead_code,
    deprecated,
    missing_debug_implementations,
    missing_docs,
    non_camel_case_types,
    private_bounds,
    private_interfaces,
    unreachable_pub,
    clippy::enum_variant_names,
    clippy::large_enum_variant,
    clippy::derive_partial_eq_without_eq
)]
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
#[allow(
    dead_code,
    deprecated,
    missing_debug_implementations,
    missing_docs,
    non_camel_case_types,
    private_bounds,
    private_interfaces,
    unreachable_pub,
    clippy::enum_variant_names,
    clippy::large_enum_variant,
    clippy::derive_partial_eq_without_eq
)]
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
#[allow(
    dead_code,
    deprecated,
    missing_debug_implementations,
    missing_docs,
    non_camel_case_types,
    private_bounds,
    private_interfaces,
    unreachable_pub,
    clippy::enum_variant_names,
    clippy::large_enum_variant,
    clippy::derive_partial_eq_without_eq
)]
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
    unused_variables,
    clippy::manual_async_fn,
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
