package blueprints

import (
	"embed"
	"io/fs"
)

//go:embed all:records
var recorded embed.FS

// Records are what the components' charts rendered to, <component>/<case>.yaml, written by make record.
func Records() fs.FS {
	records, err := fs.Sub(recorded, "records")
	if err != nil {
		panic(err) // the name is right
	}
	return records
}
