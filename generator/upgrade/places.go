package upgrade

import (
	"bytes"
	"cmp"
	"maps"
	"path"
	"slices"
	"strings"

	"github.com/gitopsgen/gitopsgen/generator/kustomization"
	"github.com/gitopsgen/gitopsgen/generator/lock"
	"github.com/gitopsgen/gitopsgen/generator/merge"
	"github.com/gitopsgen/gitopsgen/generator/tree"
)

// find pairs what was written with what is to be written, and with what stands there.
func (m *merger) find() {
	m.base, m.wanted, m.at = map[string]lock.File{}, map[string]lock.File{}, map[string]string{}
	for _, f := range m.want.Lock.Files {
		m.wanted[f.ID] = f
	}
	m.have.Lock = renumbered(m.have.Lock, m.want.Lock)
	known := map[string]bool{}
	var missing []lock.File
	for _, p := range m.have.Lock.Generated() {
		known[p] = true
	}
	for _, f := range m.have.Lock.Files {
		m.base[f.ID] = f
		if _, here := m.have.Tree.File(f.Path); here {
			m.at[f.ID] = f.Path
		} else {
			missing = append(missing, f)
		}
	}
	for _, f := range m.want.Lock.Files {
		have, _ := m.have.Tree.File(f.Path)
		_, was := m.base[f.ID]
		if goesBack := was && m.at[f.ID] == ""; !goesBack && bytes.Equal(have.Data, f.Data) {
			known[f.Path] = true
		}
	}
	unknown := slices.DeleteFunc(slices.Clone(m.have.Tree.Files()), func(f tree.File) bool { return known[f.Path] || isRecord(f.Path) })
	for id, f := range renamed(missing, unknown, equal, sameObjects, likeness) {
		m.at[id] = f.Path
	}
}

// renumbered gives what was written the IDs of now.
func renumbered(was, now lock.Lock) lock.Lock {
	ids := heirs(was, now)
	was.Files, was.Moved = slices.Clone(was.Files), slices.Clone(was.Moved)
	for i, f := range was.Files {
		was.Files[i].ID = cmp.Or(ids[f.ID], f.ID)
	}
	for i, moved := range was.Moved {
		was.Moved[i].ID = cmp.Or(ids[moved.ID], moved.ID)
	}
	return was
}

// heirs are new IDs, by those that are gone: a file whose ID is gone is the one that is new in its place, or else the one on the same
// cluster that holds the same. Files that are merely alike are not: what one component says may be much like what another one does.
func heirs(was, now lock.Lock) map[string]string {
	known, stays := idsOf(was), idsOf(now)
	places := map[string]string{}
	for _, f := range now.Files {
		if !known[f.ID] {
			places[f.Path] = f.ID
		}
	}
	ids, taken := map[string]string{}, map[string]bool{}
	gone, fresh := map[string][]lock.File{}, map[string][]tree.File{}
	for _, f := range was.Files {
		if stays[f.ID] {
			continue
		}
		if id := places[cmp.Or(was.MovedFrom(f.ID), f.Path)]; id != "" {
			ids[f.ID], taken[id] = id, true
		} else {
			gone[clusterOf(f)] = append(gone[clusterOf(f)], f)
		}
	}
	for _, f := range now.Files {
		if !known[f.ID] && !taken[f.ID] {
			fresh[clusterOf(f)] = append(fresh[clusterOf(f)], tree.File{Path: f.Path, Data: f.Data})
		}
	}
	for cluster, files := range gone {
		for id, f := range renamed(files, fresh[cluster], equal, sameObjects) {
			ids[id] = places[f.Path]
		}
	}
	return ids
}

func idsOf(l lock.Lock) map[string]bool {
	ids := map[string]bool{}
	for _, f := range l.Files {
		ids[f.ID] = true
	}
	return ids
}

// clusterOf is the cluster that a generated file is for; empty is the repository.
func clusterOf(f lock.File) string {
	_, cluster, _ := strings.Cut(f.ID, "@")
	return cluster
}

