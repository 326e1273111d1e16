/// The calls of `Vault`.
#[allow(dead_code, missing_docs, private_interfaces, clippy::type_complexity)]
#[derive(Debug, Clone)]
pub enum VaultCall {
    /// The balance of `owner`.
    Balance { owner: String },
    Audit,
    #[cfg(feature = "statements")]
    Statement { arg0: u8 },
}

/// The casts of `Vault`.
#[allow(dead_code, missing_docs, private_interfaces, clippy::type_complexity)]
#[derive(Debug, Clone)]
pub enum VaultCast {
    Deposit { owner: String, amount: u64 },
    Save,
}

/// The infos of `Vault`.
#[allow(dead_code, missing_docs, private_interfaces, clippy::type_complexity)]
#[derive(Debug, Clone)]
pub enum VaultInfo {
    Interest,
    LedgerDown(Down),
}

/// The continues of `Vault`.
#[allow(dead_code, missing_docs, private_interfaces, clippy::type_complexity)]
#[derive(Debug, Clone)]
pub enum VaultContinue {
    Load { path: PathBuf },
}

/// The replies to the calls of `Vault`.
#[allow(dead_code, missing_docs, private_interfaces, clippy::type_complexity)]
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
    missing_docs,
    clippy::too_many_arguments,
    clippy::type_complexity,
    clippy::used_underscore_binding
)]
#[automatically_derived]
impl ::core::convert::From<Down> for VaultInfo {
    fn from(value: Down) -> Self {
        Self::LedgerDown(value)
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
impl ::core::convert::From<::ghostlight::__private0::Never> for VaultInfo {
    fn from(never: ::ghostlight::__private0::Never) -> Self {
        match never {}
    }
}
