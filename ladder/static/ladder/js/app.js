// What every page brings along. Served as one file, in which each of these is a block of its own.
import "./anchors.js";
import "./autosave.js";
import "./cards.js";
import "./copy.js";
import "./in_place.js";
import "./kept_here.js";
import "./leaving.js";
import "./menu.js";
import "./once.js";
import "./outage.js";
import "./palette.js";
import "./polling.js";
import "./session.js";
import "./time_zone.js";
