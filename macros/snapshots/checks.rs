const _: () = {
    const fn check<K: Eq + Send, V>()
    where
        V: Clone + Send,
    {
        const fn assert_send<T: ::core::marker::Send>() {}
        assert_send::<K>();
        assert_send::<V>();
        assert_send::<K>();
    }
};

#[diagnostic::do_not_recommend]
#[automatically_derived]
impl ::ghostlight::__private0::HasHandlers for __CacheActor {}

#[doc(hidden)]
#[allow(non_snake_case)]
mod __CacheNeedsActor0 {
    pub struct CacheRef<P0, P1>(::core::marker::PhantomData<(P0, P1)>);
    impl<P0, P1> CacheRef<P0, P1> {
        pub const fn named(_: &'static str) -> Self {
            Self(::core::marker::PhantomData)
        }
        pub fn __actor<T>(&self) -> T {
            ::core::unreachable!()
        }
    }
    pub struct __CacheActor;
}

use __CacheNeedsActor0::*;

#[allow(unused_imports)]
const _: () = {
    use ::ghostlight::call as _;
    use ::ghostlight::info as _;
};
