// Package layout turns a blueprint into the files of a repository.
//
// It knows where files stand, how Argo CD's Applications, projects and kustomizations are written, and what goes into
// the lock. It knows no chart and no component by name.
package layout

import (
	"cmp"
	"fmt"
	"io/fs"
	"maps"
	"runtime"
	"slices"

	"golang.org/x/sync/errgroup"

	"github.com/gitopsgen/gitopsgen/generator/blueprint"
	"github.com/gitopsgen/gitopsgen/generator/edit"
	"github.com/gitopsgen/gitopsgen/generator/lock"
	"github.com/gitopsgen/gitopsgen/generator/tree"
	"github.com/gitopsgen/gitopsgen/generator/watchdog"
)

// Input is what a repository is made of.
type Input struct {
	// Spec has its defaults filled in; SpecText is the file that it was read from.
	Spec     blueprint.Spec
	SpecText []byte
	// Blueprint is what Spec evaluates to, UserFiles are the user's own files that it was read from.
	Blueprint blueprint.Blueprint
	UserFiles []tree.File
	// RecordKeys are the keys of what charts render to, by cluster and component, as RecordKeys gives them. What is not
	// there has no record.
	RecordKeys map[string]map[string]string
	// Templates hold files/<path>.tmpl.
	Templates fs.FS
	// Version is that of gitopsgen.
	Version string
	// Lock is the one that the repository has so far: what it knows of charts is kept.
	Lock lock.Lock
}

// Tree writes the repository. Equal inputs give equal bytes.
func Tree(in Input) (tree.Tree, error) {
	if err := sameClusters(in); err != nil {
		return tree.Tree{}, err
	}
	w := &writer{in: in, argocd: argocdNamespace(in), waves: map[string]int{}}
	w.bootstrap()
	for i, platform := range in.Blueprint.Clusters {
		w.cluster(in.Spec.Clusters[i], platform)
	}
	w.templates()
	w.waivers()
	w.add("repository/spec-schema", blueprint.SchemaFile, blueprint.JSONSchema())
	w.finish()
	if w.err != nil {
		return tree.Tree{}, w.err
	}
	return tree.New(w.files...)
}

// sameClusters gives an error unless the blueprint, which may be a user's own, builds what the spec asks for.
func sameClusters(in Input) error {
	var want, got []string
	for _, c := range in.Spec.Clusters {
		want = append(want, c.Name)
	}
	for _, platform := range in.Blueprint.Clusters {
		got = append(got, platform.Name)
	}
	if !slices.Equal(got, want) {
		return fmt.Errorf("the blueprint builds the clusters %q: want %q, as in %s", got, want, blueprint.SpecFile)
	}
	return nil
}

// argocdNamespace is where Argo CD lives: the namespace of what serves the capability gitops.
func argocdNamespace(in Input) string {
	for _, c := range in.Blueprint.Clusters[0].Components {
		if c.Capability == "gitops" {
			return c.Namespace
		}
	}
	if e := in.Blueprint.Capabilities["gitops"].External; e != nil {
		if name, ok := e.Facts["namespace"].(string); ok {
			return name
		}
	}
	return "argocd"
}

// writer gathers files. After the first error it does nothing.
type writer struct {
	in     Input
	argocd string
	files  []tree.File
	lock   []lock.File
	// unwritten are files of both that are to have documents in them.
	unwritten []documents
	// waves are those of the Applications of clusters, by their names without the cluster's.
	waves map[string]int
	err   error
}

// add adds a generated file, behind a first line that says what wrote it. The id stays the same when a later version moves
// the file.
func (w *writer) add(id, path string, data []byte) {
	data = append([]byte(head(id, path)), data...)
	w.files = append(w.files, tree.File{Path: path, Data: data})
	w.lock = append(w.lock, lock.File{ID: id, Path: path, Data: data})
}

// addYAML adds a file with documents in it, which nobody may change any more: they are written when all files are known.
func (w *writer) addYAML(id, path string, reasons blueprint.Reasons, objects ...any) {
	w.unwritten = append(w.unwritten, documents{file: len(w.files), locked: len(w.lock), objects: objects, reasons: reasons})
	w.add(id, path, nil)
}

// documents are what a file is to have in it.
type documents struct {
	// file and locked are the places of the file among those of a writer.
	file, locked int
	objects      []any
	reasons      blueprint.Reasons
}

