//! Snapshots of what the macros generate, one kind of item each. `UPDATE_EXPECT=1 cargo test` blesses them.

use crate::options;
use expect_test::{ExpectFile, expect_file};
use proc_macro2::TokenStream;
use quote::quote;
use syn::File;

/// Compares those items of `output` that have a line beginning with one of `heads`.
#[track_caller]
fn check(output: TokenStream, heads: &[&str], expected: &ExpectFile) {
    let file: File = syn::parse2(output).expect("the expansion is a list of items");
    let items = file.items.into_iter().map(|item| {
        prettyplease::unparse(&File {
            shebang: None,
            frontmatter: None,
            attrs: Vec::new(),
            items: vec![item],
        })
    });
    let is_wanted =
        |item: &String| heads.iter().any(|head| item.lines().any(|line| line.starts_with(head)));
    let wanted: Vec<String> = items.filter(is_wanted).collect();
    expected.assert_eq(&wanted.join("\n"));
}

fn actor(options: TokenStream, item: &TokenStream) -> TokenStream {
    crate::actor::expand(options, item)
}

fn handlers(options: TokenStream, item: &TokenStream) -> TokenStream {
    crate::handlers::expand(options, item)
}

fn supervisor(options: TokenStream, item: &TokenStream) -> TokenStream {
    crate::supervisor::expand(options, item)
}

fn protocol(options: TokenStream, item: &TokenStream) -> TokenStream {
    crate::protocol::expand(options, item)
}

fn vault() -> TokenStream {
    quote! {
        impl Vault {
            #[init]
            /// Opens the vault.
            pub fn open(ledger: LedgerRef, ctx: &mut Ctx<Self>) -> Result<Self, Closed> {
                ctx.monitor(&ledger);
                Ok(Vault { ledger })
            }

            /// The balance of `owner`.
            #[call]
            pub fn balance(&self, owner: String) -> Option<u64> {
                self.balances.get(&owner).copied()
            }

            #[call(timeout = "30s", always)]
            pub async fn audit(&mut self) -> Audit {
                self.ledger.audit().await
            }

            #[call]
            #[cfg(feature = "statements")]
            fn statement(&self, _: u8, reply: ReplyTo<Vec<Self>>, ctx: &Ctx<Self>) {
                reply.send(Vec::new());
            }

            #[cast]
            pub fn deposit(&mut self, owner: String, amount: u64) {
                self.balances.insert(owner, amount);
            }

            #[cast]
            pub async fn save(&mut self) -> io::Result<()> {
                self.ledger.save().await
            }

            #[info]
            fn interest(&mut self) {}

            #[info]
            fn ledger_down(&mut self, down: Down) {}

            #[handle_continue]
            fn load(&mut self, path: PathBuf) -> Result<(), Closed> {
                Ok(())
            }

            #[terminate]
            async fn close(&mut self, reason: &ExitReason) {}

            fn helper(&self) {}
        }
    }
}

fn cache() -> TokenStream {
    quote! {
        impl<K: Eq + Send, V> Cache<K, V>
        where
            V: Clone + Send,
        {
            #[call]
            pub fn get(&self, key: K, reply: ReplyTo<V>) {}

            #[info]
            fn key(&mut self, key: K) {}
        }
    }
}

fn room() -> TokenStream {
    quote! {
        impl<T: Send> Room<T> {
            #[call]
            pub fn listen(&mut self, out: StreamTo<T>) {
                self.readers.push(out);
            }

            #[call(capacity = 64)]
            pub async fn replay(&mut self, from: usize, out: StreamTo<Option<Self>>) {
                out.send(None).await;
            }
        }
    }
}

#[test]
fn actor_generates_the_handle() {
    let output = actor(
        quote!(),
        &quote!(
            pub struct Vault {
                ledger: LedgerRef,
            }
        ),
    );
    check(output, &["pub", "impl", "const"], &expect_file!["../snapshots/actor.rs"]);
}

#[test]
fn actor_carries_type_parameters_over() {
    let output = actor(
        quote!(),
        &quote!(
            struct Cache<K: Eq, V = u8>(HashMap<K, V>)
            where
                V: Clone;
        ),
    );
    let heads = ["struct CacheRef", "impl", "const"];
    check(output, &heads, &expect_file!["../snapshots/actor_generic.rs"]);
}

