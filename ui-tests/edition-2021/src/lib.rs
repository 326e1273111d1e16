//! The legal forms once more, in the edition of 2021.

#[cfg(test)]
mod tests {
    use std::{fs, path::Path};

    #[test]
    fn every_legal_form_is_an_example_of_this_package() {
        let place = Path::new(env!("CARGO_MANIFEST_DIR"));
        let manifest = fs::read_to_string(place.join("Cargo.toml")).expect("there is a manifest");
        for area in fs::read_dir(place.join("../pass")).expect("there are legal forms") {
            let area = area.expect("it can be read").path();
            for file in fs::read_dir(&area).expect("an area is a folder") {
                let file = file.expect("it can be read").path();
                let area = area.file_name().and_then(|name| name.to_str()).expect("a plain name");
                let name = file.file_name().and_then(|name| name.to_str()).expect("a plain name");
                let path = format!("\"../pass/{area}/{name}\"");
                assert!(manifest.contains(&path), "{path} is not listed in the manifest");
            }
        }
    }
}
