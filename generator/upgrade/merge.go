package upgrade

import (
	"bytes"
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/gitopsgen/gitopsgen/generator/lock"
	"github.com/gitopsgen/gitopsgen/generator/manifest"
	"github.com/gitopsgen/gitopsgen/generator/merge"
	"github.com/gitopsgen/gitopsgen/generator/tree"
)

// MergeOptions say how a generated tree is merged under what users did.
type MergeOptions struct {
	merge.Options
	// Restore are the paths of deleted files that come back.
	Restore []string
}

// Merge works out what has to change so that a directory holds a generated tree under the edits of its users: what they changed,
// moved and deleted stays so, and what cannot be decided is on record. have must not be empty.
func Merge(have Existing, want State, o MergeOptions) (Plan, error) {
	m := merger{have: have, want: want, options: o, files: map[string]tree.File{}, decided: map[string][]Decision{}, lock: want.Lock}
	m.lock.Files, m.lock.Deleted, m.lock.Moved = nil, nil, nil
	for _, f := range have.Tree.Files() {
		if !strings.HasPrefix(f.Path, ConflictDir+"/") {
			m.files[f.Path] = f
		}
	}
	records, err := ReadRecords(have.Tree)
	if err != nil {
		return Plan{}, err
	}
	for _, r := range records {
		m.decided[r.File] = r.Decisions
	}
	m.find()
	ids := map[string]bool{}
	for id := range m.base {
		ids[id] = true
	}
	for id := range m.wanted {
		ids[id] = true
	}
	for _, id := range slices.Sorted(maps.Keys(ids)) {
		if err := m.one(id); err != nil {
			return Plan{}, err
		}
	}
	return m.plan()
}

// merger gathers what becomes of all files.
type merger struct {
	have    Existing
	want    State
	options MergeOptions
	// base and wanted are generated files by their IDs, moved where the user put some of them.
	base, wanted map[string]lock.File
	moved        map[string]tree.File
	// files are what will stand in the directory, and lock what gitopsgen wrote of it.
	files    map[string]tree.File
	lock     lock.Lock
	outcomes []Outcome
	// decided is what was decided of conflicts, by file, and records what is to be decided; foreign are files in the way that are
	// not in the tree.
	decided map[string][]Decision
	records []Record
	foreign []string
}

// find pairs what was written with what is to be written, and with what stands there.
func (m *merger) find() {
	m.base, m.wanted = map[string]lock.File{}, map[string]lock.File{}
	known := map[string]bool{}
	var missing []lock.File
	for _, f := range m.have.Lock.Files {
		m.base[f.ID], known[f.Path] = f, true
	}
	for _, f := range m.want.Lock.Files {
		m.wanted[f.ID], known[f.Path] = f, true
	}
	for _, path := range m.have.Lock.Generated() {
		known[path] = true
	}
	for _, f := range m.have.Lock.Files {
		if _, here := m.have.Tree.File(f.Path); !here {
			missing = append(missing, f)
		}
	}
	unknown := slices.DeleteFunc(slices.Clone(m.have.Tree.Files()), func(f tree.File) bool { return known[f.Path] })
	m.moved = renamed(missing, unknown)
}

// one settles what becomes of one generated file.
func (m *merger) one(id string) error {
	base, was := m.base[id]
	want, is := m.wanted[id]
	switch {
	case was && is:
		return m.both(base, want)
	case was:
		m.dropped(base)
	case slices.Contains(m.have.Lock.Deleted, id) && !slices.Contains(m.options.Restore, want.Path):
		m.lock.Deleted = append(m.lock.Deleted, id)
	default:
		m.added(want)
	}
	return nil
}

// both merges a file that was and is generated.
func (m *merger) both(base, want lock.File) error {
	from, to := base.Path, want.Path
	if was := m.have.Lock.MovedFrom(base.ID); was != "" { // it stands where the user put it
		to = base.Path
		m.move(base.ID, want.Path)
	}
	if moved, ok := m.moved[base.ID]; ok {
		from, to = moved.Path, moved.Path
		m.move(base.ID, want.Path)
	}
	have, here := m.have.Tree.File(from)
	if !here {
		return m.deleted(base, want)
	}
	merged, record, err := m.merge(base, have, want)
	if err != nil {
		return err
	}
	record.File = to
	out := Outcome{ID: base.ID, Path: to, Open: record.Open(), Taken: merged.Taken}
	if from != to || from != base.Path {
		out.From, out.Kind = base.Path, Moved
	}
	pristine := want.Data
	if len(out.Open) > 0 {
		m.records = append(m.records, record)
		pristine = base.Data // the next merge starts from here again
	}
	out.Kind = cmp.Or(kindOf(base, have, want, merged, out.Open), out.Kind)
	delete(m.files, from)
	m.put(lock.File{ID: base.ID, Path: to, Data: pristine}, tree.File{Path: to, Data: merged.Text, Executable: have.Executable}, out)
	return nil
}