#[test]
fn actor_turns_options_into_a_constant() {
    let options = quote! {
        mailbox = 64, restart = transient, shutdown = "2m", on_restart = drop, inline = never, blocking,
        crate = bank::runtime
    };
    let output = actor(
        options,
        &quote!(
            pub enum Door {
                Open,
                Shut,
            }
        ),
    );
    let heads = ["impl bank::runtime::State"];
    check(output, &heads, &expect_file!["../snapshots/actor_options.rs"]);
}

#[test]
fn handlers_keep_the_block_without_its_markers() {
    let output = handlers(quote!(), &vault());
    check(output, &["    fn helper"], &expect_file!["../snapshots/block.rs"]);
}

#[test]
fn handlers_become_messages() {
    let output = handlers(quote!(derive(Debug, Clone)), &vault());
    let heads = ["pub enum", "impl ::core::convert::From"];
    check(output, &heads, &expect_file!["../snapshots/messages.rs"]);
}

#[test]
fn messages_of_a_generic_actor_have_its_parameters() {
    let output = handlers(quote!(), &cache());
    let heads = ["pub enum", "impl<K: Eq + Send + 'static, V> ::core::convert::From"];
    check(output, &heads, &expect_file!["../snapshots/messages_generic.rs"]);
}

#[test]
fn calls_and_casts_become_methods_of_the_handle() {
    let output = handlers(quote!(), &vault());
    check(output, &["impl VaultRef"], &expect_file!["../snapshots/handle_type.rs"]);
}

#[test]
fn messages_find_their_methods() {
    let output = handlers(quote!(), &vault());
    let heads = ["impl ::ghostlight::Actor"];
    check(output, &heads, &expect_file!["../snapshots/dispatch.rs"]);
}

#[test]
fn without_async_handlers_nothing_is_captured() {
    let output = handlers(quote!(), &cache());
    let heads = ["impl<K: Eq + Send + 'static, V> ::ghostlight::Actor"];
    check(output, &heads, &expect_file!["../snapshots/dispatch_sync.rs"]);
}

#[test]
fn deferred_calls_wrap_their_reply() {
    let output = handlers(quote!(), &vault());
    let heads = ["impl ::ghostlight::__private0::Deferred"];
    check(output, &heads, &expect_file!["../snapshots/deferred.rs"]);
}

#[test]
fn init_becomes_start() {
    let output = handlers(quote!(), &vault());
    let heads = ["impl ::ghostlight::Init", "    pub fn start"];
    check(output, &heads, &expect_file!["../snapshots/init.rs"]);
}

#[test]
fn types_are_checked_where_the_user_wrote_them() {
    let output = handlers(quote!(), &cache());
    let heads = ["const", "impl ::ghostlight::__private0::HasHandlers", "mod", "use"];
    check(output, &heads, &expect_file!["../snapshots/checks.rs"]);
}

#[test]
fn mistakes_are_reported_together_and_good_handlers_stay() {
    let block = quote! {
        impl Vault {
            #[call] fn borrowed(&self, key: &str) {}
            #[call] fn lent(&self) -> &[u8] { &self.bytes }
            #[cast] fn consumed(self) {}
            #[call] fn generic<T>(&self, t: T) {}
            #[call(tmeout = "1s")] fn misspelt(&self) {}
            #[info] fn two(&self, a: u8, b: u8) {}
            #[cast] fn answered(&self, reply: ReplyTo<u8>) {}
            #[call] #[cast] fn both(&self) {}
            #[call] pub fn good(&self) -> u8 { 1 }
        }
    };
    let output = handlers(quote!(), &block);
    assert_eq!(output.to_string().matches("compile_error").count(), 8);
    let heads = ["impl Vault", "pub enum", "impl VaultRef", "::core::compile_error"];
    check(output, &heads, &expect_file!["../snapshots/mistakes.rs"]);
}

#[test]
fn after_a_fatal_mistake_only_the_input_and_the_marker_are_left() {
    let output = handlers(
        quote!(),
        &quote!(
            impl<'a> Vault<'a> {
                #[call]
                fn get(&self) {}
            }
        ),
    );
    check(output, &[""], &expect_file!["../snapshots/fatal.rs"]);
}

