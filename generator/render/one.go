package render

import (
	"context"

	"github.com/gitopsgen/gitopsgen/generator/argocd"
	"github.com/gitopsgen/gitopsgen/generator/build"
	"github.com/gitopsgen/gitopsgen/generator/tree"
)

// One renders a single Application of t. ok is false where only All can tell what it renders to: where the Application is
// itself rendered by another, has problems that Argo CD's options might solve, or has objects of kinds that another brings.
func One(ctx context.Context, t tree.Tree, name string, o Options) (result Result, ok bool, err error) {
	r := newRenderer(build.NewBuilder(build.Read(t), o.Options), o)
	for _, res := range rootsOf(r.repository()).applications {
		if res.ID.Name == name && argocd.IsApplication(res.ID) {
			r.enqueue(res)
		}
	}
	if len(r.queue) != 1 {
		return Result{}, false, ctx.Err()
	}
	app := r.queue[0]
	r.queue = nil
	s := r.source(app)
	if err := r.build(ctx, s.units); err != nil {
		return Result{}, false, err
	}
	r.application(app, s)
	known := r.fillNamespaces()
	return r.result, known && len(r.result.Problems) == 0, ctx.Err()
}
