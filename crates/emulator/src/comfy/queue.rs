//! ComfyUI's queue and history.
//!
//! Invariant: pending runs lie in Python's binary heap, in the order `heapq` leaves them in, because
//! `/queue` shows them so.

use std::sync::Arc;

use crate::json::Json;

/// A run that waits or runs.
#[derive(Clone, Debug)]
pub struct Item {
    /// As it is printed.
    pub number: Json,
    pub id: String,
    pub graph: Arc<Json>,
    pub graph_text: Arc<str>,
    pub extra: Arc<Json>,
    pub outputs: Vec<String>,
    /// Where it stands among the executions.
    pub execution: usize,
}

impl Item {
    /// `[number, id, graph, extra_data, outputs]`.
    pub fn to_json(&self) -> Json {
        Json::List(vec![
            self.number.clone(),
            self.id.as_str().into(),
            Json::Raw(self.graph_text.clone()),
            (*self.extra).clone(),
            crate::json::strings(self.outputs.iter().map(String::as_str)),
        ])
    }

    fn before(&self, other: &Self) -> bool {
        let (a, b) = (self.number.as_f64().unwrap_or(0.0), other.number.as_f64().unwrap_or(0.0));
        a < b || (a == b && self.id < other.id)
    }
}

/// The pending runs.
#[derive(Debug, Default)]
pub struct Queue {
    heap: Vec<Item>,
}

impl Queue {
    /// How many wait.
    pub fn len(&self) -> usize {
        self.heap.len()
    }

    /// Whether nothing waits.
    pub fn is_empty(&self) -> bool {
        self.heap.is_empty()
    }

    /// As `/queue` lists them.
    pub fn items(&self) -> &[Item] {
        &self.heap
    }

    /// How many waiting runs come before the first with this id; `None` when it does not wait.
    pub fn ahead_of(&self, id: &str) -> Option<usize> {
        let me = self
            .heap
            .iter()
            .filter(|item| item.id == id)
            .reduce(|a, b| if b.before(a) { b } else { a })?;
        Some(self.heap.iter().filter(|item| item.before(me)).count())
    }

    /// `heapq.heappush`.
    pub fn push(&mut self, item: Item) {
        self.heap.push(item);
        self.sift_down(0, self.heap.len() - 1);
    }

    /// `heapq.heappop`.
    pub fn pop(&mut self) -> Option<Item> {
        let last = self.heap.pop()?;
        if self.heap.is_empty() {
            return Some(last);
        }
        let first = std::mem::replace(&mut self.heap[0], last);
        self.sift_up(0);
        Some(first)
    }

    /// Takes out the first with this id, as `/queue {"delete":[id]}` does.
    pub fn remove(&mut self, id: &str) -> Option<Item> {
        let place = self.heap.iter().position(|item| item.id == id)?;
        let item = self.heap.remove(place);
        for i in (0..self.heap.len() / 2).rev() {
            self.sift_up(i);
        }
        Some(item)
    }

    /// Takes out everything.
    pub fn clear(&mut self) -> Vec<Item> {
        std::mem::take(&mut self.heap)
    }

    fn sift_down(&mut self, start: usize, mut at: usize) {
        while at > start {
            let parent = (at - 1) / 2;
            if !self.heap[at].before(&self.heap[parent]) {
                break;
            }
            self.heap.swap(at, parent);
            at = parent;
        }
    }

    fn sift_up(&mut self, start: usize) {
        let (end, mut at) = (self.heap.len(), start);
        let mut child = 2 * at + 1;
        while child < end {
            let right = child + 1;
            if right < end && !self.heap[child].before(&self.heap[right]) {
                child = right;
            }
            self.heap.swap(at, child);
            at = child;
            child = 2 * at + 1;
        }
        self.sift_down(start, at);
    }
}

/// Ended runs, oldest first; a second run under the same id takes the first one's place.
#[derive(Debug, Default)]
pub struct History {
    entries: Vec<(String, Arc<str>)>,
}

impl History {
    /// Puts in an ended run; `entry` is its JSON.
    pub fn insert(&mut self, id: String, entry: Arc<str>) {
        match self.entries.iter_mut().find(|(known, _)| *known == id) {
            Some((_, old)) => *old = entry,
            None => self.entries.push((id, entry)),
        }
    }

    /// Whether a run with this id has ended.
    pub fn contains(&self, id: &str) -> bool {
        self.entries.iter().any(|(known, _)| known == id)
    }

    /// The body of `/history/{id}`.
    pub fn one(&self, id: &str) -> String {
        Self::body(self.entries.iter().filter(|(known, _)| known == id))
    }

    /// The body of `/history`.
    pub fn list(&self, max_items: Option<i64>, offset: i64) -> String {
        let offset = match max_items {
            Some(max) if offset < 0 => self.entries.len() as i64 - max,
            _ => offset,
        };
        let most = max_items.map_or(usize::MAX, |max| usize::try_from(max).unwrap_or(0).max(1));
        let wanted = self.entries.iter().enumerate().filter(|(i, _)| *i as i64 >= offset);
        Self::body(wanted.map(|(_, entry)| entry).take(most))
    }

    fn body<'a>(entries: impl Iterator<Item = &'a (String, Arc<str>)>) -> String {
        Json::Map(entries.map(|(id, entry)| (id.clone(), Json::Raw(entry.clone()))).collect())
            .python()
    }

    /// Forgets a run.
    pub fn remove(&mut self, id: &str) {
        self.entries.retain(|(known, _)| known != id);
    }

    /// Forgets everything.
    pub fn clear(&mut self) {
        self.entries.clear();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn item(number: i128) -> Item {
        Item {
            number: Json::Int(number),
            id: format!("id{number}"),
            graph: Arc::new(Json::Null),
            graph_text: "{}".into(),
            extra: Arc::new(Json::Null),
            outputs: Vec::new(),
            execution: 0,
        }
    }

    #[track_caller]
    fn shown(queue: &Queue, expected: &[i128]) {
        let numbers: Vec<Json> = queue.items().iter().map(|i| i.number.clone()).collect();
        assert_eq!(numbers, expected.iter().map(|n| Json::Int(*n)).collect::<Vec<_>>());
    }

    #[test]
    fn the_recorded_heap_comes_out() {
        let mut queue = Queue::default();
        for number in [57, 58, 59, -60] {
            queue.push(item(number));
        }
        shown(&queue, &[-60, 57, 59, 58]);
        assert_eq!(queue.ahead_of("id58"), Some(2));
        assert_eq!(queue.ahead_of("id1"), None);
        assert!(queue.remove("id57").is_some());
        assert_eq!(
            std::iter::from_fn(|| queue.pop()).map(|i| i.id).collect::<Vec<_>>(),
            ["id-60", "id58", "id59"]
        );
    }

    #[track_caller]
    fn listed(max_items: Option<i64>, offset: i64, expected: &str) {
        let mut history = History::default();
        for id in ["a", "b", "c", "b"] {
            history.insert(id.to_owned(), format!("{}", history.entries.len()).into());
        }
        assert_eq!(history.list(max_items, offset), expected);
    }

    #[test]
    fn the_history_is_cut_as_python_cuts_it() {
        listed(None, -1, r#"{"a": 0, "b": 3, "c": 2}"#);
        listed(Some(2), -1, r#"{"b": 3, "c": 2}"#);
        listed(Some(2), 0, r#"{"a": 0, "b": 3}"#);
        listed(Some(1), 2, r#"{"c": 2}"#);
        listed(Some(0), -1, "{}");
        listed(Some(-1), -1, "{}");
    }
}
