//! The findings of a connection test, and the step of the connection that each is about.

use pilotlight_comfy::comfy::{Guard, RelayTrouble};

/// The steps of the connection, in order. Plain ComfyUI has no `Kubeai` and no `Gpu`; a page of
/// another site cannot read kubeai's own replies.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Link {
    /// From the page to the server at the address.
    Way,
    /// From there to kubeai, which has the model.
    Kubeai,
    /// From kubeai to a running pod.
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
    /// A page served by https must not send requests to http.
    Insecure,
    /// No response, not even an unreadable one.
    NotReached,
    /// No response in time to a request that needs no GPU.
    Silent,
    /// Another server responds, such as a file host.
    NoRelay {
        /// The HTTP status of the answer.
        status: u16,
    },
    /// There is a relay, but at another path.
    WrongPath,
    /// The relay accepts requests of its own page only.
    Foreign,
    /// The relay is not configured for the host name in its address.
    UnknownHost,
    /// A redirect, for example to a login page.
    Login,
    /// The relay could not reach its upstream.
    Upstream(RelayTrouble),
    /// 502 to 504, neither from the relay nor from kubeai.
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
    /// The extension refuses this page.
    Guarded(Guard),
    /// The body of a request was lost: something removes bodies of GET requests.
    BodyLost,
    /// kubeai requires a model, and none is configured.
    ModelWanted,
    /// kubeai has no model with this name.
    UnknownModel,
    /// The request was held or refused until the limit.
    NeverReady,
    /// ComfyUI refuses pages of other origins.
    OriginRefused,
    /// It responds, but the page may not read the response.
    Hidden,
    /// Likewise, and it can only be ComfyUI.
    CorsOff,
    /// The direct transport needs the extension.
    NoExtension,
    /// A response that none of the servers sends.
    Odd {
        /// The HTTP status of the answer.
        status: u16,
    },
}

impl Finding {
    /// Returns the step that failed; the connection has all steps.
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
