package upgrade

import (
	"bytes"
	"errors"
	"fmt"
	"path"
	"reflect"
	"slices"
	"strings"

	"gopkg.in/yaml.v3"

	"github.com/gitopsgen/gitopsgen/generator/escape"
	"github.com/gitopsgen/gitopsgen/generator/fault"
	"github.com/gitopsgen/gitopsgen/generator/lock"
	"github.com/gitopsgen/gitopsgen/generator/manifest"
	"github.com/gitopsgen/gitopsgen/generator/merge"
	"github.com/gitopsgen/gitopsgen/generator/tree"
)

// ConflictDir holds a record, <path>.yaml, for each file in which something is to be decided.
const ConflictDir = ".gitopsgen/conflicts"

// Take is the side of a conflict that somebody decided for; empty is nobody.
type Take string

// The sides of a conflict.
const (
	Ours   Take = "ours"
	Theirs Take = "theirs"
)

// Record is what is to be decided in one file, and what was.
type Record struct {
	File      string
	Decisions []Decision
}

// Decision is a conflict, with what was decided. Ours is what stands in the file, Theirs what gitopsgen would write.
type Decision struct {
	// Document is the object that the value is in, and At the way to the value; empty are those of the whole file.
	Document, At       string
	Reason             string
	Base, Ours, Theirs merge.Side
	Take               Take
	Place              manifest.Place
}

// Open are those that nobody decided.
func (r Record) Open() []Decision {
	return slices.DeleteFunc(slices.Clone(r.Decisions), func(d Decision) bool { return d.Take != "" })
}

// recordPath is where the record of a file stands.
func recordPath(file string) string { return path.Join(ConflictDir, file+".yaml") }

// isRecord reports whether a file holds what is to be decided of another one.
func isRecord(file string) bool { return strings.HasPrefix(file, ConflictDir+"/") }

// RecordOf gives the file that a record is about; ok is false where a file is no record.
func RecordOf(record string) (file string, ok bool) {
	return strings.TrimSuffix(strings.TrimPrefix(record, ConflictDir+"/"), ".yaml"), isRecord(record)
}

// newDecision is a conflict that nobody decided yet.
func newDecision(c merge.Conflict) Decision {
	d := Decision{At: c.Path.String(), Reason: string(c.Reason), Base: c.Base, Ours: c.Ours, Theirs: c.Theirs}
	if c.Document != (manifest.ID{}) {
		d.Document = c.Document.String()
	}
	if d.At == "" && c.First > 0 {
		d.At = fmt.Sprintf(atLine+"%d", c.First)
	}
	return d
}

// atLine begins what says where a conflict of lines is.
const atLine = "line "

// same reports whether two are the same conflict: a decision holds while what it decided about is what it was. Lines may have come
// in above.
func (d Decision) same(other Decision) bool {
	lines := strings.HasPrefix(d.At, atLine) && strings.HasPrefix(other.At, atLine)
	return d.Document == other.Document && (lines || d.At == other.At) && reflect.DeepEqual(plain(d.Theirs), plain(other.Theirs)) && reflect.DeepEqual(plain(d.Base), plain(other.Base))
}

// plain is a side as it is read back from YAML.
func plain(s merge.Side) merge.Side {
	data, err := yaml.Marshal(s.Value)
	var value any
	if err == nil && yaml.Unmarshal(data, &value) == nil {
		s.Value = value
	}
	return s
}

// sum is what tells whether somebody changed more of a record than what is taken.
func (d Decision) sum() string {
	sides := [3]merge.Side{plain(d.Base), plain(d.Ours), plain(d.Theirs)}
	return lock.Digest(fmt.Appendf(nil, "%q %#v", []string{d.Document, d.At, d.Reason}, sides))[:16]
}

// String says where the conflict is, and what the sides are.
func (d Decision) String() string {
	at := strings.TrimSpace(d.Document + " " + d.At)
	if at == "" {
		at = "the whole file"
	}
	if !d.Ours.There && !d.Theirs.There {
		return at + ": " + d.Reason
	}
	return fmt.Sprintf("%s: %s: yours is %s, gitopsgen's %s", at, d.Reason, brief(d.Ours), brief(d.Theirs))
}

// brief is a side in a few words.
func brief(s merge.Side) string {
	if !s.There {
		return "nothing"
	}
	text := fmt.Sprint(s.Value)
	if strings.Contains(text, "\n") || len(text) > 60 {
		return fmt.Sprintf("%d bytes", len(text))
	}
	return fmt.Sprintf("%q", text)
}

const recordHead = `# You changed this, and gitopsgen did; yours stands in the file. Decide with gitopsgen resolve FILE --take ours|theirs, or say
# take: ours or take: theirs here and run gitopsgen upgrade.
`

// write gives a record as it stands in its file.
func (r Record) write() (tree.File, error) {
	list := &yaml.Node{Kind: yaml.SequenceNode}
	for _, d := range r.Decisions {
		one := &yaml.Node{Kind: yaml.MappingNode}
		for _, field := range []struct {
			key   string
			value any
			there bool
		}{
			{"document", d.Document, d.Document != ""}, {"at", d.At, d.At != ""}, {"reason", d.Reason, true},
			{"base", d.Base.Value, d.Base.There}, {"ours", d.Ours.Value, d.Ours.There}, {"theirs", d.Theirs.Value, d.Theirs.There},
			{"sum", d.sum(), true}, {"take", string(d.Take), true},
		} {
			if err := add(one, field.key, field.value, field.there); err != nil {
				return tree.File{}, err
			}
		}
		list.Content = append(list.Content, one)
	}
	whole := &yaml.Node{Kind: yaml.MappingNode}
	err := errors.Join(add(whole, "file", r.File, true), add(whole, "conflicts", list, true))
	if err != nil {
		return tree.File{}, err
	}
	b := bytes.NewBufferString(recordHead)
	encoder := yaml.NewEncoder(b)
	encoder.SetIndent(2)
	err = errors.Join(encoder.Encode(whole), encoder.Close())
	return tree.File{Path: recordPath(r.File), Data: b.Bytes()}, err
}

