//! pilotlight-relay
