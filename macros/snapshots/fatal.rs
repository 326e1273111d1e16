impl<'a> Vault<'a> {
    #[allow(clippy::needless_pass_by_value, clippy::unused_self)]
    fn get(&self) {}
}

::core::compile_error! {
    "an actor cannot borrow: it outlives the function that starts it\nhelp: own the data (`String`, `Arc<T>`)"
}