// keep takes all generated files out of the directory, so that none is in the way of another one, but for those whose place is
// the user's.
func (m *merger) keep() {
	goes := map[string]bool{}
	for id, at := range m.at {
		base := m.base[id]
		have, _ := m.have.Tree.File(at)
		_, stays := m.wanted[id]
		goes[at] = !m.placed(base) && (stays || !edited(base, have))
	}
	m.keepBeside(goes)
	for _, f := range m.have.Tree.Files() {
		if !goes[f.Path] && !isRecord(f.Path) {
			m.files[f.Path] = f
		}
	}
	m.yours, m.waits = maps.Clone(m.files), map[string]bool{}
	for id, at := range m.at {
		if _, stays := m.wanted[id]; stays && m.placed(m.base[id]) {
			m.waits[at] = true
		}
	}
	for m.wait() { // what waits is in the way of others
	}
}

// keepBeside lets what a kustomization that is the user's names stay with it: else it would render no more.
func (m *merger) keepBeside(goes map[string]bool) {
	var folders []string
	for id, at := range m.at {
		if _, stays := m.wanted[id]; !stays && !goes[at] && kustomization.IsFile(at) {
			folders = append(folders, path.Dir(at))
		}
	}
	for id, at := range m.at {
		if _, stays := m.wanted[id]; !stays && slices.ContainsFunc(folders, func(dir string) bool { return tree.Within(at, dir) }) {
			goes[at] = false
		}
	}
}

// wait finds the files that cannot come to where they are to be, because of a file that stays there; more says that there were some.
func (m *merger) wait() (more bool) {
	for id, at := range m.at {
		want, is := m.wanted[id]
		if !is || m.waits[at] || at == want.Path || m.placed(m.base[id]) {
			continue
		}
		if way, taken := m.occupied(want); taken && way.Take != Theirs {
			m.waits[at], more = true, true
		}
	}
	return more
}

// occupied gives what is to be decided, or was, where a file of the user's stands where one is to come; taken is false where none
// does. A generated file that waits is in the way until it goes.
func (m *merger) occupied(want lock.File) (d Decision, taken bool) {
	yours, taken := m.yours[want.Path]
	if d.Reason = "a file of yours stands where gitopsgen would write one"; m.waits[want.Path] {
		d.Reason, taken = "another generated file stands where gitopsgen would write one", true
	} else {
		d.Ours, d.Theirs = merge.Side{There: true, Value: string(yours.Data)}, merge.Side{There: true, Value: string(want.Data)}
	}
	if i := slices.IndexFunc(m.decided[want.Path], d.same); i >= 0 && (d.Ours.There || m.decided[want.Path][i].Take == Ours) {
		d.Take = m.decided[want.Path][i].Take
	}
	return d, taken
}

// placed reports whether a user decided where a file stands.
func (m *merger) placed(base lock.File) bool {
	return m.at[base.ID] != base.Path || m.have.Lock.MovedFrom(base.ID) != ""
}

// edited reports whether somebody changed a file since it was written.
func edited(base lock.File, have tree.File) bool {
	return base.Data == nil || !bytes.Equal(base.Data, have.Data)
}

// comes lets a file come to where it is to be, unless one that stays stands there: then it stays where it is, and somebody has to
// decide.
func (m *merger) comes(f *tree.File, want lock.File, out *Outcome) {
	d, taken := m.occupied(want)
	yours := m.yours[want.Path]
	switch {
	case taken && !m.waits[want.Path] && bytes.Equal(yours.Data, f.Data):
		f.Path, f.Executable, out.Kind = want.Path, yours.Executable, Adopted
	case !taken:
		if _, generated := m.have.Tree.File(want.Path); !generated && stands(m.have.Dir, want.Path) { // and Git ignores it
			m.foreign = append(m.foreign, want.Path)
		}
		f.Path = want.Path
	case d.Take == Theirs:
		f.Path, out.Kind = want.Path, Changed
	case d.Take == "":
		out.Kind, out.Open = Conflicting, append(out.Open, d)
		m.records = append(m.records, Record{File: want.Path, Decisions: []Decision{d}})
	case f.Path != "":
		m.move(want.ID, want.Path)
	default:
		out.Kind = Left
		m.lock.Deleted = append(m.lock.Deleted, want.ID)
	}
}
