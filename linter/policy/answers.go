package policy

import (
	"github.com/open-policy-agent/opa/v1/ast"
	"github.com/open-policy-agent/opa/v1/topdown"
)

// answers are what policies find out while they judge one object after the other: what our libraries say of nothing but texts and
// numbers is so for every object.
type answers struct {
	// VirtualCache is of the object.
	topdown.VirtualCache
	lasting topdown.VirtualCache
	// room is how many answers may be added to those that last, and depth how many "with" the evaluation is in.
	room, depth int
}

// What lasts are at most maxLasting answers about texts of at most maxLastingText bytes.
const (
	maxLasting     = 10_000
	maxLastingText = 500
)

// next forgets what is of an object.
func (a *answers) next() {
	a.VirtualCache = topdown.NewVirtualCache()
	if a.room <= 0 {
		a.lasting, a.room = topdown.NewVirtualCache(), maxLasting
	}
}

func (a *answers) Push() {
	a.depth++
	a.VirtualCache.Push()
}

func (a *answers) Pop() {
	a.depth--
	a.VirtualCache.Pop()
}

func (a *answers) Get(ref ast.Ref) (value *ast.Term, undefined bool) {
	if a.lasts(ref) {
		return a.lasting.Get(ref)
	}
	return a.VirtualCache.Get(ref)
}

func (a *answers) Put(ref ast.Ref, value *ast.Term) {
	if a.lasts(ref) {
		a.room--
		a.lasting.Put(ref, value)
		return
	}
	a.VirtualCache.Put(ref, value)
}

// lasts reports whether a library was asked, which sees nothing but its arguments, about texts and numbers. A function is asked by
// its name, which is one term, and its arguments.
func (a *answers) lasts(ref ast.Ref) bool {
	if a.depth > 0 || len(ref) == 0 {
		return false
	}
	name, ok := ref[0].Value.(ast.Ref)
	if !ok || !name.HasPrefix(libraries) {
		return false
	}
	for _, term := range ref[1:] {
		switch value := term.Value.(type) {
		case ast.String:
			if len(value) > maxLastingText {
				return false
			}
		case ast.Number, ast.Boolean, ast.Null:
		default:
			return false
		}
	}
	return true
}

var libraries = ast.MustParseRef("data.lib")
