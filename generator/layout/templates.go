package layout

import (
	"bytes"
	"fmt"
	"io/fs"
	"slices"
	"strings"
	"text/template"

	"github.com/gitopsgen/gitopsgen/generator/blueprint"
	"github.com/gitopsgen/gitopsgen/generator/escape"
)

// templateData is what the templates of a repository's files see.
type templateData struct {
	blueprint.Spec
	Hub    blueprint.Cluster
	Argocd string
	// Platforms have only the components that something of stands on the cluster.
	Platforms []blueprint.Platform
	Choices   map[string]blueprint.Choice
	// Installed are the hub's components by the capability that they serve.
	Installed map[string]string
	// Namespaces are the folders of namespaces by cluster; a cluster without any has none.
	Namespaces map[string]string
	// Repositories are those that Argo CD reads, this one first.
	Repositories []repository
	// What components say of themselves, each once: of what machines need, of what comes after the bootstrap, in sections, of
	// what people edit, for AGENTS.md, and of what Git is never to track.
	Machines, Started, Sections, Edit, Agents []string
	Ignored                                   []pattern
	// Attributes are what Git is to do with files, by their patterns.
	Attributes []pattern
	// Pages are what the platform shows, Ingress the namespace of what the hub shows them with; it is empty where that is
	// elsewhere.
	Pages   []page
	Ingress string
	// Stages are the steps in which Argo CD brings what is here.
	Stages []stage
	// Losses are what of the clusters Git does not have.
	Losses []lost
	// Groups are components that come along with each other, so that their charts get new versions together.
	Groups []group
	// Scan is what the pipeline looks at images with; nil is nothing.
	Scan *blueprint.Scan
	// Forge is github or gitlab, by the host of the repository's URL; empty where it is neither.
	Forge string
}

// forge tells by a repository's URL whose continuous integration runs there.
func forge(url string) string {
	for _, name := range []string{"github", "gitlab"} {
		if strings.Contains(url, name+".") {
			return name
		}
	}
	return ""
}

// templateData gathers what the templates see.
func (w *writer) templateData() templateData {
	spec, built := w.in.Spec, w.in.Blueprint
	data := templateData{
		Spec: spec, Hub: spec.Clusters[0], Argocd: w.argocd, Choices: built.Capabilities, Forge: forge(spec.Repository.URL),
		Installed: map[string]string{}, Namespaces: map[string]string{},
		Repositories: repositories(spec), Stages: stages(built.Stages, w.waves), Pages: pages(built), Groups: groups(built), Losses: losses(built),
		Ignored:    patterns(built, func(c blueprint.Component) map[string]string { return c.Ignored }),
		Attributes: patterns(built, func(c blueprint.Component) map[string]string { return c.Attributes }),
		Machines:   said(built, func(c blueprint.Component) string { return c.Readme.Machines }),
		Started:    said(built, func(c blueprint.Component) string { return c.Readme.Started }),
		Sections:   said(built, func(c blueprint.Component) string { return c.Readme.Section }),
		Edit:       said(built, func(c blueprint.Component) string { return c.Readme.Edit }),
		Agents:     said(built, func(c blueprint.Component) string { return c.Agents }),
	}
	for _, c := range built.Clusters[0].Components {
		data.Installed[c.Capability] = c.Name
		if c.Scan != nil {
			data.Scan = c.Scan
		}
		if c.Capability == "ingress" {
			data.Ingress = c.Namespace
		}
	}
	for _, platform := range built.Clusters {
		if len(w.levels(platform)) > 0 {
			data.Namespaces[platform.Name] = NamespacesDir(platform.Name)
		}
		platform.Components = slices.DeleteFunc(slices.Clone(platform.Components), func(c blueprint.Component) bool {
			return !bringsAtOnce(c) && len(c.Extras) == 0
		})
		data.Platforms = append(data.Platforms, platform)
	}
	if data.CI.Install == "" {
		data.CI.Install = "CGO_ENABLED=0 go install github.com/gitopsgen/gitopsgen/cmd/gitopsgen@v" + w.in.Version
	}
	return data
}

// templates writes the files of the repository that are no YAML objects.
func (w *writer) templates() {
	data := w.templateData()
	err := fs.WalkDir(w.in.Templates, "files", func(file string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		text, err := fs.ReadFile(w.in.Templates, file)
		if err != nil {
			return err
		}
		path := strings.TrimSuffix(strings.TrimPrefix(file, "files/"), ".tmpl")
		out, err := Execute(path, text, data)
		if err != nil {
			return err
		}
		if len(bytes.TrimSpace(out)) > 0 { // a template that writes nothing does not apply to this repository
			w.add("repository/"+path, path, out)
		}
		return nil
	})
	if err != nil && w.err == nil {
		w.err = err
	}
}

// places are the functions by which templates write texts for where they stand. What the spec holds to a form, such as
// names and domains, needs none.
var places = template.FuncMap{
	"yaml":     escape.Scalar,
	"shell":    escape.Shell,
	"code":     escape.Code,
	"markdown": escape.Markdown,
}

// Execute fills in one template; name stands in errors.
func Execute(name string, text []byte, data any) ([]byte, error) {
	t, err := template.New(name).Option("missingkey=error").Funcs(places).Parse(string(text))
	if err != nil {
		return nil, err
	}
	var b bytes.Buffer
	if err := t.Execute(&b, data); err != nil {
		return nil, fmt.Errorf("template %s: %w", name, err)
	}
	return b.Bytes(), nil
}

// waivers writes the exceptions that the components need.
func (w *writer) waivers() {
	waivers := list{}
	for _, platform := range w.in.Blueprint.Clusters {
		for _, c := range platform.Components {
			for _, v := range c.Waivers {
				match := object{"cluster": platform.Name, "component": c.Name}
				for key, value := range map[string]string{"kind": v.Match.Kind, "namespace": v.Match.Namespace, "name": v.Match.Name, "container": v.Match.Container} {
					if value != "" {
						match[key] = value
					}
				}
				waivers = append(waivers, object{"rule": v.Rule, "match": match, "reason": v.Reason})
			}
		}
	}
	w.addYAML("repository/waivers", ".gitopsgen/waivers.yaml", nil, object{"waivers": waivers})
}
