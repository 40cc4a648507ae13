//! pilotlight-simulation
