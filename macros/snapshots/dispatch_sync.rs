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
    fn handle(
        &mut self,
        message: ::ghostlight::Message<Self>,
        ctx: &mut ::ghostlight::Ctx<Self>,
    ) -> ::ghostlight::Handled<Self> {
        match message {
            ::ghostlight::Message::Call(CacheCall::Get { key }) => {
                ::ghostlight::Handled::Now({
                    let reply = ctx.__reply_to::<0usize, _>();
                    Self::get(self, key, reply);
                    ::ghostlight::Outcome::Done
                })
            }
            ::ghostlight::Message::Info(CacheInfo::Key(key)) => {
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
