//! Signing in by passkey and by an OpenID provider: what it takes, and what it does not take.

mod claiming;
mod openid;
mod openid_providers;
mod openid_scene;
mod provider;
mod refusing;
mod registering;
mod staff;
mod telling;
mod world;