// write writes the documents, on all processors.
func (w *writer) write() error {
	var group errgroup.Group
	group.SetLimit(runtime.GOMAXPROCS(0))
	for _, d := range w.unwritten {
		f, locked := &w.files[d.file], &w.lock[d.locked]
		group.Go(func() (err error) {
			stopped := watchdog.Safely(func() { err = d.write(f) })
			if err = cmp.Or(stopped, err); err != nil {
				return fmt.Errorf("%s: %w", f.Path, err)
			}
			locked.Data = f.Data
			return nil
		})
	}
	return group.Wait()
}

func (d documents) write(f *tree.File) error {
	data, err := writeYAML(d.objects, d.reasons)
	f.Data = append(f.Data, data...)
	return err
}

// bootstrap writes what a person applies once: the project, and a root Application for each cluster.
func (w *writer) bootstrap() {
	resources := []string{"project.yaml"}
	w.addYAML("bootstrap/project", "bootstrap/project.yaml", nil, w.appProject())
	for _, c := range w.in.Spec.Clusters {
		file := c.Name + ".yaml"
		resources = append(resources, file)
		w.addYAML("bootstrap/root@"+c.Name, "bootstrap/"+file, nil, w.application(application{
			cluster: c.Name, path: appsDir(c), protect: true, prunes: true, circular: true, destination: w.hub(),
		}))
	}
	w.addYAML("bootstrap/kustomization", "bootstrap/kustomization.yaml", nil, object{
		"apiVersion": "kustomize.config.k8s.io/v1beta1", "kind": "Kustomization", "resources": resources,
	})
	hub := w.in.Spec.Clusters[0]
	w.addYAML("bootstrap/application", appsDir(hub)+"/bootstrap.yaml",
		blueprint.Reasons{{At: []any{0, "spec", "path"}, Text: "A cluster that is added in Git arrives through this Application."}},
		w.application(application{
			cluster: hub.Name, name: "bootstrap", path: "bootstrap", protect: true, circular: true, destination: w.hub(),
		}))
}

// hub is the destination of what goes to Argo CD itself: Applications and projects.
func (w *writer) hub() object {
	return object{"server": w.in.Spec.Clusters[0].Server, "namespace": w.argocd}
}

// appsDir is the folder that a cluster's root Application reads.
func appsDir(cluster blueprint.Cluster) string { return "clusters/" + cluster.Name + "/apps" }

func (w *writer) cluster(cluster blueprint.Cluster, platform blueprint.Platform) {
	w.namespaces(cluster, platform)
	for _, c := range platform.Components {
		app := application{
			cluster: cluster.Name, name: c.Name, path: componentDir(cluster, c.Name), charts: len(c.Charts) > 0, wave: c.Wave,
			destination: object{"server": cluster.Server, "namespace": c.Namespace},
			protect:     c.Protect, syncOptions: c.SyncOptions, ignoreDifferences: c.IgnoreDifferences,
		}
		if bringsAtOnce(c) {
			w.addYAML(c.Name+"/application@"+cluster.Name, appsDir(cluster)+"/"+c.Name+".yaml", applicationReasons(c, "stage", "wave"), w.application(app))
			w.component(cluster, c, app.path)
		}
		w.folders(cluster, c)
		for _, path := range slices.Sorted(maps.Keys(c.Files)) {
			w.add(c.Name+"/"+path, path, []byte(c.Files[path]))
		}
		if len(c.Extras) == 0 {
			continue
		}
		app.name, app.path, app.wave = app.name+"-extras", app.path+"-extras", c.ExtrasWave
		// The cluster never hangs on extras: what another choice takes away of them goes, a page or a monitor.
		app.ignoreDifferences, app.protect, app.charts = nil, false, false
		// Their kinds may come with an Application that is not synced yet.
		app.syncOptions = append(slices.Clone(c.SyncOptions), "SkipDryRunOnMissingResource=true")
		w.addYAML(c.Name+"-extras/application@"+cluster.Name, appsDir(cluster)+"/"+c.Name+"-extras.yaml", applicationReasons(c, "extrasStage", "extrasWave"), w.application(app))
		extras := blueprint.Component{Name: c.Name + "-extras", Objects: c.Extras, Patches: c.ExtrasPatches, Reasons: extrasReasons(c)}
		w.component(cluster, extras, app.path)
	}
	w.tenants(cluster, platform)
}

