package upgrade

import (
	"bytes"
	"cmp"
	"maps"
	"slices"

	"github.com/gitopsgen/gitopsgen/generator/blueprint"
	"github.com/gitopsgen/gitopsgen/generator/fault"
	"github.com/gitopsgen/gitopsgen/generator/lock"
	"github.com/gitopsgen/gitopsgen/generator/merge"
	"github.com/gitopsgen/gitopsgen/generator/tree"
)

// MergeOptions say how a generated tree is merged under what users did.
type MergeOptions struct {
	merge.Options
	// Restore are the paths of deleted files that come back.
	Restore []string
	// Conflicts says what becomes of what both sides changed differently inside of a file.
	Conflicts Conflicts
}

// Conflicts are ways to leave to people what is to be decided.
type Conflicts string

const (
	// Recorded leaves the user's text as it is, and puts what is to be decided on record. It is what an empty text is, too.
	Recorded Conflicts = "record"
	// Inline sets both sides apart in the file, by the marks that Git uses. Whoever takes them out has decided.
	Inline Conflicts = "inline"
)

// Merge works out what has to change so that a directory holds a generated tree under the edits of its users: what they changed,
// moved and deleted stays so, and what cannot be decided is on record. have must not be empty.
func Merge(have Existing, want State, o MergeOptions) (Plan, error) {
	m := merger{have: have, want: want, options: o, files: map[string]tree.File{}, decided: map[string][]Decision{}, lock: want.Lock}
	m.lock.Files, m.lock.Moved = nil, nil
	m.lock.Deleted = slices.Clone(have.Lock.Deleted)
	records, err := ReadRecords(have.Tree)
	if err != nil {
		return Plan{}, err
	}
	for _, r := range records {
		m.decided[r.File] = r.Decisions
	}
	m.find()
	m.keep()
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
	// base and wanted are generated files by their IDs, and at is where those of base stand, which are there.
	base, wanted map[string]lock.File
	at           map[string]string
	// yours are the files whose place is the user's: what is generated does not come there unasked.
	yours map[string]tree.File
	// waits are where generated files stay: those that a user moved, and those that cannot come to where they are to be.
	waits map[string]bool
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

// one settles what becomes of one generated file.
func (m *merger) one(id string) error {
	base, was := m.base[id]
	want, is := m.wanted[id]
	at, here := m.at[id]
	switch {
	case was && is && here:
		return m.both(base, want)
	case was && is:
		m.deleted(want)
	case was && here:
		m.dropped(base, at)
	case is:
		m.added(want)
	}
	return nil
}

// both merges a file that was and is generated, and is there.
func (m *merger) both(base, want lock.File) error {
	at := m.at[base.ID]
	have, _ := m.have.Tree.File(at)
	merged, record, err := m.merge(base, have, want)
	if err != nil {
		return err
	}
	out := Outcome{ID: base.ID, Path: at, Open: record.Open(), Taken: merged.Taken}
	pristine := want.Data
	if len(out.Open) > 0 && m.options.Conflicts == Inline {
		record, out.Marked = Record{}, merged.Inline()
	} else if len(out.Open) > 0 {
		pristine = base.Data // the next merge starts from here again
	}
	out.Kind = kindOf(base, have, want, merged, out.Open)
	f := tree.File{Path: at, Data: merged.Text, Executable: have.Executable}
	switch {
	case at == want.Path:
	case m.placed(base):
		m.move(base.ID, want.Path)
	default:
		m.comes(&f, want, &out)
	}
	if len(record.Open()) > 0 {
		record.File = f.Path
		m.records = append(m.records, record)
	}
	if out.Path = f.Path; f.Path != base.Path {
		out.From, out.Kind = base.Path, cmp.Or(out.Kind, Moved)
	}
	m.put(lock.File{ID: base.ID, Path: f.Path, Data: pristine}, f, out)
	return nil
}

// kindOf says what became of a file that was and is generated; empty is nothing.
func kindOf(base lock.File, have tree.File, want lock.File, merged merge.Result, open []Decision) Kind {
	own := edited(base, have) && !bytes.Equal(merged.Text, want.Data)
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
	if !edited(base, have) || bytes.Equal(have.Data, want.Data) || regenerated(want.Path) {
		return merge.Result{Text: want.Data}, r, nil
	}
	decided := m.decided[have.Path]
	took := func(c merge.Conflict) Take {
		d := newDecision(c)
		if i := slices.IndexFunc(decided, d.same); i >= 0 {
			return decided[i].Take
		}
		return ""
	}
	if base.Data == nil {
		result, r = unknown(have, want, took)
		return result, r, nil
	}
	o := m.options.Options
	o.Theirs = func(c merge.Conflict) bool { return took(c) == Theirs }
	if result, err = merge.File(merge.Files{Path: have.Path, Base: base.Data, Have: have.Data, Want: want.Data}, o); err != nil {
		return result, r, fault.Hint(err, "nothing can be merged there: mend it and commit that first; nothing was written")
	}
	for _, c := range result.Conflicts {
		d := newDecision(c)
		if d.Take = took(c); d.Take == Theirs { // and it was not possible
			d.Take, d.Reason = "", d.Reason+", so gitopsgen's has to be written by hand"
		}
		r.Decisions = append(r.Decisions, d)
	}
	return result, r, nil
}

// regenerated reports whether a file is gitopsgen's alone, and says what the program knows: whatever somebody made of it, it is written anew.
func regenerated(path string) bool { return path == blueprint.SchemaFile }

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
func (m *merger) deleted(want lock.File) {
	if m.restores(want) {
		m.added(want)
		return
	}
	m.lock.Deleted = append(m.lock.Deleted, want.ID)
	m.outcomes = append(m.outcomes, Outcome{ID: want.ID, Kind: Deleted, Path: m.base[want.ID].Path})
}

// restores reports whether a deleted file is to come back.
func (m *merger) restores(want lock.File) bool { return slices.Contains(m.options.Restore, want.Path) }

// dropped settles what becomes of a file that is not generated any more. What somebody edited or moved stays.
func (m *merger) dropped(base lock.File, at string) {
	kind := Removed
	if _, stays := m.yours[at]; stays {
		kind = Left
	}
	m.outcomes = append(m.outcomes, Outcome{ID: base.ID, Kind: kind, Path: at})
}

// added settles what becomes of a file that is generated, and is not there. A deletion of the user's holds for good.
func (m *merger) added(want lock.File) {
	out := Outcome{ID: want.ID, Kind: Added, Path: want.Path}
	if slices.Contains(m.have.Lock.Deleted, want.ID) && !m.restores(want) {
		return
	}
	if m.restores(want) {
		out.Kind = Restored
		m.lock.Deleted = slices.DeleteFunc(m.lock.Deleted, func(id string) bool { return id == want.ID })
	}
	f := tree.File{Data: want.Data}
	if m.comes(&f, want, &out); f.Path != "" {
		m.put(want, f, out)
		return
	}
	m.outcomes = append(m.outcomes, out)
}
