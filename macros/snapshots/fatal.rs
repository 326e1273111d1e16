impl<'a> Vault<'a> {
    #[allow(
        clippy::must_use_candidate,
        clippy::needless_pass_by_value,
        clippy::unused_self
    )]
    fn get(&self) {}
}

#[diagnostic::do_not_recommend]
#[automatically_derived]
impl ::ghostlight::__private0::HasHandlers for __VaultActor {}

#[doc(hidden)]
#[allow(non_snake_case)]
mod __VaultNeedsActor0 {
    pub struct __VaultActor;
}

use __VaultNeedsActor0::*;

::core::compile_error! {
    "an actor cannot borrow: it outlives the function that starts it\nhelp: own the data (`String`, `Arc<T>`)"
}
