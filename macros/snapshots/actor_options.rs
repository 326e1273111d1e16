#[diagnostic::do_not_recommend]
#[automatically_derived]
impl bank::runtime::State for Door {
    type Ref = DoorRef;
    const OPTIONS: bank::runtime::Options = bank::runtime::Options::new()
        .mailbox(64usize)
        .restart(bank::runtime::Restart::Transient)
        .shutdown(
            bank::runtime::Shutdown::After(
                ::core::time::Duration::from_millis(120000u64),
            ),
        )
        .on_restart(bank::runtime::OnRestart::Drop)
        .inline(bank::runtime::Inline::Never)
        .blocking();
}