// add adds a field to a mapping.
func add(to *yaml.Node, key string, value any, there bool) error {
	if !there {
		return nil
	}
	n, ok := value.(*yaml.Node)
	if !ok {
		n = &yaml.Node{}
		if err := n.Encode(value); err != nil {
			return fmt.Errorf("%s: %w", key, err)
		}
	}
	to.Content = append(to.Content, &yaml.Node{Kind: yaml.ScalarNode, Value: key}, n)
	return nil
}

// ReadRecords reads what is to be decided in a tree, by file. Errors begin with the place.
func ReadRecords(t tree.Tree) ([]Record, error) {
	var all []Record
	for _, f := range t.Under(ConflictDir) {
		r, err := readRecord(f)
		if err != nil {
			return nil, err
		}
		all = append(all, r)
	}
	return all, nil
}

// WithoutRecords gives a tree without what is to be decided in it.
func WithoutRecords(t tree.Tree) (tree.Tree, error) {
	return tree.New(slices.DeleteFunc(slices.Clone(t.Files()), func(f tree.File) bool { return isRecord(f.Path) })...)
}

func readRecord(f tree.File) (r Record, err error) {
	docs, problems := manifest.Documents(f.Path, f.Data)
	if len(problems) > 0 {
		return r, fmt.Errorf("%s: %s", problems[0].Place, problems[0].Message)
	}
	if len(docs) != 1 || docs[0].Kind != yaml.MappingNode {
		return r, fmt.Errorf("%s:1:1: want a record of conflicts, with file and conflicts", f.Path)
	}
	r.File, _ = RecordOf(f.Path)
	if named := manifest.Field(docs[0], "file"); named == nil || named.Value != r.File {
		return r, fmt.Errorf("%s:%d:1: file: want %q, of which this is the record", f.Path, docs[0].Line, r.File)
	}
	list := manifest.Field(docs[0], "conflicts")
	if list == nil || list.Kind != yaml.SequenceNode {
		return r, fmt.Errorf("%s:%d:1: want a list of conflicts", f.Path, docs[0].Line)
	}
	for _, n := range list.Content {
		d, err := readDecision(f.Path, n)
		if err != nil {
			return r, err
		}
		r.Decisions = append(r.Decisions, d)
	}
	return r, nil
}

func readDecision(file string, n *yaml.Node) (d Decision, err error) {
	d.Place = manifest.Place{File: file, Line: n.Line, Column: n.Column}
	take, sum := "", ""
	sides := map[string]*merge.Side{"base": &d.Base, "ours": &d.Ours, "theirs": &d.Theirs}
	texts := map[string]*string{"document": &d.Document, "at": &d.At, "reason": &d.Reason, "sum": &sum, "take": &take}
	if n.Kind != yaml.MappingNode {
		return d, fmt.Errorf("%s: want a conflict", d.Place)
	}
	for i := 0; i+1 < len(n.Content); i += 2 {
		key, value := n.Content[i], n.Content[i+1]
		at := manifest.Place{File: file, Line: key.Line, Column: key.Column}
		if side, ok := sides[key.Value]; ok {
			side.There = true
			err = value.Decode(&side.Value)
		} else if text, ok := texts[key.Value]; ok {
			err = value.Decode(text)
		} else {
			err = errors.New("no field of a conflict")
		}
		if err != nil {
			return d, fmt.Errorf("%s: %s: %w", at, key.Value, err)
		}
	}
	if sum != "" && sum != d.sum() {
		return d, fault.Hint(fmt.Errorf("%s: something other than take was changed here, and is not what gitopsgen wrote", d.Place), "git restore "+escape.Shell(file)+" brings it back; without the record gitopsgen upgrade writes it anew")
	}
	if d.Take = Take(take); !slices.Contains([]Take{"", Ours, Theirs}, d.Take) {
		return d, fmt.Errorf("%s: take: %q: want ours or theirs", d.Place, take)
	}
	return d, nil
}

// Decide gives the record of a file with a side taken: of the conflict at a place, or of all that are open where at is empty.
func Decide(t tree.Tree, file, at string, take Take) (tree.File, error) {
	records, err := ReadRecords(t)
	if err != nil {
		return tree.File{}, err
	}
	i := slices.IndexFunc(records, func(r Record) bool { return r.File == file })
	if i < 0 {
		var known []string
		for _, r := range records {
			known = append(known, r.File)
		}
		if len(known) == 0 {
			return tree.File{}, fmt.Errorf("%s: nothing is to be decided here", file)
		}
		return tree.File{}, fmt.Errorf("%s: nothing is to be decided of it; conflicts are in %s", file, strings.Join(known, ", "))
	}
	decided := false
	var places []string
	for j, d := range records[i].Decisions {
		places = append(places, d.At)
		if at == d.At || at == "" && d.Take == "" {
			records[i].Decisions[j].Take, decided = take, true
		}
	}
	if !decided {
		return tree.File{}, fmt.Errorf("%s#%s: there is no such conflict; there are %s", file, at, strings.Join(places, ", "))
	}
	return records[i].write()
}
