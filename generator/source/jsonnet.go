package source

import (
	"cmp"

	"github.com/gitopsgen/gitopsgen/generator/argocd"
	"github.com/gitopsgen/gitopsgen/generator/jsonnet"
)

// Jsonnet is what the Jsonnet files of the source's directory are given.
func (r *Request) Jsonnet() jsonnet.Arguments {
	d := cmp.Or(r.Source.Directory, &argocd.Directory{})
	j := cmp.Or(d.Jsonnet, &argocd.Jsonnet{})
	a := jsonnet.Arguments{Libs: j.Libs, LibsAt: r.Place("directory", "jsonnet", "libs")}
	for i, v := range j.TLAs {
		a.TLAs = append(a.TLAs, jsonnet.Variable{Name: v.Name, Value: r.Substitute(v.Value), Code: v.Code, At: r.Place("directory", "jsonnet", "tlas", i)})
	}
	for i, v := range j.ExtVars {
		a.ExtVars = append(a.ExtVars, jsonnet.Variable{Name: v.Name, Value: r.Substitute(v.Value), Code: v.Code, At: r.Place("directory", "jsonnet", "extVars", i)})
	}
	return a
}
