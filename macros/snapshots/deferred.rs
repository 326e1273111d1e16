#[cfg(feature = "statements")]
#[allow(
    deprecated,
    unused_variables,
    clippy::manual_async_fn,
    clippy::used_underscore_binding
)]
#[automatically_derived]
impl ::ghostlight::__private0::Deferred<2usize> for Vault {
    type Value = Vec<Vault>;
    fn wrap(value: Vec<Vault>) -> VaultReply {
        VaultReply::Statement(value)
    }
}
