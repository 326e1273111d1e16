impl Vault {
    #[allow(
        clippy::must_use_candidate,
        clippy::needless_pass_by_value,
        clippy::unused_self
    )]
    /// Opens the vault.
    pub fn open(ledger: LedgerRef, ctx: &mut Ctx<Self>) -> Result<Self, Closed> {
        ctx.monitor(&ledger);
        Ok(Vault { ledger })
    }
    #[allow(
        clippy::must_use_candidate,
        clippy::needless_pass_by_value,
        clippy::unused_self
    )]
    /// The balance of `owner`.
    pub fn balance(&self, owner: String) -> Option<u64> {
        self.balances.get(&owner).copied()
    }
    #[allow(
        clippy::must_use_candidate,
        clippy::needless_pass_by_value,
        clippy::unused_self
    )]
    pub async fn audit(&mut self) -> Audit {
        self.ledger.audit().await
    }
    #[allow(
        clippy::must_use_candidate,
        clippy::needless_pass_by_value,
        clippy::unused_self
    )]
    #[cfg(feature = "statements")]
    fn statement(&self, _: u8, reply: ReplyTo<Vec<Self>>, ctx: &Ctx<Self>) {
        reply.send(Vec::new());
    }
    #[allow(
        clippy::must_use_candidate,
        clippy::needless_pass_by_value,
        clippy::unused_self
    )]
    pub fn deposit(&mut self, owner: String, amount: u64) {
        self.balances.insert(owner, amount);
    }
    #[allow(
        clippy::must_use_candidate,
        clippy::needless_pass_by_value,
        clippy::unused_self
    )]
    pub async fn save(&mut self) -> io::Result<()> {
        self.ledger.save().await
    }
    #[allow(
        clippy::must_use_candidate,
        clippy::needless_pass_by_value,
        clippy::unused_self
    )]
    fn interest(&mut self) {}
    #[allow(
        clippy::must_use_candidate,
        clippy::needless_pass_by_value,
        clippy::unused_self
    )]
    fn ledger_down(&mut self, down: Down) {}
    #[allow(
        clippy::must_use_candidate,
        clippy::needless_pass_by_value,
        clippy::unused_self
    )]
    fn load(&mut self, path: PathBuf) -> Result<(), Closed> {
        Ok(())
    }
    #[allow(
        clippy::must_use_candidate,
        clippy::needless_pass_by_value,
        clippy::unused_self
    )]
    async fn close(&mut self, reason: &ExitReason) {}
    fn helper(&self) {}
}
