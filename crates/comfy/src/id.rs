//! The name of a run at the server. Invariant: an id made here is a canonical lowercase UUID v4,
//! the only shape that ComfyUI 0.33 accepts (it answers 400 `invalid_prompt_id` to any other).

use std::fmt;

use serde::{Deserialize, Serialize};

/// The id of a run at the server, of 1 to 128 bytes.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String")]
pub struct PromptId(String);

impl TryFrom<String> for PromptId {
    type Error = &'static str;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        Self::named(&text).ok_or("a prompt id has 1 to 128 bytes")
    }
}

impl PromptId {
    /// Returns an id made of random bytes: a UUID of version 4.
    pub fn from_random(mut bytes: [u8; 16]) -> Self {
        bytes[6] = bytes[6] & 0x0f | 0x40;
        bytes[8] = bytes[8] & 0x3f | 0x80;
        let mut text = String::with_capacity(36);
        for (at, byte) in bytes.into_iter().enumerate() {
            if matches!(at, 4 | 6 | 8 | 10) {
                text.push('-');
            }
            for digit in [byte >> 4, byte & 0x0f] {
                text.push(char::from_digit(digit.into(), 16).unwrap_or('0'));
            }
        }
        Self(text)
    }

    /// An id that a server or a stored record names. Servers before own ids answer with theirs,
    /// so any non-empty text of at most 128 bytes is taken.
    pub fn named(text: &str) -> Option<Self> {
        (!text.is_empty() && text.len() <= 128).then(|| Self(text.to_owned()))
    }

    /// Returns the id as it is sent.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// A number that differs from id to id, for jitter.
    pub fn spread(&self) -> u64 {
        self.0.bytes().fold(0xcbf2_9ce4_8422_2325, |hash, byte| {
            (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
        })
    }
}

impl fmt::Display for PromptId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(bytes: [u8; 16], expected: &str) {
        assert_eq!(PromptId::from_random(bytes).as_str(), expected);
    }

    #[test]
    fn an_own_id_is_a_version_4_uuid() {
        check([0; 16], "00000000-0000-4000-8000-000000000000");
        check([0xff; 16], "ffffffff-ffff-4fff-bfff-ffffffffffff");
        check(*b"0123456789abcdef", "30313233-3435-4637-b839-616263646566");
    }

    #[test]
    fn ids_of_servers_are_taken_within_bounds() {
        assert_eq!(PromptId::named(""), None);
        assert_eq!(PromptId::named(&"x".repeat(129)), None);
        assert_eq!(PromptId::named("any").map(|id| id.to_string()), Some("any".into()));
    }

    #[test]
    fn neighbouring_ids_spread() {
        let spread = |last| {
            let mut bytes = [0; 16];
            bytes[15] = last;
            PromptId::from_random(bytes).spread()
        };
        assert_ne!(spread(1) % 1_000, spread(2) % 1_000);
    }
}
