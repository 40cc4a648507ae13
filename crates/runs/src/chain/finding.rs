//! What a test of the way found to be broken, and which link that is.

use pilotlight_comfy::comfy::{Guard, RelayTrouble};

/// The links of the way, in their order. A plain ComfyUI has no `Kubeai` and no `Gpu`; a page of
/// another site never reads what kubeai itself says.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Link {
    /// From the page to whatever is at the address.
    Way,
    /// From there to kubeai, which knows the model.
    Kubeai,
    /// From kubeai to a pod that is awake.
    Gpu,
    /// From the pod to ComfyUI.
    Comfy,
    /// The extension in ComfyUI.
    Extension,
}

/// What is wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Finding {
    /// The browser has no network.
    Offline,
    /// A page of https may not ask an address of http.
    Insecure,
    /// Nothing answered, not even in a way that the page may not read.
    NotReached,
    /// Something did not answer in time that does not wait for a GPU.
    Silent,
    /// Something else answers there, such as a host of files.
    NoRelay {
        /// The HTTP status of the answer.
        status: u16,
    },
    /// A relay is there, but not at this address.
    WrongPath,
    /// The relay serves its own page only.
    Foreign,
    /// The relay was not told that it has the name in its address.
    UnknownHost,
    /// It leads elsewhere, such as to a page for logging in.
    Login,
    /// The relay came no further.
    Upstream(RelayTrouble),
    /// 502 … 504 that neither relay nor kubeai said.
    Gateway {
        /// The HTTP status of the answer.
        status: u16,
    },
    /// 429.
    Busy,
    /// 401 or 403.
    Access {
        /// The HTTP status of the answer.
        status: u16,
    },
    /// The extension does not let this page in.
    Guarded(Guard),
    /// What was sent with the request did not arrive: something takes the bodies off reads.
    BodyLost,
    /// kubeai is asked directly, and no model is named.
    ModelWanted,
    /// kubeai knows no model of this name.
    UnknownModel,
    /// Held or put off until the limit.
    NeverReady,
    /// ComfyUI refuses pages of other sites.
    OriginRefused,
    /// It answers, but the page may not read what.
    Hidden,
    /// The same, and it can only be ComfyUI.
    CorsOff,
    /// Straight to the server nothing goes without it.
    NoExtension,
    /// A reply that none of them gives.
    Odd {
        /// The HTTP status of the answer.
        status: u16,
    },
}

impl Finding {
    /// Which link is broken, on a way of all.
    pub(super) fn link(self) -> Link {
        match self {
            Self::Offline
            | Self::Insecure
            | Self::NotReached
            | Self::NoRelay { .. }
            | Self::WrongPath
            | Self::Foreign
            | Self::UnknownHost
            | Self::Login => Link::Way,
            Self::Upstream(_)
            | Self::Gateway { .. }
            | Self::Silent
            | Self::Busy
            | Self::Access { .. }
            | Self::BodyLost
            | Self::ModelWanted => Link::Kubeai,
            Self::UnknownModel | Self::NeverReady | Self::Hidden => Link::Gpu,
            Self::OriginRefused | Self::CorsOff | Self::Odd { .. } => Link::Comfy,
            Self::NoExtension | Self::Guarded(_) => Link::Extension,
        }
    }
}
