package generator

import (
	"github.com/gitopsgen/gitopsgen/generator/blueprint"
	"github.com/gitopsgen/gitopsgen/generator/gitrepo"
)

// Notes are what is new in this version of gitopsgen since the one that wrote the repository in a directory; of a directory that it
// did not generate they are all.
func (g Generator) Notes(dir string) ([]blueprint.Notes, error) {
	t, err := gitrepo.Read(dir)
	if err != nil {
		return nil, err
	}
	l, err := g.readLock(t)
	if err != nil {
		return nil, err
	}
	return blueprint.NotesSince(g.Blueprints, l.Gitopsgen)
}
