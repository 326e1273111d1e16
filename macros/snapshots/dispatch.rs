#[allow(
    deprecated,
    missing_docs,
    clippy::too_many_arguments,
    clippy::type_complexity,
    clippy::used_underscore_binding
)]
#[diagnostic::do_not_recommend]
#[automatically_derived]
impl ::ghostlight::Actor for Vault {
    type Call = VaultCall;
    type Reply = VaultReply;
    type Cast = VaultCast;
    type Info = VaultInfo;
    type Continue = VaultContinue;
    const EXIT: ::core::option::Option<fn(::ghostlight::Exit) -> Self::Info> = {
        #[allow(unused_imports)]
        use ::ghostlight::__private0::NoExit as _;
        ::ghostlight::__private0::TrapsExit::<VaultInfo>::EXIT
    };
    const MESSAGES: &'static [&'static str] = &[
        "balance",
        "audit",
        "statement",
        "deposit",
        "save",
        "interest",
        "ledger_down",
        "load",
    ];
    #[allow(unreachable_patterns)]
    fn message_index(message: &::ghostlight::Message<Self>) -> u16 {
        match message {
            ::ghostlight::Message::Call(VaultCall::Balance { .. }) => 0u16,
            ::ghostlight::Message::Call(VaultCall::Audit) => 1u16,
            #[cfg(feature = "statements")]
            ::ghostlight::Message::Call(VaultCall::Statement { .. }) => 2u16,
            ::ghostlight::Message::Cast(VaultCast::Deposit { .. }) => 3u16,
            ::ghostlight::Message::Cast(VaultCast::Save) => 4u16,
            ::ghostlight::Message::Info(VaultInfo::Interest) => 5u16,
            ::ghostlight::Message::Info(VaultInfo::LedgerDown(..)) => 6u16,
            ::ghostlight::Message::Continue(VaultContinue::Load { .. }) => 7u16,
            _ => u16::MAX,
        }
    }
    fn handle(
        &mut self,
        message: ::ghostlight::Message<Self>,
        ctx: &mut ::ghostlight::Ctx<Self>,
    ) -> ::ghostlight::Handled<Self> {
        match message {
            ::ghostlight::Message::Call(VaultCall::Balance { owner }) => {
                ctx.__handling(0u16);
                ::ghostlight::Handled::Now(
                    ::ghostlight::Outcome::Reply(
                        VaultReply::Balance(Self::balance(self, owner)),
                    ),
                )
            }
            #[cfg(feature = "statements")]
            ::ghostlight::Message::Call(VaultCall::Statement { arg0 }) => {
                ctx.__handling(2u16);
                ::ghostlight::Handled::Now({
                    let reply = ctx.__reply_to::<2usize, _>();
                    Self::statement(self, arg0, reply, ctx);
                    ::ghostlight::Outcome::Done
                })
            }
            ::ghostlight::Message::Cast(VaultCast::Deposit { owner, amount }) => {
                ctx.__handling(3u16);
                ::ghostlight::Handled::Now({
                    Self::deposit(self, owner, amount);
                    ::ghostlight::Outcome::Done
                })
            }
            ::ghostlight::Message::Info(VaultInfo::Interest) => {
                ctx.__handling(5u16);
                ::ghostlight::Handled::Now({
                    Self::interest(self);
                    ::ghostlight::Outcome::Done
                })
            }
            ::ghostlight::Message::Info(VaultInfo::LedgerDown(down)) => {
                ctx.__handling(6u16);
                ::ghostlight::Handled::Now({
                    Self::ledger_down(self, down);
                    ::ghostlight::Outcome::Done
                })
            }
            ::ghostlight::Message::Continue(VaultContinue::Load { path }) => {
                ctx.__handling(7u16);
                ::ghostlight::Handled::Now(
                    ::core::convert::From::from(
                        <Result<
                            (),
                            Closed,
                        > as ::ghostlight::__private0::IntoOutcome>::into_outcome(
                            Self::load(self, path),
                        ),
                    ),
                )
            }
            message => ::ghostlight::Handled::Later(message),
        }
    }
    async fn handle_async(
        &mut self,
        message: ::ghostlight::Message<Self>,
        ctx: &mut ::ghostlight::Ctx<Self>,
    ) -> ::ghostlight::Outcome<Self> {
        #[inline]
        fn __send<F: ::core::future::Future + ::core::marker::Send>(
            future: F,
        ) -> impl ::core::future::Future<Output = F::Output> + ::core::marker::Send {
            future
        }
        const {
            #[allow(unused_imports)]
            use ::ghostlight::__private0::{
                assert_item, assert_message, assert_reply, assert_sync_state,
            };
            assert_message::<String>();
            assert_reply::<Option<u64>>();
            assert_reply::<Audit>();
            #[cfg(feature = "statements")] assert_message::<u8>();
            #[cfg(feature = "statements")] assert_reply::<Vec<Vault>>();
            assert_message::<String>();
            assert_message::<u64>();
            assert_message::<Down>();
            assert_message::<PathBuf>();
        }
        match message {
            ::ghostlight::Message::Call(VaultCall::Audit) => {
                ctx.__handling(1u16);
                ::ghostlight::Outcome::Reply(
                    VaultReply::Audit(__send(Self::audit(self)).await),
                )
            }
            ::ghostlight::Message::Cast(VaultCast::Save) => {
                ctx.__handling(4u16);
                ::core::convert::From::from(
                    <io::Result<
                        (),
                    > as ::ghostlight::__private0::IntoOutcome>::into_outcome(
                        __send(Self::save(self)).await,
                    ),
                )
            }
            _ => ::core::unreachable!(),
        }
    }
    const TERMINATES: bool = true;
    async fn terminate(
        &mut self,
        reason: &::ghostlight::ExitReason,
        ctx: &mut ::ghostlight::Ctx<Self>,
    ) {
        Self::close(self, reason).await;
    }
}
