//! pilotlight-emulator
