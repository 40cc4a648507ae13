//! Which inputs are seeds: a form draws them anew for each run, and a result says which one ran.

/// Whether an input of this name is a seed. `has_control`: its class lets the editor change it after
/// each run, which sizes may have as well.
pub fn is_seed(name: &str, has_control: bool) -> bool {
    // The own name of an input that came with a choice: `seed` of `model.seed`.
    let name = name.rsplit_once('.').map_or(name, |(_, own)| own);
    name == "seed" || name.ends_with("_seed") || has_control && name.contains("seed")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn seeds_are_known_by_name_and_by_what_the_editor_does_with_them() {
        for name in ["seed", "noise_seed", "x_seed", "model.seed"] {
            assert!(is_seed(name, false), "{name}");
        }
        for name in ["seeds", "seed_mode", "width"] {
            assert!(!is_seed(name, false), "{name}");
        }
        assert!(is_seed("seedling", true) && !is_seed("width", true));
    }
}
