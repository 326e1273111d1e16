//! Which partition a key belongs to.

use std::hash::{DefaultHasher, Hash, Hasher};

/// One of so many partitions; `None` where there are none.
///
/// A key that is one integer is its own hash, so that who numbers things knows where they are: as in Elixir. All others are hashed, with
/// the standard library's hasher, whose keys are the same in every program.
pub(super) fn part_of<K: Hash + ?Sized>(key: &K, partitions: usize) -> Option<usize> {
    let mut routing = Routing { integer: None, writes: 0, hash: DefaultHasher::new() };
    key.hash(&mut routing);
    let hash = routing.integer.unwrap_or_else(|| u128::from(routing.hash.finish()));
    let partitions = u128::try_from(partitions).ok()?;
    usize::try_from(hash.checked_rem(partitions)?).ok()
}

struct Routing {
    /// The key, if it is one integer, without its sign.
    integer: Option<u128>,
    writes: usize,
    hash: DefaultHasher,
}

impl Routing {
    fn integer(&mut self, integer: u128) {
        self.integer = (self.writes == 0).then_some(integer);
        self.writes += 1;
        self.hash.write_u128(integer);
    }
}

impl Hasher for Routing {
    fn finish(&self) -> u64 {
        self.hash.finish()
    }

    fn write(&mut self, bytes: &[u8]) {
        self.integer = None;
        self.writes += 1;
        self.hash.write(bytes);
    }

    fn write_u8(&mut self, n: u8) {
        self.integer(n.into());
    }

    fn write_u16(&mut self, n: u16) {
        self.integer(n.into());
    }

    fn write_u32(&mut self, n: u32) {
        self.integer(n.into());
    }

    fn write_u64(&mut self, n: u64) {
        self.integer(n.into());
    }

    fn write_u128(&mut self, n: u128) {
        self.integer(n);
    }

    fn write_usize(&mut self, n: usize) {
        self.integer(n as u128);
    }

    fn write_i8(&mut self, n: i8) {
        self.integer(n.unsigned_abs().into());
    }

    fn write_i16(&mut self, n: i16) {
        self.integer(n.unsigned_abs().into());
    }

    fn write_i32(&mut self, n: i32) {
        self.integer(n.unsigned_abs().into());
    }

    fn write_i64(&mut self, n: i64) {
        self.integer(n.unsigned_abs().into());
    }

    fn write_i128(&mut self, n: i128) {
        self.integer(n.unsigned_abs());
    }

    fn write_isize(&mut self, n: isize) {
        self.integer(n.unsigned_abs() as u128);
    }
}

#[cfg(test)]
mod tests {
    use super::part_of;

    #[test]
    fn an_integer_is_its_own_hash_without_its_sign() {
        assert_eq!([0_u8, 3, 4, 255].map(|n| part_of(&n, 4)), [0, 3, 0, 3].map(Some));
        assert_eq!([-1_i32, -5, 7, i32::MIN].map(|n| part_of(&n, 4)), [1, 1, 3, 0].map(Some));
        assert_eq!([i64::MIN, i64::MAX].map(|n| part_of(&n, 10)), [8, 7].map(Some));
        assert_eq!(part_of(&u128::MAX, 10), Some(5));
        assert_eq!(part_of(&i128::MIN, 10), Some(8));
        assert_eq!([5_usize, 6].map(|n| part_of(&n, 3)), [2, 0].map(Some));
        assert_eq!([-5_isize, 6].map(|n| part_of(&n, 3)), [2, 0].map(Some));
        assert_eq!(part_of(&&7_u16, 4), Some(3), "a reference is what it refers to");
    }

    #[test]
    fn other_keys_are_spread_over_all_partitions() {
        let spread = |part: &dyn Fn(u32) -> Option<usize>| {
            let mut found = [0; 8];
            (0..800).for_each(|n| found[part(n).unwrap()] += 1);
            found.iter().all(|&found| found > 50)
        };
        assert!(spread(&|n| part_of(&format!("user {n}"), 8)));
        assert!(spread(&|n| part_of(format!("user {n}").as_bytes(), 8)));
        assert!(spread(&|n| part_of(&(n, n), 8)));
        assert!(spread(&|n| part_of(&Some(n), 8)));
        assert_eq!(part_of("ghost", 8), part_of(&"ghost".to_owned(), 8));
    }

    #[test]
    fn without_partitions_no_key_belongs_anywhere() {
        assert_eq!(part_of(&5, 0), None);
        assert_eq!(part_of("ghost", 0), None);
        assert_eq!(part_of(&(), 1), Some(0));
    }
}
