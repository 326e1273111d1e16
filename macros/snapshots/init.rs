#[allow(
    deprecated,
    missing_docs,
    clippy::too_many_arguments,
    clippy::type_complexity,
    clippy::used_underscore_binding
)]
#[diagnostic::do_not_recommend]
#[automatically_derived]
impl ::ghostlight::Init<(LedgerRef,)> for Vault {
    const ASYNC: bool = false;
    async fn init(
        args: (LedgerRef,),
        ctx: &mut ::ghostlight::Ctx<Self>,
    ) -> ::core::result::Result<::core::option::Option<Self>, ::ghostlight::ExitReason> {
        let (ledger,) = args;
        const {
            #[allow(unused_imports)]
            use ::ghostlight::__private0::{
                assert_item, assert_message, assert_reply, assert_sync_state,
            };
            assert_message::<LedgerRef>();
        }
        <Result<
            Self,
            Closed,
        > as ::ghostlight::__private0::IntoInit<
            Self,
        >>::into_init(Self::open(ledger, ctx))
    }
}

#[allow(
    deprecated,
    missing_docs,
    clippy::too_many_arguments,
    clippy::type_complexity,
    clippy::used_underscore_binding
)]
impl Vault {
    /// Opens the vault.
    #[allow(dead_code)]
    pub fn start(ledger: LedgerRef) -> ::ghostlight::Start<Self, (LedgerRef,)> {
        ::ghostlight::Start::__new((ledger,))
    }
    /// Describes a `Vault` to a supervisor: what it needs goes to `open`, at each start.
    #[allow(dead_code)]
    pub fn child_spec(ledger: LedgerRef) -> ::ghostlight::ChildSpec<Self>
    where
        for<'__a> <&'__a Self as ::core::ops::Deref>::Target: ::ghostlight::Spawn,
        for<'__a> <&'__a (
            LedgerRef,
        ) as ::core::ops::Deref>::Target: ::core::marker::Send,
    {
        ::ghostlight::ChildSpec::__new((ledger,))
    }
}
