//! Soapstone: checks SOAP chart notes for what a payer would deny.
#![forbid(unsafe_code)]

pub mod reference;