#[test]
fn supervisors_get_a_handle_and_a_tree() {
    let block = quote! {
        impl Bank {
            /// Starts first, stops last.
            #[child]
            fn ledger(&self) -> ChildSpec<Ledger> {
                Ledger::child_spec(self.path.clone())
            }

            #[child]
            #[cfg(feature = "audit")]
            fn audit(&self, ledger: LedgerRef) -> ghostlight::ChildSpec<Audit<Self>> {
                Audit::child_spec(ledger)
            }

            #[child]
            pub fn vault(&self, ledger: LedgerRef, audit: AuditRef<Self>) -> ChildSpec<Vault> {
                Vault::child_spec(ledger, audit)
            }

            fn helper(&self) {}
        }
    };
    let options = quote!(strategy = rest_for_one, intensity = 5, period = "1m");
    let output = supervisor(options, &block);
    check(output, &[""], &expect_file!["../snapshots/supervisor.rs"]);
}

#[test]
fn supervisors_carry_type_parameters_over() {
    let block = quote! {
        impl<K: Eq, const N: usize> bank::Tree<K, N>
        where
            K: Send + Sync,
        {
            #[child(significant)]
            fn cache(&self) -> ChildSpec<Cache<K>> {
                Cache::child_spec()
            }
        }
    };
    let options = quote! {
        strategy = one_for_all,
        auto_shutdown = all_significant,
        backoff = "1s..1m",
        crate = bank::runtime,
    };
    let output = supervisor(options, &block);
    check(output, &[""], &expect_file!["../snapshots/supervisor_generic.rs"]);
}

#[test]
fn mistakes_of_a_supervisor_are_reported_together_and_good_children_stay() {
    let block = quote! {
        impl Bank {
            #[child] fn early(&self, late: LedgerRef) -> ChildSpec<Vault> {}
            #[child] fn other(&self, cfg: &Config) -> ChildSpec<Vault> {}
            #[child] fn unused(&self, _early: VaultRef) -> ChildSpec<Vault> {}
            #[child] fn itself(&self, itself: VaultRef) -> ChildSpec<Vault> {}
            #[child] fn started(&self) -> Result<VaultRef, StartError> {}
            #[child] fn nothing(&self) {}
            #[child] fn tree_in_tree(&self) -> ChildSpec<Self> {}
            #[child] fn mutable(&mut self) -> ChildSpec<Vault> {}
            #[child] fn consumed(self) -> ChildSpec<Vault> {}
            #[child] fn without_self() -> ChildSpec<Vault> {}
            #[child] async fn slow(&self) -> ChildSpec<Vault> {}
            #[child] fn generic<T>(&self) -> ChildSpec<Vault> {}
            #[child] fn lifetime<'a>(&'a self) -> ChildSpec<Vault> {}
            #[child] fn pattern(&self, (a, b): (LedgerRef, VaultRef)) -> ChildSpec<Vault> {}
            #[child] fn any(&self, early: impl Into<VaultRef>) -> ChildSpec<Vault> {}
            #[child] fn lent(&self, early: &VaultRef) -> ChildSpec<Vault> {}
            #[child(restart = transient)] fn with_option(&self) -> ChildSpec<Vault> {}
            #[cfg_attr(unix, child)] fn conditional(&self) -> ChildSpec<Vault> {}
            #[child] #[child] fn twice(&self) -> ChildSpec<Vault> {}
            #[call] fn call(&self) -> u8 { 1 }
            #[child] fn which_children(&self) -> ChildSpec<Vault> {}
            fn start(self) {}
            #[child] pub fn good(&self, early: VaultRef) -> ChildSpec<Vault> {}
            #[child] fn needs_left_out(&self, started: VaultRef, twice: VaultRef) -> ChildSpec<Vault> {}
            #[child] pub fn late(&self) -> ChildSpec<Ledger> {}
        }
    };
    let output = supervisor(quote!(strategy = one_for_al, intensity = 0, period = "9ms"), &block);
    // One for each method above `good`, and three for the options.
    assert_eq!(output.to_string().matches("compile_error").count(), 22 + 3);
    let heads = ["impl BankRef", "impl ::ghostlight::Supervise", "::core::compile_error"];
    check(output, &heads, &expect_file!["../snapshots/supervisor_mistakes.rs"]);
}

#[test]
fn a_child_for_two_configurations_is_one_dependency() {
    let block = quote! {
        impl Bank {
            #[cfg(disk)] #[child] fn ledger(&self) -> ChildSpec<Ledger> {}
            #[cfg(not(disk))] #[child] fn ledger(&self) -> ChildSpec<Memory> {}
            #[child] fn vault(&self, ledger: LedgerRef) -> ChildSpec<Vault> {}
        }
    };
    let output = supervisor(quote!(strategy = one_for_one), &block);
    let heads = ["impl ::ghostlight::Supervise"];
    check(output, &heads, &expect_file!["../snapshots/supervisor_cfg.rs"]);
}

