// Package listing writes what commands tell besides reports of checks: objects, images, locked charts, the catalogue, what is
// left to do and what was generated.
//
// A format is one function and one line in the table of what it is a format of. Lines are written by escape.Fprintf, so that
// no text ends one.
package listing
