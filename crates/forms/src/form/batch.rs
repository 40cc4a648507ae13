//! Many runs of one form at once: a list of prompts, each so many times.
//! Invariant: every run is checked before there is any; a problem knows the line it is in.

use super::{Draft, Drafts, Field, Form, Ready, Widget};
use pilotlight_comfy::problem::Problem;
use pilotlight_comfy::secret;

/// So many runs are started at once at most: some hours of a GPU.
pub const BATCH_MAX: usize = 200;

/// One line of a list.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Prompt<'a> {
    /// Counted from 1, blank ones too.
    pub line: usize,
    /// The line without the blanks around it.
    pub text: &'a str,
    /// How many earlier lines say the same.
    pub repeats: u32,
}

/// What keeps a list from being run.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LineProblem {
    /// `None` when it is in a field that all lines share.
    pub line: Option<usize>,
    /// What is wrong.
    pub problem: Problem,
}

/// One prompt a line, without the blanks around it; blank lines are none.
pub fn prompts(list: &str) -> Vec<Prompt<'_>> {
    let mut prompts: Vec<Prompt> = Vec::new();
    for (at, text) in list.lines().enumerate() {
        let text = text.trim();
        if text.is_empty() {
            continue;
        }
        let former = prompts.iter().rev().find(|one| one.text == text);
        let repeats = former.map_or(0, |one| one.repeats + 1);
        prompts.push(Prompt { line: at + 1, text, repeats });
    }
    prompts
}

impl Form {
    /// The long text in front: the prompt or the question. Never a secret: results, notifications
    /// and lists show its words.
    pub fn front_text(&self) -> Option<&Field> {
        let is_it = |field: &&Field| field.widget == Widget::LongText && !field.advanced;
        self.fields.iter().filter(is_it).find(|field| !secret::is_named(&field.key.input))
    }