// folders writes the folders of a component that are for the users' own files, and the Applications that deploy these.
func (w *writer) folders(cluster blueprint.Cluster, c blueprint.Component) {
	for _, name := range slices.Sorted(maps.Keys(c.Folders)) {
		dir := "clusters/" + cluster.Name + "/" + name
		// Git keeps no empty folders, and Argo CD cannot read one that is not there.
		w.add(c.Name+"/"+name+"@"+cluster.Name, dir+"/README.md", []byte(c.Folders[name]+"\n"))
		w.addYAML(c.Name+"/"+name+"/application@"+cluster.Name, appsDir(cluster)+"/"+name+".yaml", nil, w.application(application{
			cluster: cluster.Name, name: name, path: dir, wave: w.wave("last"), protect: true, prunes: true,
			destination: object{"server": cluster.Server, "namespace": c.Namespace},
		}))
	}
}

// bringsAtOnce reports whether a component has anything to render besides extras and namespaces. Some have only facts to
// give.
func bringsAtOnce(c blueprint.Component) bool {
	return len(c.Charts)+len(c.Objects) > 0
}

// component writes the folder of one component: its kustomization, values and objects.
func (w *writer) component(cluster blueprint.Cluster, c blueprint.Component, dir string) {
	id := func(what string) string { return c.Name + "/" + what + "@" + cluster.Name }
	var resources, valuesFiles []string
	for _, file := range slices.Sorted(maps.Keys(c.Objects)) {
		reasons := c.Reasons.Below("objects", file)
		objects, many := c.Objects[file].(list)
		if !many {
			objects, reasons = list{c.Objects[file]}, reasons.Under(0)
		}
		resources = append(resources, file)
		w.addYAML(id(file), dir+"/"+file, reasons, objects...)
	}
	for i, chart := range c.Charts {
		file := "values.yaml"
		if i > 0 {
			file = "values-" + cmp.Or(chart.ReleaseName, chart.Name) + ".yaml"
		}
		valuesFiles = append(valuesFiles, file)
		w.addYAML(id(file), dir+"/"+file, c.Reasons.Below("charts", i, "values").Under(0), chart.Values)
	}
	k, err := kustomization(c, cluster, resources, valuesFiles)
	if err != nil {
		if w.err == nil {
			w.err = err
		}
		return
	}
	if len(c.Charts) > 0 && len(w.in.Lock.Vendored) > 0 {
		k["helmGlobals"] = object{"chartHome": lock.ChartHomeFrom(dir)}
	}
	w.addYAML(id("kustomization"), dir+"/kustomization.yaml", kustomizationReasons(c), k)
}

// finish adds the spec, the user's own blueprint, the lock and the pristine copies that the next merge starts from.
func (w *writer) finish() {
	if w.err != nil {
		return
	}
	if w.err = w.write(); w.err != nil {
		return
	}
	text, err := edit.Apply(w.in.SpecText, chosen(w.in.Blueprint))
	if err != nil {
		w.err = fmt.Errorf("%s: %w", blueprint.SpecFile, err)
		return
	}
	w.files = append(w.files, tree.File{Path: blueprint.SpecFile, Data: text})
	for _, f := range w.in.UserFiles {
		if slices.ContainsFunc(w.files, func(ours tree.File) bool { return ours.Path == f.Path }) {
			w.err = fmt.Errorf("%s: the blueprint imports it, and gitopsgen writes it", f.Path)
			return
		}
		w.files = append(w.files, f)
	}
	made := w.lockOf()
	made.Spec = text
	archives, err := made.Archives()
	if err != nil {
		w.err = err
		return
	}
	w.files = append(w.files, archives...)
	data, err := made.Encode()
	if err != nil {
		w.err = err
		return
	}
	w.files = append(w.files, tree.File{Path: lock.Path, Data: data})
}

// chosen are the options in force, to be written into the spec: so a later version's new default changes nothing.
func chosen(b blueprint.Blueprint) []edit.Setting {
	var settings []edit.Setting
	for _, name := range slices.Sorted(maps.Keys(b.Capabilities)) {
		if option := b.Capabilities[name].Option; option != "" {
			settings = append(settings, edit.Setting{
				Path: []any{"capabilities", name}, Value: option, Default: true,
				Comment: "What serves each capability: an option, none, or {external: {by: ..., reason: ...}}.",
			})
		}
	}
	return settings
}
