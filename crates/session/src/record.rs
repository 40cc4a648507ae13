//! The stored form of a run, from which it is resumed after a reload. Invariant: what the runs of a
//! batch have in common, their base, is stored once, after the records that refer to it, so a base
//! without a record is unused.

use std::collections::{BTreeMap, BTreeSet};

use pilotlight_comfy::id::PromptId;
use pilotlight_comfy::json;
use pilotlight_comfy::workflow::Workflow;
use pilotlight_forms::form::{Attachment, Draft, Drafts, FieldKey, PictureRef, Ready};
use pilotlight_runs::record::Stored;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::context::Storage;
use crate::job::RunEntry;
use crate::request::{RunNumber, RunRequest};
use crate::share::Share;

/// The prefixes of the keys of records and bases.
pub(crate) const RECORDS: &str = "run.";
pub(crate) const BASES: &str = "base.";

/// Returns the key of a run's record.
pub(crate) fn record_key(number: RunNumber) -> String {
    format!("{RECORDS}{:08}", number.0)
}

/// Returns the number of the run whose record has this key.
pub fn number_of_record(key: &str) -> Option<RunNumber> {
    key.strip_prefix(RECORDS)?.parse().ok().map(RunNumber)
}

/// Returns the key of the base of a batch whose first run has this number.
pub(crate) fn base_key(number: RunNumber) -> String {
    format!("{BASES}{:08}", number.0)
}

/// Returns the key of the editor's workflow that a form was made of
/// (`comfy::editor_workflow::EditorWorkflow`), by the id of the form.
pub fn editor_key(form: &str) -> String {
    format!("editor.{form}")
}

/// The record of a run.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct RunRecord {
    /// Its state when it was stored.
    pub run: Stored,
    /// The number that the user sees.
    pub number: RunNumber,
    /// The position in the queue. Earlier versions ordered runs by number.
    #[serde(default)]
    pub place: Option<u32>,
    /// Address and model of its server (`Endpoint::key`).
    pub endpoint: Option<String>,
    /// The id of its form.
    pub form: Option<String>,
    /// The title of the run: the beginning of the prompt, otherwise the title of the form.
    pub title: String,
    /// The images that are uploaded before it is sent.
    pub pictures: Vec<StoredPicture>,
    /// The seed it was sent with, if its workflow has one.
    #[serde(default)]
    pub seed: Option<u64>,
    /// The number of its base; `None`: no base, and workflow and drafts are complete.
    #[serde(default)]
    pub base: Option<RunNumber>,
    /// The inputs that differ from the base; `None` without a base.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub values: Option<BTreeMap<FieldKey, Value>>,
    /// The workflow; `None` if it is the base's except for `values`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub workflow: Option<Workflow>,
    /// The values of the form; with a base, those that differ from it.
    pub drafts: Drafts,
}

/// The image of a field.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct StoredPicture {
    pub key: FieldKey,
    pub picture: PictureRef,
}

/// What the runs of a batch have in common.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Base {
    /// The number of the first run.
    pub number: RunNumber,
    /// The workflow of the first run.
    pub workflow: Workflow,
    /// The values of the form for the first run.
    pub drafts: Drafts,
}

impl Base {
    /// Returns the base of a batch; `number` and `request` are those of the first run.
    pub fn of(number: RunNumber, request: &RunRequest) -> Self {
        Self { number, workflow: request.ready.workflow.clone(), drafts: request.drafts.clone() }
    }
}

impl RunRecord {
    /// Returns the current record of a run.
    pub(crate) fn of(job: &RunEntry, stored: Stored, endpoint: Option<String>) -> Self {
        let RunRequest { form, title, drafts, ready } = &*job.request;
        let picture = |attached: &Attachment| StoredPicture {
            key: attached.key.clone(),
            picture: attached.picture.clone(),
        };
        let share = job.share.as_deref();
        Self {
            run: stored,
            number: job.number,
            place: Some(job.place),
            endpoint,
            form: Some(form.clone()),
            title: title.clone(),
            pictures: ready.attachments.iter().map(picture).collect(),
            seed: ready.seed,
            base: share.map(|share| share.base),
            values: share.map(|share| share.values.clone()),
            workflow: share.is_none().then(|| ready.workflow.clone()),
            drafts: share.map_or(drafts, |share| &share.drafts).clone(),
        }
    }

    /// Returns the request of the run, and how it differs from the base; `None` if a part is
    /// missing. `base`: the stored base with the number in `self.base`.
    pub(crate) fn request(&self, base: Option<Base>) -> Option<(RunRequest, Option<Share>)> {
        let (workflow, drafts, share) = match self.base {
            None => (self.workflow.clone()?, self.drafts.clone(), None),
            Some(number) => {
                let Base { mut workflow, mut drafts, .. } = base?;
                let values = self.values.clone()?;
                for (key, value) in &values {
                    if !workflow.set(key, value.clone()) {
                        return None;
                    }
                }
                drafts.merge(self.drafts.clone());
                let share = Share { base: number, values, drafts: self.drafts.clone() };
                (workflow, drafts, Some(share))
            }
        };
        let attachment = |stored: &StoredPicture| Attachment {
            key: stored.key.clone(),
            picture: stored.picture.clone(),
        };
        let ready = Ready {
            workflow,
            attachments: self.pictures.iter().map(attachment).collect(),
            seed: self.seed,
            title: String::new(),
            warnings: Vec::new(),
        };
        let title = self.title.clone();
        Some((RunRequest { form: self.form.clone()?, title, drafts, ready }, share))
    }
}

/// What the stored runs of all tabs and servers refer to.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct NamedByRuns {
    /// The prompt ids of the runs.
    pub runs: BTreeSet<PromptId>,
    /// The hashes of input images.
    pub pictures: BTreeSet<String>,
}

impl NamedByRuns {
    /// Reads the references from the stored records.
    pub fn read(storage: &dyn Storage) -> Self {
        let values = |prefix| {
            let keys = storage.keys(prefix);
            keys.into_iter().filter_map(|key| storage.get(&key)).collect::<Vec<_>>()
        };
        let mut named = Self::default();
        for record in values(RECORDS).iter().filter_map(|text| json::from_text::<RunRecord>(text)) {
            named.pictures.extend(pictures_of(&record.drafts));
            named.runs.insert(record.run.prompt_id);
        }
        for base in values(BASES).iter().filter_map(|text| json::from_text::<Base>(text)) {
            named.pictures.extend(pictures_of(&base.drafts));
        }
        named
    }
}

/// Returns the hashes of the images in drafts.
pub fn pictures_of(drafts: &Drafts) -> Vec<String> {
    let hash = |draft: &Draft| match draft {
        Draft::Picture(Some(picture)) => Some(picture.hash.clone()),
        Draft::Picture(None) | Draft::Text(_) | Draft::Switch(_) => None,
    };
    drafts.iter().filter_map(|(_, draft)| hash(draft)).collect()
}
