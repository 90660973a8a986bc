// The demo as a process: throw-away data, the sample product, the console and the gateway on free ports.
import { binary, whenItSays, withProcess } from "./process.mjs";

// Runs `fn` with what the demo says about itself on its first line, and stops the demo whatever happens:
//   {console, gateway, product, people: [{email, name, role, org, link}], cases: [{number, org, state}]}
export function withDemo(fn) {
  const command = [binary(), "demo", "--json", "--listen", "127.0.0.1:0", "--gateway-listen", "127.0.0.1:0"];
  return withProcess("the demo", command, whenItSays(firstLine), fn);
}

// Runs `fn` with everything the demo tells a person, up to its last step.
export function withToldDemo(fn) {
  const command = [binary(), "demo", "--listen", "127.0.0.1:0", "--gateway-listen", "127.0.0.1:0"];
  const told = [];
  const whole = (line) => {
    told.push(line);
    return line.includes("until Dana accepts it") ? told.join("\n") : undefined;
  };
  return withProcess("the demo", command, whenItSays(whole), fn);
}

function firstLine(line) {
  try {
    return JSON.parse(line);
  } catch {
    throw new Error(`the demo's first line is not JSON: ${line}`);
  }
}
