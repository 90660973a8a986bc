// Loaded before a program (`node --import`): names below .test are this machine, as an entry in its hosts file would say.
import dns from "node:dns";

const { lookup } = dns;
dns.lookup = (name, options, done) => lookup(name.endsWith(".test") ? "127.0.0.1" : name, options, done);