    /// What each prompt comes to, so many times, in their order; `drafts` are the other fields.
    /// `draw` gives seeds where none is typed. A typed one goes up with each time, and on where a
    /// prompt is there twice, so that no two runs are equal; else it is the same for all prompts,
    /// which can then be compared.
    ///
    /// # Errors
    /// Every problem, with the line of the list that it is in.
    pub fn batch(
        &self,
        drafts: &Drafts,
        prompts: &[Prompt],
        times: u32,
        draw: &mut dyn FnMut() -> u64,
    ) -> Result<Vec<(Drafts, Ready)>, Vec<LineProblem>> {
        let Some(front) = self.front_text() else { return Ok(Vec::new()) };
        let (mut ready, mut problems): (_, Vec<LineProblem>) = (Vec::new(), Vec::new());
        let mut drafts = drafts.clone();
        for prompt in prompts {
            drafts.set(front.key.clone(), Draft::Text(prompt.text.to_owned()));
            for time in 0..times {
                let drafts = self.drafts_for_run(&drafts, prompt.repeats * times + time);
                match self.check(&drafts, draw()) {
                    Ok(one) => ready.push((drafts, one)),
                    Err(found) => {
                        for problem in found {
                            let is_here = problem.place.as_ref() == Some(&front.key);
                            let line = is_here.then_some(prompt.line);
                            let problem = LineProblem { line, problem };
                            if !problems.contains(&problem) {
                                problems.push(problem);
                            }
                        }
                        break;
                    }
                }
            }
        }
        if problems.is_empty() { Ok(ready) } else { Err(problems) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::form::{MAX_TEXT_BYTES, Package};
    use pilotlight_comfy::language::Language;
    use pilotlight_comfy::problem::Trouble;
    use pilotlight_comfy::workflow::FieldKey;

    #[track_caller]
    fn check_lines(list: &str, expected: &[(usize, &str, u32)]) {
        let found: Vec<_> =
            prompts(list).iter().map(|one| (one.line, one.text, one.repeats)).collect();
        assert_eq!(found, expected, "{list:?}");
    }

    #[test]
    fn a_line_is_a_prompt() {
        check_lines("", &[]);
        check_lines(" \n\t\n", &[]);
        check_lines("a tiger", &[(1, "a tiger", 0)]);
        check_lines("  a tiger \r\n\r\n一只狐狸\n", &[(1, "a tiger", 0), (3, "一只狐狸", 0)]);
        check_lines("a\nb\n a\na", &[(1, "a", 0), (2, "b", 0), (3, "a", 1), (4, "a", 2)]);
    }

    fn form() -> Form {
        let text = include_str!("../../../../public/workflows/janus-text-to-image.json");
        Package::parse(text).expect("it comes with the page").form()
    }

    /// `seed` as typed; expected are the prompts with the seeds that they get, drawn from 100.
    #[track_caller]
    fn check_batch(list: &str, times: u32, seed: &str, expected: &[(&str, u64)]) {
        let form = form();
        let mut drafts = form.drafts(Language::English);
        drafts.set(FieldKey::new("2", "seed"), Draft::Text(seed.into()));
        let mut drawn = 99;
        let mut draw = || {
            drawn += 1;
            drawn
        };
        let made = form.batch(&drafts, &prompts(list), times, &mut draw).expect("no problem");
        let made: Vec<(&str, u64)> =
            made.iter().map(|(_, one)| (one.title.as_str(), one.seed.unwrap_or(0))).collect();
        assert_eq!(made, expected, "{list:?}");
    }

    #[test]
    fn each_prompt_runs_so_many_times_with_other_seeds() {
        check_batch("", 3, "", &[]);
        check_batch("a\nb", 2, "", &[("a", 100), ("a", 101), ("b", 102), ("b", 103)]);
        check_batch("a\nb", 2, "7", &[("a", 7), ("a", 8), ("b", 7), ("b", 8)]);
        check_batch(
            "a\nb\na",
            2,
            "7",
            &[("a", 7), ("a", 8), ("b", 7), ("b", 8), ("a", 9), ("a", 10)],
        );
    }

    #[test]
    fn a_problem_knows_its_line_and_nothing_comes_of_the_others() {
        let form = form();
        let mut drafts = form.drafts(Language::English);
        let long = "x".repeat(MAX_TEXT_BYTES + 1);
        let list = ["a", "b", &long, "d", &long].join("\n");
        let lines = |drafts: &Drafts| {
            let found = form.batch(drafts, &prompts(&list), 2, &mut || 1).expect_err("too long");
            found.into_iter().map(|one| (one.line, one.problem.trouble)).collect::<Vec<_>>()
        };
        let too_long = Trouble::TooLong { limit_bytes: MAX_TEXT_BYTES };
        assert_eq!(lines(&drafts), [(Some(3), too_long.clone()), (Some(5), too_long)]);
        drafts.set(FieldKey::new("2", "temperature"), Draft::Text("warm".into()));
        let both = lines(&drafts);
        assert_eq!(both.len(), 3, "{both:?}");
        assert_eq!(both[0], (None, Trouble::NotANumber), "{both:?}");
    }

    #[test]
    fn the_text_in_front_is_the_prompt() {
        assert_eq!(form().front_text().map(|field| field.key.to_string()), Some("2.prompt".into()));
        // A key in a field of several lines is no title of anything.
        let file = serde_json::json!({
            "pilotlight": 1, "id": "a", "title": "A",
            "prompt": {"1": {"class_type": "A", "inputs": {"api_key": "sk-1", "prompt": "a fox"}}},
            "form": [{"node": "1", "input": "api_key", "label": "K"},
                {"node": "1", "input": "prompt", "label": "P"}],
            "classes": {"A": {"input": {"required": {
                "api_key": ["STRING", {"multiline": true}],
                "prompt": ["STRING", {"multiline": true}]}}}},
        });
        let form = Package::from_value(&file).expect("a package").form();
        assert_eq!(form.front_text().map(|field| field.key.input.as_str()), Some("prompt"));
        let ready = form.check(&form.drafts(Language::English), 1).expect("it runs");
        assert_eq!(ready.title, "a fox");
    }
}
