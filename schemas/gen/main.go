// Command gen makes the schema bundle from the Go modules that sources.json pins.
//
// It needs the go command and, for modules that are not in its cache, a module proxy. The same sources give the same
// bytes. Another version of Kubernetes or another module with CustomResourceDefinitions is an entry in sources.json.
package main

import (
	"bytes"
	"context"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"slices"

	"github.com/gitopsgen/gitopsgen/schemas"
)

func main() { os.Exit(run(os.Args[1:], os.Stdout, os.Stderr)) }

func run(args []string, stdout, stderr io.Writer) int {
	flags := flag.NewFlagSet("gen", flag.ContinueOnError)
	flags.SetOutput(stderr)
	sources := flags.String("sources", "sources.json", "read the pinned modules from this `file`")
	out := flags.String("o", "../bundle.zst", "write the bundle to this `file`")
	if err := flags.Parse(args); err != nil {
		return 2
	}
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	if err := generate(ctx, *sources, *out, stdout); err != nil {
		fmt.Fprintln(stderr, "gen:", err)
		return 1
	}
	return 0
}

// generate writes the bundle and tells what is in it.
func generate(ctx context.Context, sourcesFile, out string, stdout io.Writer) error {
	sources, err := readSources(sourcesFile)
	if err != nil {
		return err
	}
	recipe, err := gather(ctx, sources)
	if err != nil {
		return err
	}
	var bundle bytes.Buffer
	if err := schemas.Write(&bundle, recipe); err != nil {
		return err
	}
	if err := os.WriteFile(out, bundle.Bytes(), 0o644); err != nil {
		return err
	}
	fmt.Fprintf(stdout, "%s: %d schemas, %d bytes\n", out, len(recipe.Entries), bundle.Len())
	return nil
}

// gather fetches the modules and reads the kinds out of them. Kubernetes comes first: the metadata of the newest
// version judges that of custom resources.
func gather(ctx context.Context, sources []source) (schemas.Recipe, error) {
	var recipe schemas.Recipe
	for _, s := range sources {
		recipe.Modules = append(recipe.Modules, s.String())
	}
	var newest core
	at := ""
	for _, s := range sources {
		if s.Kubernetes == "" {
			continue
		}
		core, err := fetchCore(ctx, s)
		if err != nil {
			return recipe, fmt.Errorf("%s: %w", s, err)
		}
		recipe.Entries = append(recipe.Entries, core.entries...)
		if at == "" || minor(s.Kubernetes) > minor(at) {
			at, newest, recipe.Metadata = s.Kubernetes, core, core.metadata
		}
	}
	if at == "" {
		return recipe, fmt.Errorf("no source is a version of Kubernetes")
	}
	for _, s := range sources {
		if s.Kubernetes != "" {
			continue
		}
		if err := newest.addOther(ctx, s, &recipe); err != nil {
			return recipe, fmt.Errorf("%s: %w", s, err)
		}
	}
	return recipe, nil
}

func fetchCore(ctx context.Context, s source) (core, error) {
	dir, err := s.fetch(ctx)
	if err != nil {
		return core{}, err
	}
	return readCore(dir, s.Kubernetes)
}

// addOther adds what a module besides Kubernetes has.
func (c core) addOther(ctx context.Context, s source, r *schemas.Recipe) error {
	dir, err := s.fetch(ctx)
	if err != nil {
		return err
	}
	var entries []schemas.Entry
	switch {
	case s.Lifecycles != "":
		return addLifecycles(dir, s.Lifecycles, r)
	case len(s.CRDs) > 0:
		entries, err = readCRDs(dir, s.CRDs, r.Metadata)
	case typed[s.Module] != nil:
		entries, err = readTypes(s, c)
	default:
		return fmt.Errorf("none of kubernetes, lifecycles and crds is set: nothing to read")
	}
	if s.OpenAPI != nil && err == nil {
		var served []schemas.Entry
		served, err = s.OpenAPI.read(dir, s.Module, c)
		entries = append(entries, slices.DeleteFunc(served, func(e schemas.Entry) bool { // a definition says more
			return slices.ContainsFunc(entries, func(crd schemas.Entry) bool { return crd.Kind == e.Kind })
		})...)
	}
	r.Entries = append(r.Entries, entries...)
	return err
}