// kindOf says what became of a file that was and is generated; empty is nothing.
func kindOf(base lock.File, have tree.File, want lock.File, merged merge.Result, open []Decision) Kind {
	own := (base.Data == nil || !bytes.Equal(base.Data, have.Data)) && !bytes.Equal(merged.Text, want.Data)
	changed := !bytes.Equal(merged.Text, have.Data)
	switch {
	case len(open) > 0:
		return Conflicting
	case own && changed:
		return Merged
	case own:
		return Kept
	case changed:
		return Changed
	}
	return ""
}

// merge merges one file, as far as that was decided, and gives what is to be decided. What nobody edited becomes what is wanted,
// byte for byte.
func (m *merger) merge(base lock.File, have tree.File, want lock.File) (result merge.Result, r Record, err error) {
	if base.Data != nil && bytes.Equal(base.Data, have.Data) || bytes.Equal(have.Data, want.Data) {
		return merge.Result{Text: want.Data}, r, nil
	}
	decided := m.decided[have.Path]
	o := m.options.Options
	o.Theirs = func(document manifest.ID, at manifest.Path) bool {
		d := newDecision(merge.Conflict{Document: document, Path: at})
		return slices.ContainsFunc(decided, func(old Decision) bool { return old.Take == Theirs && old.Document == d.Document && old.At == d.At })
	}
	if result, err = merge.File(merge.Files{Path: have.Path, Base: base.Data, Have: have.Data, Want: want.Data}, o); err != nil {
		return result, r, fmt.Errorf("merging %w", err)
	}
	for _, c := range result.Conflicts {
		d := newDecision(c)
		if i := slices.IndexFunc(decided, d.same); i >= 0 {
			d.Take = decided[i].Take
		}
		r.Decisions = append(r.Decisions, d)
	}
	return result, r, nil
}

// put notes a file, what gitopsgen wrote of it, and what became of it.
func (m *merger) put(pristine lock.File, f tree.File, out Outcome) {
	m.files[f.Path] = f
	m.lock.Files = append(m.lock.Files, pristine)
	if out.Kind != "" {
		m.outcomes = append(m.outcomes, out)
	}
}

// move notes that a file stands elsewhere than gitopsgen would put it.
func (m *merger) move(id, from string) {
	m.lock.Moved = append(m.lock.Moved, lock.Moved{ID: id, From: from})
}

// deleted leaves out what the user deleted, unless it is to come back.
func (m *merger) deleted(base, want lock.File) error {
	if slices.Contains(m.options.Restore, want.Path) {
		m.put(want, tree.File{Path: want.Path, Data: want.Data}, Outcome{ID: want.ID, Kind: Restored, Path: want.Path})
		return nil
	}
	m.lock.Deleted = append(m.lock.Deleted, base.ID)
	m.outcomes = append(m.outcomes, Outcome{ID: base.ID, Kind: Deleted, Path: base.Path})
	return nil
}

// dropped settles what becomes of a file that is not generated any more. What somebody edited or moved stays.
func (m *merger) dropped(base lock.File) {
	at := base.Path
	if moved, ok := m.moved[base.ID]; ok {
		at = moved.Path
	}
	have, here := m.have.Tree.File(at)
	switch {
	case !here:
	case at == base.Path && base.Data != nil && bytes.Equal(base.Data, have.Data):
		delete(m.files, at)
		m.outcomes = append(m.outcomes, Outcome{ID: base.ID, Kind: Removed, Path: at})
	default:
		m.outcomes = append(m.outcomes, Outcome{ID: base.ID, Kind: Left, Path: at})
	}
}

// added settles what becomes of a file that is generated for the first time.
func (m *merger) added(want lock.File) {
	have, here := m.have.Tree.File(want.Path)
	out := Outcome{ID: want.ID, Kind: Added, Path: want.Path}
	switch {
	case !here && slices.Contains(m.options.Restore, want.Path):
		out.Kind = Restored
	case here && bytes.Equal(have.Data, want.Data):
		out.Kind = Adopted
	case here:
		m.inTheWay(have, want)
		return
	case stands(m.have.Dir, want.Path): // and Git ignores it
		m.foreign = append(m.foreign, want.Path)
	}
	m.put(want, tree.File{Path: want.Path, Data: want.Data}, out)
}

// inTheWay settles what becomes of a file of the user's where one would be generated.
func (m *merger) inTheWay(have tree.File, want lock.File) {
	d := Decision{
		Reason: "a file of yours stands where gitopsgen would write one",
		Ours:   merge.Side{There: true, Value: string(have.Data)}, Theirs: merge.Side{There: true, Value: string(want.Data)},
	}
	if i := slices.IndexFunc(m.decided[want.Path], d.same); i >= 0 {
		d.Take = m.decided[want.Path][i].Take
	}
	out := Outcome{ID: want.ID, Kind: Conflicting, Path: want.Path}
	switch d.Take {
	case Ours:
		out.Kind = Left
		m.lock.Deleted = append(m.lock.Deleted, want.ID)
	case Theirs:
		out.Kind = Changed
		m.put(want, tree.File{Path: want.Path, Data: want.Data}, out)
		return
	default:
		out.Open = []Decision{d}
		m.records = append(m.records, Record{File: want.Path, Decisions: out.Open})
	}
	m.outcomes = append(m.outcomes, out)
}
