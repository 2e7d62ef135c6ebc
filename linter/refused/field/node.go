// Package field judges the fields of an object: what stands at a path, by its grammar, its range and what stands beside it.
//
// It knows JSON-shaped values and how Kubernetes writes names, numbers and selectors, and nothing of kinds.
package field

import (
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"

	"k8s.io/apimachinery/pkg/util/version"

	"github.com/gitopsgen/gitopsgen/generator/manifest"
	"github.com/gitopsgen/gitopsgen/generator/record"
)

// maxFaults is how many faults of one object are told. To find the place of each takes time that grows with the object.
const maxFaults = 100

// maxMessage is how long a message is, in bytes, whatever it quotes.
const maxMessage = 1000

// Object gathers what is wrong with an object.
type Object struct {
	// Kubernetes is the version of the cluster, major.minor; it is empty for the newest.
	Kubernetes string
	// Recorded says that long texts are left out.
	Recorded bool
	// Brought says that an Application brings the object: what kustomize fills in is there.
	Brought bool
	// Faults are in the order in which they were found, the first of them alone; More counts the others.
	Faults []Fault
	More   int
}

// Fault is what is wrong with a field.
type Fault struct {
	// At is the field; Named says that its name is wrong, and not its value.
	At    manifest.Path
	Named bool
	// Message begins with the field. Fix says what to do.
	Message, Fix string
}

// Node is a value of an object, and where it stands. What has another type than it should reads as nothing: that says the schema.
type Node struct {
	// Value is nil where the field is not there.
	Value  any
	parent *Node
	step   any
	object *Object
}

// Root gives the object as a whole.
func (o *Object) Root(value map[string]any) *Node { return &Node{Value: value, object: o} }

// Brought reports whether an Application brings the object.
func (n *Node) Brought() bool { return n.object.Brought }

// Since reports whether the cluster has a version of Kubernetes, or a later one.
func (n *Node) Since(minor string) bool {
	is, err := version.ParseGeneric(n.object.Kubernetes)
	return err != nil || is.AtLeast(version.MustParseGeneric(minor))
}

// Check judges a value that is there.
type Check func(n *Node)

// At judges what stands at a path below: a.b is a field, a[] each item of a list, and a.* each field.
func At(path string, checks ...Check) Check {
	steps := strings.Split(path, ".")
	return func(n *Node) { walk(n, steps, checks) }
}

// All judges one value by several checks.
func All(checks ...Check) Check {
	return func(n *Node) {
		for _, c := range checks {
			c(n)
		}
	}
}

func walk(n *Node, steps []string, checks []Check) {
	if n.Value == nil {
		return
	}
	if len(steps) == 0 {
		All(checks...)(n)
		return
	}
	name, isList := strings.CutSuffix(steps[0], "[]")
	var next []*Node
	switch {
	case name == "*":
		next = n.Fields()
	case isList:
		next = n.Get(name).Items()
	default:
		next = []*Node{n.Get(name)}
	}
	for _, below := range next {
		walk(below, steps[1:], checks)
	}
}

// Root gives the object that the value is a part of.
func (n *Node) Root() *Node {
	for n.parent != nil {
		n = n.parent
	}
	return n
}

// Get gives the value of a field.
func (n *Node) Get(name string) *Node {
	fields, _ := n.Value.(map[string]any)
	return &Node{Value: fields[name], parent: n, step: name, object: n.object}
}

// Has reports whether a field is set.
func (n *Node) Has(name string) bool { return n.Get(name).Value != nil }

// Those gives the names of the fields that are set, of some.
func (n *Node) Those(names []string) []string {
	return slices.DeleteFunc(slices.Clone(names), func(name string) bool { return !n.Has(name) })
}

// Fields gives the values of all fields that are set, sorted by name.
func (n *Node) Fields() []*Node {
	fields, _ := n.Value.(map[string]any)
	var all []*Node
	for _, name := range slices.Sorted(maps.Keys(fields)) {
		if fields[name] != nil {
			all = append(all, n.Get(name))
		}
	}
	return all
}

// Items gives the items of a list.
func (n *Node) Items() []*Node {
	list, _ := n.Value.([]any)
	all := make([]*Node, len(list))
	for i, v := range list {
		all[i] = &Node{Value: v, parent: n, step: i, object: n.object}
	}
	return all
}

// Name is the last step to the value, where that is a field.
func (n *Node) Name() string {
	name, _ := n.step.(string)
	return name
}

// Text gives the text at n; it is empty where there is none, or it was left out.
func (n *Node) Text() string {
	text, _ := n.Value.(string)
	if n.object.Recorded && text == record.Left {
		return ""
	}
	return text
}

// Number gives the integer at n, and reports whether there is one.
func (n *Node) Number() (int64, bool) {
	number, ok := n.Value.(int64)
	return number, ok
}

// Shown is the value as messages write it.
func (n *Node) Shown() string {
	if text, ok := n.Value.(string); ok {
		return strconv.Quote(text)
	}
	return fmt.Sprint(n.Value)
}

func (n *Node) isObject() bool {
	_, ok := n.Value.(map[string]any)
	return ok
}

// IsTrue reports whether the value is true.
func (n *Node) IsTrue() bool { return n.Value == true }

// Path is where the value stands.
func (n *Node) Path() manifest.Path {
	if n.parent == nil {
		return nil
	}
	return append(n.parent.Path(), n.step)
}

// Refuse says what is wrong with a value, and what to do. Of what is not there the object has it that should.
func (n *Node) Refuse(fix, format string, args ...any) {
	n.object.add(Fault{At: n.Path(), Message: fmt.Sprintf(format, args...), Fix: fix})
}

// RefuseName says that the field is wrong, whatever its value.
func (n *Node) RefuseName(fix, format string, args ...any) {
	n.object.add(Fault{At: n.Path(), Named: true, Message: fmt.Sprintf(format, args...), Fix: fix})
}

func (o *Object) add(f Fault) {
	if len(o.Faults) == maxFaults {
		o.More++
		return
	}
	if len(f.At) > 0 {
		f.Message = f.At.String() + ": " + f.Message
	}
	if len(f.Message) > maxMessage {
		f.Message = strings.ToValidUTF8(f.Message[:maxMessage], "") + "…"
	}
	o.Faults = append(o.Faults, f)
}

// As gives another text for the same place.
func (n *Node) As(text string) *Node {
	c := *n
	c.Value = text
	return &c
}