#[test]
fn a_marker_of_the_other_block_is_reported_once() {
    let block = quote! {
        impl Vault {
            #[child] fn child(&self) -> ChildSpec<Ledger> {}
            #[call] fn good(&self) -> u8 { 1 }
            #[init] fn open() -> Self {}
            fn child_spec() {}
        }
    };
    let output = handlers(quote!(strategy = one_for_one), &block).to_string();
    assert_eq!(output.matches("compile_error").count(), 3);
    assert!(output.contains("`#[child]` belongs on a method of a `#[supervisor] impl` block"));
    assert!(output.contains("`strategy` is an option of `#[supervisor]`"));
    assert!(output.contains("`child_spec` is generated from `#[init]`"));
    assert!(output.contains("fn start"));
}

#[test]
fn a_supervisor_has_a_strategy_and_children() {
    let errors = |options, block| {
        let output = supervisor(options, &block).to_string();
        (output.matches("compile_error").count(), output)
    };
    let (count, output) =
        errors(quote!(), quote!(impl Bank { #[child] fn a(&self) -> ChildSpec<A> {} }));
    assert_eq!(count, 1);
    assert!(output.contains("a supervisor needs a strategy"));
    let (count, output) =
        errors(quote!(strategy = one_for_one), quote!(impl Bank { fn a(&self) {} }));
    assert_eq!(count, 1);
    assert!(output.contains("a supervisor without children"));
    let (count, _) = errors(quote!(stategy = one_for_one), quote!(impl Bank { fn a(&self) {} }));
    assert_eq!(count, 1);
}

#[test]
fn a_protocol_keeps_its_trait_and_has_a_handle() {
    let item = quote! {
        /// Keeps values.
        pub trait Store<K: Eq, V = u64>: Base + Log<K> + Debug {
            /// The value of `key`.
            #[call]
            fn get(&self, key: K) -> Option<V>;

            #[call(timeout = "1s", always)]
            async fn load(&mut self, path: String) -> Result<usize, Error> {
                Ok(path.len())
            }

            #[cast]
            fn put(&mut self, key: K, value: V) -> Result<(), Error>;
        }
    };
    let output = protocol(TokenStream::new(), &item);
    check(output, &[""], &expect_file!["../snapshots/protocol.rs"]);
}

#[test]
fn mistakes_of_a_protocol_are_reported_together_and_good_methods_stay() {
    let item = quote! {
        trait Store {
            type Key;
            const ROOM: usize;
            fn unmarked(&self) -> u8;
            #[info] fn told(&mut self, down: Down);
            #[call] #[cast] fn both(&mut self);
            #[call] fn borrows(&self, key: &str) -> u8;
            #[call] fn lends(&self) -> &str;
            #[call] fn generic<T>(&self, value: T);
            #[call] fn itself(&self) -> Option<Self>;
            #[call] fn deferred(&self, reply: ReplyTo<u8>);
            #[call] fn asks(&self, ctx: &mut Ctx<Self>) -> u8;
            #[cast] fn consumed(self);
            #[cast] fn without_self();
            #[cast(timeout = "1s")] fn late(&mut self);
            #[call] fn stop(&mut self);
            #[call] fn good(&self, n: u64) -> u64;
        }
    };
    let output = protocol(quote!(derive(Debug)), &item);
    // One for each item above `good`, and one for the option.
    assert_eq!(output.to_string().matches("compile_error").count(), 15 + 1);
    let heads = ["impl StoreRef", "::core::compile_error"];
    check(output, &heads, &expect_file!["../snapshots/protocol_mistakes.rs"]);
}

#[test]
fn durations_need_their_unit() {
    let duration = |text| options::milliseconds(text);
    assert_eq!(duration("0s"), Some(0)); // refused with a reason of its own
    assert_eq!(duration("5s"), Some(5_000));
    assert_eq!(duration("100ms"), Some(100));
    assert_eq!(duration("2m"), Some(120_000));
    assert_eq!(duration("1h"), Some(3_600_000));
    for wrong in ["", "5", "s", "-5s", "5 days", "1.5s", "99999999999999999999s"] {
        assert_eq!(duration(wrong), None, "{wrong}");
    }
}

#[test]
fn handlers_answer_with_a_stream() {
    let output = handlers(quote!(), &room());
    let heads = ["pub enum RoomReply", "impl<T: Send + 'static> ", "> for Room<T>"];
    check(output, &heads, &expect_file!["../snapshots/stream.rs"]);
}
