package policy

import (
	"fmt"
	"sync"

	"github.com/open-policy-agent/opa/v1/ast"
	"github.com/open-policy-agent/opa/v1/topdown"
)

// maxText bounds the texts that a built-in function is given, and what one call makes of them: OPA asks for the memory of some results
// at once, and Go ends the process where it is not to be had.
const maxText = 16 << 20

// makes are the functions whose result may be a multiple of what they are given, for one value may stand in it many times: how large
// it is, counted no further than a little above maxText.
var makes = map[string]func(operands []*ast.Term) int{
	ast.ArrayFlatten.Name:           func(operands []*ast.Term) int { return flattened(operands[0].Value) },
	ast.Concat.Name:                 func(operands []*ast.Term) int { return joined(operands[0].Value, operands[1].Value) },
	ast.InternalPrint.Name:          written,
	ast.InternalTemplateString.Name: written,
	ast.JSONMarshal.Name:            written,
	ast.JSONMarshalWithOptions.Name: written,
	ast.Sprintf.Name:                written,
	ast.YAMLMarshal.Name:            written,
}

// boundFunctions makes all functions of OPA stop a policy that gives them more, or would have them make more. The table of OPA is the
// process's.
var boundFunctions = sync.OnceFunc(func() {
	for _, b := range ast.CapabilitiesForThisVersion().Builtins {
		if call := topdown.GetBuiltin(b.Name); call != nil {
			topdown.RegisterBuiltinFunc(b.Name, bounded(b.Name, call))
		}
	}
})

func bounded(name string, call topdown.BuiltinFunc) topdown.BuiltinFunc {
	size := makes[name]
	return func(ctx topdown.BuiltinContext, operands []*ast.Term, yield func(*ast.Term) error) error {
		for _, operand := range operands {
			if text, ok := operand.Value.(ast.String); ok && len(text) > maxText {
				return tooLarge(ctx.Location, "%s is given a text of more than %d MiB", name, maxText>>20)
			}
		}
		if size != nil && size(operands) > maxText {
			return tooLarge(ctx.Location, "%s would make more than %d MiB of what it is given", name, maxText>>20)
		}
		return call(ctx, operands, yield)
	}
}

// tooLarge ends the evaluation: any other error of a function is no more than a value that is not there.
func tooLarge(location *ast.Location, format string, args ...any) error {
	return topdown.Halt{Err: &topdown.Error{Code: topdown.BuiltinErr, Location: location, Message: fmt.Sprintf(format, args...)}}
}

func written(operands []*ast.Term) (size int) {
	for _, operand := range operands {
		size = add(size, operand.Value)
	}
	return size
}

// add adds the size of a value to that of others, and stops above maxText. What stands in it many times counts as often.
func add(size int, value ast.Value) int {
	size++
	more := func(t *ast.Term) bool {
		size = add(size, t.Value)
		return size > maxText
	}
	switch v := value.(type) {
	case ast.String:
		size += len(v)
	case ast.Number:
		size += len(v)
	case *ast.Array:
		v.Until(more)
	case ast.Set:
		v.Until(more)
	case ast.Object:
		v.Until(func(key, value *ast.Term) bool { return more(key) || more(value) })
	}
	return size
}

func joined(separator, all ast.Value) int {
	text, _ := separator.(ast.String)
	size, parts := 0, 0
	more := func(t *ast.Term) bool {
		part, _ := t.Value.(ast.String)
		if parts++; parts > 1 {
			size += len(text)
		}
		size += len(part)
		return size > maxText
	}
	switch all := all.(type) {
	case *ast.Array:
		all.Until(more)
	case ast.Set:
		all.Until(more)
	}
	return size
}

func flattened(all ast.Value) (items int) {
	list, ok := all.(*ast.Array)
	if !ok {
		return 0
	}
	list.Until(func(t *ast.Term) bool {
		items++
		if inner, ok := t.Value.(*ast.Array); ok {
			items += inner.Len()
		}
		return items > maxText
	})
	return items
}
