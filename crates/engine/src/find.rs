//! Looking for a short text inside another. Invariant: as `str::split_once` and `str::contains`,
//! whose searchers are made for long texts and cost the page 5 kB.

/// What stands before and behind the first `mark`.
pub fn split_once<'a>(text: &'a str, mark: &str) -> Option<(&'a str, &'a str)> {
    let mut places = text.char_indices();
    places.find_map(|(at, _)| Some((text.get(..at)?, text.get(at..)?.strip_prefix(mark)?)))
}

/// Whether an ASCII character occurs.
pub fn has(text: &str, ascii: u8) -> bool {
    text.bytes().any(|byte| byte == ascii)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, mark: &str) {
        assert_eq!(split_once(text, mark), text.split_once(mark), "{text:?} {mark:?}");
    }

    #[test]
    fn it_splits_as_the_standard_library_does() {
        check("https://host", "://");
        check("a:b://c://d", "://");
        check("猫://犬", "://");
        check("cuda:0 H800 : cudaMallocAsync", " : ");
        check("noise_seed", "seed");
        check(":/", "://");
        check("", "://");
    }
}
