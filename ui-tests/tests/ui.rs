//! What compiles, what does not, and in which words.
//!
//! `TRYBUILD=overwrite cargo test -p ui-tests` writes the `.stderr` files; read them before you commit them.

#[test]
fn ui() {
    let cases = trybuild::TestCases::new();
    cases.pass("pass/*/*.rs");
    cases.compile_fail("fail/*/*.rs");
}
