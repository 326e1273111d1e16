//! The smallest actor: a number that many can add to.

use ghostlight::prelude::*;

/// Counts.
#[actor]
struct Counter(u64);

#[handlers]
impl Counter {
    /// Adds `n`, and says what that makes.
    #[call]
    fn add(&mut self, n: u64) -> u64 {
        self.0 += n;
        self.0
    }

    /// Starts again from nothing.
    #[cast]
    fn reset(&mut self) {
        self.0 = 0;
    }
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let counter = ghostlight::spawn(Counter(5))?;
    println!("5 + 2 = {}", counter.add(2).await?);
    counter.reset().await?;
    println!("0 + 3 = {}", counter.add(3).await?);
    Ok(())
}
