#[cfg(feature = "statements")]
#[allow(
    deprecated,
    missing_docs,
    clippy::too_many_arguments,
    clippy::type_complexity,
    clippy::used_underscore_binding
)]
#[automatically_derived]
impl ::ghostlight::__private0::Deferred<2usize, Vec<Vault>, VaultReply> for Vault {
    fn wrap(value: Vec<Vault>) -> VaultReply {
        VaultReply::Statement(value)
    }
}
