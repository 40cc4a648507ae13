//! How long a GPU was awake because of this page, by day: waking, running, idling after the last
//! request. Invariant: a moment is counted once, under what was going on then, and nothing is
//! counted that was not seen or is not sure to follow.

use serde_json::{Map, Value};

use crate::json;
use crate::time::At;

/// As many days as are kept: this month and the last.
const DAYS: usize = 62;
const VERSION: u64 = 1;

/// What the GPU does on account of this page.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Doing {
    /// Nothing that this page knows of.
    #[default]
    Nothing,
    /// A pod is being started for a request of this page.
    Waking,
    /// It works on a run of this page.
    Running,
    /// It answered, and stays for a while in case that there is more.
    Idling { until: At },
}

/// In ms.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Used {
    pub waking_ms: u64,
    pub running_ms: u64,
    pub idling_ms: u64,
}

impl Used {
    pub fn total_ms(self) -> u64 {
        self.waking_ms + self.running_ms + self.idling_ms
    }

    fn add(&mut self, other: Self) {
        self.waking_ms += other.waking_ms;
        self.running_ms += other.running_ms;
        self.idling_ms += other.idling_ms;
    }
}

/// Watches what is going on, and says what has been used since it was last told.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Watch {
    doing: Doing,
    since: At,
}

impl Watch {
    pub fn new(now: At) -> Self {
        Self { doing: Doing::Nothing, since: now }
    }

    /// `doing`: what is going on from now on.
    pub fn turn(&mut self, doing: Doing, now: At) -> Used {
        let mut used = Used::default();
        let ms = now.since(self.since);
        match self.doing {
            Doing::Nothing => {}
            Doing::Waking => used.waking_ms = ms,
            Doing::Running => used.running_ms = ms,
            Doing::Idling { until } => used.idling_ms = ms.min(until.since(self.since)),
        }
        *self = Self { doing, since: now.max(self.since) };
        used
    }

    /// What will have been used when the page goes now: what idles, idles to its end.
    pub fn left(&self) -> Used {
        match self.doing {
            Doing::Nothing | Doing::Waking | Doing::Running => Used::default(),
            Doing::Idling { until } => {
                Used { idling_ms: until.since(self.since), ..Used::default() }
            }
        }
    }
}

/// A day of the calendar on the wall here, as `2026-11-22`.
pub type Day<'a> = &'a str;

/// What was used, by day; the newest last.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Days(Vec<(String, Used)>);

impl Days {
    pub fn add(&mut self, day: Day, used: Used) {
        let at = self.0.iter().position(|(known, _)| known.as_str() >= day);
        match at {
            Some(at) if self.0[at].0 == day => self.0[at].1.add(used),
            Some(at) => self.0.insert(at, (day.to_owned(), used)),
            None => self.0.push((day.to_owned(), used)),
        }
        if self.0.len() > DAYS {
            self.0.remove(0);
        }
    }

    pub fn on(&self, day: Day) -> Used {
        self.sum(|known| known == day)
    }

    /// In the month of this day.
    pub fn in_month_of(&self, day: Day) -> Used {
        let month = day.get(..7).unwrap_or(day);
        self.sum(|known| known.starts_with(month))
    }

    fn sum(&self, counts: impl Fn(&str) -> bool) -> Used {
        let mut sum = Used::default();
        self.0.iter().filter(|(day, _)| counts(day)).for_each(|(_, used)| sum.add(*used));
        sum
    }

    pub fn to_value(&self) -> Value {
        let mut days = Map::new();
        for (day, used) in &self.0 {
            let parts = [used.waking_ms, used.running_ms, used.idling_ms];
            days.insert(day.clone(), parts.map(Value::from).to_vec().into());
        }
        json::object(vec![("v", VERSION.into()), ("days", Value::Object(days))])
    }

    /// Nothing comes of another version; a day that is not understood is left out.
    pub fn from_value(value: &Value) -> Option<Self> {
        if value.get("v")?.as_u64()? != VERSION {
            return None;
        }
        let mut days = Self::default();
        for (day, parts) in value.get("days")?.as_object()? {
            let part = |at: usize| parts.get(at)?.as_u64();
            if let (Some(waking_ms), Some(running_ms), Some(idling_ms)) =
                (part(0), part(1), part(2))
            {
                days.add(day, Used { waking_ms, running_ms, idling_ms });
            }
        }
        Some(days)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    /// Waking, running, idling in ms after the steps: at which ms it begins to do what.
    #[track_caller]
    fn check(steps: &[(u64, Doing)], expected: [u64; 3]) {
        let mut watch = Watch::new(At(0));
        let mut sum = Used::default();
        for (now, doing) in steps {
            sum.add(watch.turn(*doing, At(*now)));
        }
        assert_eq!([sum.waking_ms, sum.running_ms, sum.idling_ms], expected, "{steps:?}");
    }

    #[test]
    fn each_moment_is_counted_once() {
        use Doing::{Nothing, Running, Waking};
        let idling = |until| Doing::Idling { until: At(until) };
        check(&[(10, Nothing), (99, Nothing)], [0, 0, 0]);
        check(&[(10, Waking), (70, Running), (75, idling(105)), (500, Nothing)], [60, 5, 30]);
        // Another run begins before it would have slept.
        check(&[(10, Running), (20, idling(50)), (40, Running), (60, Nothing)], [0, 30, 20]);
        // It answered once more: the idling that was foreseen is not counted twice.
        check(&[(10, idling(40)), (20, idling(50)), (90, Nothing)], [0, 0, 40]);
        // A clock that was set back takes nothing away.
        check(&[(10, Running), (5, Running), (20, Nothing)], [0, 10, 0]);
    }

    #[test]
    fn what_idles_idles_to_its_end_when_the_page_goes() {
        let mut watch = Watch::new(At(0));
        watch.turn(Doing::Idling { until: At(30) }, At(10));
        assert_eq!(watch.left().idling_ms, 20);
        watch.turn(Doing::Running, At(15));
        assert_eq!(watch.left(), Used::default());
    }

    fn used(ms: u64) -> Used {
        Used { waking_ms: ms, running_ms: 2 * ms, idling_ms: 3 * ms }
    }

    #[test]
    fn days_and_months_are_summed() {
        let mut days = Days::default();
        for day in ["2026-11-22", "2026-10-31", "2026-11-01", "2026-11-22"] {
            days.add(day, used(10));
        }
        assert_eq!(days.on("2026-11-22").total_ms(), 120);
        assert_eq!(days.on("2026-11-21").total_ms(), 0);
        assert_eq!(days.in_month_of("2026-11-05").total_ms(), 180);
        assert_eq!(Days::from_value(&days.to_value()), Some(days));
    }

    #[test]
    fn old_days_go_and_odd_ones_are_left_out() {
        let mut days = Days::default();
        for day in 0..100 {
            days.add(&format!("{:04}-{:02}-01", 2020 + day / 12, day % 12 + 1), used(1));
        }
        assert_eq!(days.0.len(), DAYS);
        assert_eq!(days.0.last().map(|(day, _)| day.as_str()), Some("2028-04-01"));
        let odd = json!({"v": 1, "days": {"2026-11-22": [1, 2, 3], "x": [1], "y": 7}});
        assert_eq!(Days::from_value(&odd).map(|days| days.0.len()), Some(1));
        assert_eq!(Days::from_value(&json!({"v": 2, "days": {}})), None);
        assert_eq!(Days::from_value(&json!(null)), None);
    }
}
