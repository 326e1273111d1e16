#[allow(
    deprecated,
    missing_docs,
    clippy::too_many_arguments,
    clippy::type_complexity,
    clippy::used_underscore_binding
)]
#[diagnostic::do_not_recommend]
#[automatically_derived]
impl<K: Eq + Send + 'static, V> ::ghostlight::Actor for Cache<K, V>
where
    V: Clone + Send + 'static,
{
    type Call = CacheCall<K, V>;
    type Reply = CacheReply<K, V>;
    type Cast = ::ghostlight::__private0::Never;
    type Info = CacheInfo<K, V>;
    type Continue = ::ghostlight::__private0::Never;
    const EXIT: ::core::option::Option<fn(::ghostlight::Exit) -> Self::Info> = {
        #[allow(unused_imports)]
        use ::ghostlight::__private0::NoExit as _;
        ::ghostlight::__private0::TrapsExit::<CacheInfo<K, V>>::EXIT
    };
    const MESSAGES: &'static [&'static str] = &["get", "key"];
    #[allow(unreachable_patterns)]
    fn message_index(message: &::ghostlight::Message<Self>) -> u16 {
        match message {
            ::ghostlight::Message::Call(CacheCall::Get { .. }) => 0u16,
            ::ghostlight::Message::Info(CacheInfo::Key(..)) => 1u16,
            _ => u16::MAX,
        }
    }
    fn handle(
        &mut self,
        message: ::ghostlight::Message<Self>,
        ctx: &mut ::ghostlight::Ctx<Self>,
    ) -> ::ghostlight::Handled<Self> {
        match message {
            ::ghostlight::Message::Call(CacheCall::Get { key }) => {
                ctx.__handling(0u16);
                ::ghostlight::Handled::Now({
                    let reply = ctx.__reply_to::<0usize, _>();
                    Self::get(self, key, reply);
                    ::ghostlight::Outcome::Done
                })
            }
            ::ghostlight::Message::Info(CacheInfo::Key(key)) => {
                ctx.__handling(1u16);
                ::ghostlight::Handled::Now({
                    Self::key(self, key);
                    ::ghostlight::Outcome::Done
                })
            }
        }
    }
    fn handle_async(
        &mut self,
        _: ::ghostlight::Message<Self>,
        _: &mut ::ghostlight::Ctx<Self>,
    ) -> impl ::core::future::Future<
        Output = ::ghostlight::Outcome<Self>,
    > + ::core::marker::Send {
        async { ::core::unreachable!() }
    }
    const TERMINATES: bool = false;
    fn terminate(
        &mut self,
        _: &::ghostlight::ExitReason,
        _: &mut ::ghostlight::Ctx<Self>,
    ) -> impl ::core::future::Future<Output = ()> + ::core::marker::Send {
        ::core::future::ready(())
    }
}
