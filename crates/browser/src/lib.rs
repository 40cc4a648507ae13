//! pilotlight-browser-tests
