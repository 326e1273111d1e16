use ghostlight::prelude::*;

#[actor]
struct Room;

#[handlers]
impl Room {
    #[call]
    fn watch(&mut self, out: StreamTo<u32>) -> Result<(), String> {
        out.try_send(1).map_err(|error| error.to_string())
    }
}

fn main() {}
