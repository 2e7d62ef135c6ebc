package upgrade

import (
	"maps"
	"slices"
	"strings"

	"github.com/gitopsgen/gitopsgen/generator/blueprint"
	"github.com/gitopsgen/gitopsgen/generator/gitrepo"
	"github.com/gitopsgen/gitopsgen/generator/lock"
	"github.com/gitopsgen/gitopsgen/generator/tree"
)

// plan makes the changes of all that was settled, with the lock and the base of the next merge.
func (m *merger) plan() (Plan, error) {
	p := Plan{Created: map[string]bool{}, Outcomes: m.outcomes}
	if len(m.foreign) > 0 {
		return p, inTheWay(m.foreign)
	}
	for _, path := range m.have.Lock.Generated() { // the lock and its archives are written anew
		if !slices.ContainsFunc(m.have.Lock.Files, func(f lock.File) bool { return f.Path == path }) {
			delete(m.files, path)
		}
	}
	if f, ok := m.want.Tree.File(blueprint.SpecFile); ok {
		m.files[f.Path] = f
	}
	own, err := m.own()
	if err != nil {
		return p, err
	}
	for _, f := range own {
		m.files[f.Path] = f
	}
	if p.Tree, err = tree.New(slices.Collect(maps.Values(m.files))...); err != nil {
		return p, err
	}
	for _, c := range gitrepo.Differing(m.have.Tree, p.Tree.Files()...) {
		_, there := m.have.Tree.File(c.File.Path)
		p.Changes, p.Created[c.File.Path] = append(p.Changes, c), !there
	}
	for _, f := range m.have.Tree.Files() {
		if _, stays := p.Tree.File(f.Path); !stays {
			p.Changes = append(p.Changes, gitrepo.Change{File: f, Remove: true})
		}
	}
	p.mark()
	slices.SortFunc(p.Changes, func(a, b gitrepo.Change) int { return strings.Compare(a.File.Path, b.File.Path) })
	return p, nil
}

// mark puts the texts with marks into the changes.
func (p *Plan) mark() {
	for _, o := range p.Outcomes {
		if o.Marked == nil {
			continue
		}
		f, _ := p.Tree.File(o.Path)
		f.Data = o.Marked
		i := slices.IndexFunc(p.Changes, func(c gitrepo.Change) bool { return c.File.Path == o.Path && !c.Remove })
		if i < 0 {
			p.Changes = append(p.Changes, gitrepo.Change{File: f})
			continue
		}
		p.Changes[i].File = f
	}
}

// own are the files that are gitopsgen's alone: the lock, the base of the next merge, and what is not decided.
func (m *merger) own() ([]tree.File, error) {
	slices.SortFunc(m.lock.Files, func(a, b lock.File) int { return strings.Compare(a.Path, b.Path) })
	if m.have.Lock.Spec != nil && len(m.records) == 0 && m.lock.SameFiles(m.have.Lock) {
		m.lock.Spec = m.have.Lock.Spec // a comment in it is no reason for a commit
	}
	data, err := m.lock.Encode()
	if err != nil {
		return nil, err
	}
	archives, err := m.lock.Archives()
	if err != nil {
		return nil, err
	}
	own := append(archives, tree.File{Path: lock.Path, Data: data})
	for _, r := range m.records {
		f, err := r.write()
		if err != nil {
			return nil, err
		}
		own = append(own, f)
	}
	return own, nil
}
