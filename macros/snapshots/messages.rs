/// The calls of `Vault`.
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
#[derive(Debug, Clone)]
pub enum VaultCall {
    /// The balance of `owner`.
    Balance { owner: String },
    Audit,
    #[cfg(feature = "statements")]
    Statement { arg0: u8 },
}

/// The casts of `Vault`.
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
#[derive(Debug, Clone)]
pub enum VaultCast {
    Deposit { owner: String, amount: u64 },
    Save,
}

/// The infos of `Vault`.
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
#[derive(Debug, Clone)]
pub enum VaultInfo {
    Interest,
    LedgerDown(Down),
}

/// The continues of `Vault`.
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
#[derive(Debug, Clone)]
pub enum VaultContinue {
    Load { path: PathBuf },
}

/// The replies to the calls of `Vault`.
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
#[derive(Debug, Clone)]
pub enum VaultReply {
    /// The balance of `owner`.
    Balance(Option<u64>),
    Audit(Audit),
    #[cfg(feature = "statements")]
    Statement(Vec<Vault>),
}

#[allow(
    deprecated,
    unused_variables,
    clippy::manual_async_fn,
    clippy::used_underscore_binding
)]
#[automatically_derived]
impl ::core::convert::From<Down> for VaultInfo {
    fn from(value: Down) -> Self {
        Self::LedgerDown(value)
    }
}
