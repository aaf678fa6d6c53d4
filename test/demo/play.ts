import { readFileSync } from "node:fs";
import { builtInRecording } from "../../src/demo/recording.ts";
import { playRecording } from "../../src/demo/stand-in-codex.ts";

// A program for the tests: plays the recording named by the second argument at the speed given first.
const [speed, file] = process.argv.slice(2);
const recording = file === undefined ? builtInRecording : readFileSync(file, "utf8");
process.exitCode = await playRecording({ recording, speed: Number(speed), env: process.env });
