//! Cuts a `text/event-stream` into events. Fields other than `event` and `data` are left out, as are
//! comments, which only show that the connection lives.

/// The longest event, in bytes: the history of a run with many results has some megabytes.
pub const MAX_EVENT_BYTES: usize = 16 << 20;

/// Why a stream cannot be read any further.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Broken {
    /// An event is longer than `MAX_EVENT_BYTES`.
    TooLong,
    /// An event is no text, or not what its name says.
    NotUnderstood,
}

/// An event as it was sent.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Frame {
    pub name: String,
    pub data: String,
}

/// The part of a stream that was received and not yet returned.
#[derive(Debug, Default)]
pub(super) struct Frames {
    /// The line that has not ended yet.
    line: Vec<u8>,
    /// Whether the last byte was a carriage return, whose line feed belongs to the same line end.
    is_after_return: bool,
    is_begun: bool,
    name: String,
    /// The lines of data so far, each with a line feed.
    data: String,
}

impl Frames {
    /// Reads the next bytes and returns the events that end in them.
    pub fn read(&mut self, mut bytes: &[u8]) -> Result<Vec<Frame>, Broken> {
        let mut frames = Vec::new();
        loop {
            if std::mem::take(&mut self.is_after_return) && !bytes.is_empty() {
                bytes = bytes.strip_prefix(b"\n").unwrap_or(bytes);
            }
            let Some(end) = bytes.iter().position(|byte| matches!(byte, b'\n' | b'\r')) else {
                break;
            };
            self.add(&bytes[..end])?;
            let line = std::mem::take(&mut self.line);
            frames.extend(self.end_line(&line)?);
            self.is_after_return = bytes[end] == b'\r';
            bytes = &bytes[end + 1..];
            if bytes.is_empty() {
                return Ok(frames);
            }
        }
        self.add(bytes)?;
        Ok(frames)
    }

    fn add(&mut self, bytes: &[u8]) -> Result<(), Broken> {
        if self.line.len() + self.data.len() + self.name.len() + bytes.len() > MAX_EVENT_BYTES {
            return Err(Broken::TooLong);
        }
        self.line.extend_from_slice(bytes);
        Ok(())
    }

    fn end_line(&mut self, line: &[u8]) -> Result<Option<Frame>, Broken> {
        let line = std::str::from_utf8(line).map_err(|_| Broken::NotUnderstood)?;
        let is_first = !std::mem::replace(&mut self.is_begun, true);
        let line = if is_first { line.strip_prefix('\u{feff}').unwrap_or(line) } else { line };
        if line.is_empty() {
            let (name, mut data) = (std::mem::take(&mut self.name), std::mem::take(&mut self.data));
            // An event without data is none.
            return Ok(data.pop().map(|_| Frame { name, data }));
        }
        let (field, value) = line.split_once(':').unwrap_or((line, ""));
        let value = value.strip_prefix(' ').unwrap_or(value);
        match field {
            "event" => value.clone_into(&mut self.name),
            "data" => {
                self.data.push_str(value);
                self.data.push('\n');
            }
            _ => {}
        }
        Ok(None)
    }
}
