//! Many actors are ended together.

use super::Measured;
use crate::contender::Contender;

/// How many times as long as their start their end takes.
pub(super) async fn time<C: Contender>(actors: u64) -> Option<Measured> {
    let (spawned, ended) = C::shut_down(actors).await?;
    let figure = ended.as_secs_f64() / spawned.as_secs_f64();
    Some(Measured { figure, seen: actors, expected: actors })
}
