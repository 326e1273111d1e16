#[allow(
    deprecated,
    missing_docs,
    clippy::too_many_arguments,
    clippy::type_complexity,
    clippy::used_underscore_binding
)]
impl VaultRef {
    /// The balance of `owner`.
    #[inline]
    pub fn balance(&self, owner: String) -> ::ghostlight::Call<'_, Vault, Option<u64>> {
        ::ghostlight::Call::__new(
            self.__actor(),
            VaultCall::Balance { owner },
            ::ghostlight::__private0::CallOptions {
                inline: true,
                later: false,
                always: false,
                limit: ::ghostlight::__private0::Limit::Default,
            },
            |reply| match reply {
                VaultReply::Balance(value) => value,
                _ => ::core::unreachable!(),
            },
        )
    }
    #[inline]
    pub fn audit(&self) -> ::ghostlight::Call<'_, Vault, Audit> {
        ::ghostlight::Call::__new(
            self.__actor(),
            VaultCall::Audit,
            ::ghostlight::__private0::CallOptions {
                inline: false,
                later: false,
                always: true,
                limit: ::ghostlight::__private0::Limit::After(
                    ::core::time::Duration::from_millis(30000u64),
                ),
            },
            |reply| match reply {
                VaultReply::Audit(value) => value,
                _ => ::core::unreachable!(),
            },
        )
    }
    #[cfg(feature = "statements")]
    #[inline]
    fn statement(&self, arg0: u8) -> ::ghostlight::Call<'_, Vault, Vec<Vault>> {
        ::ghostlight::Call::__new(
            self.__actor(),
            VaultCall::Statement { arg0 },
            ::ghostlight::__private0::CallOptions {
                inline: true,
                later: true,
                always: false,
                limit: ::ghostlight::__private0::Limit::Default,
            },
            |reply| match reply {
                VaultReply::Statement(value) => value,
                _ => ::core::unreachable!(),
            },
        )
    }
    #[inline]
    pub fn deposit(&self, owner: String, amount: u64) -> ::ghostlight::Cast<'_, Vault> {
        ::ghostlight::Cast::__new(
            self.__actor(),
            VaultCast::Deposit {
                owner,
                amount,
            },
        )
    }
    #[inline]
    pub fn save(&self) -> ::ghostlight::Cast<'_, Vault> {
        ::ghostlight::Cast::__new(self.__actor(), VaultCast::Save)
    }
}
