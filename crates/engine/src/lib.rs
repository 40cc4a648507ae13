//! pilotlight-engine
